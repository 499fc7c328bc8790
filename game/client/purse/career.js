// Career: the concerts that somebody gave, their crowds and coins.
import { html, useEffect, useState } from "../html.js";
import { Person } from "../people.js";
import { goTo, me } from "../daemon/state.js";
import { PursePage } from "./parts.js";
import { attempt } from "./wallet.js";
import { jam, plural, when } from "../words.js";

function Concert({ concert }) {
  const { mean_score_ppm: mean } = concert;
  return html`<li class="card career-concert">
    <h2 dir="auto">${concert.name || "A concert without a name"}</h2>
    <p class="quiet">${when(concert.time_ms)}${concert.songs.length > 0 && html` · <span dir="auto">${concert.songs.join(", ")}</span>`}</p>
    <p>${plural(concert.crowd, "voice")}${mean !== null && html` gave <b class="number">${(mean / 100_000).toFixed(1)}</b> of 10`}.</p>
    ${concert.feelings.length > 0 && html`<p class="tag-list">
      ${concert.feelings.map(({ tag, count }) => html`<span key=${tag} class="label">${tag} <span class="number">${count}</span></span>`)}</p>`}
    ${concert.minted_ujam > 0
      ? html`<p><b class="number">${jam(concert.minted_ujam)}</b> JAM arrived, worth <b class="number">${jam(concert.value_ujam)}</b> to you.</p>`
      : html`<p>No coin came of it.</p>`}
    ${concert.shares.length > 1 && html`<details><summary>Who shares it</summary><ul class="shared">
      ${concert.shares.map((one) => html`<li key=${one.id}>
        <${Person} person=${one} isMe=${one.id === me.value} /><b class="number">${jam(one.amount_ujam)}</b></li>`)}</ul></details>`}
  </li>`;
}

export function Career() {
  const [career, setCareer] = useState(null);
  useEffect(() => {
    attempt("GET", "wallet/career").then((found) => found && setCareer(found));
  }, []);
  const totals = career?.totals;
  return html`<${PursePage} name="Career">
    ${!career && html`<p class="quiet">Reading your chain; usually 1 s.</p>`}
    ${totals && html`<dl class="figures">
      <div><dt>${totals.concerts === 1 ? "concert" : "concerts"}</dt><dd class="number">${totals.concerts}</dd></div>
      <div><dt>${totals.voices === 1 ? "voice" : "voices"} heard</dt><dd class="number">${totals.voices}</dd></div>
      <div><dt>windows arrived</dt><dd class="number">${totals.windows}</dd></div>
      <div><dt>witnesses</dt><dd class="number">${totals.witnesses}</dd></div>
      <div><dt>JAM, all shares</dt><dd class="number">${jam(totals.minted_ujam)}</dd></div></dl>`}
    ${career && !career.concerts.length && html`<div class="card nobody"><p><b>No concert yet.</b></p>
      <p class="quiet">Start one, let people in, and play: the first that a crowd pays for stands here.</p>
      <p class="row"><button class="main" onClick=${() => goTo("concert", "start")}>Start a concert</button></p></div>`}
    ${career?.concerts.length > 0 && html`<ul class="concert-rows">${career.concerts.map((one) => html`<${Concert} key=${one.first} concert=${one} />`)}</ul>`}<//>`;
}
