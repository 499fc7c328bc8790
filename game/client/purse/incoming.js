// Incoming: coins that somebody hands over, to be received or declined; and what became of one's own.
import { html, useEffect, useState } from "../html.js";
import { Coin } from "../play/fate.js";
import { PersonLink, nameOf } from "../people.js";
import { Receiving } from "./receiving.js";
import { decline, fault, loadMoving, moving, receive, said } from "./wallet.js";
import { jam, when } from "../words.js";

const LOOK_MS = 3_000;
const DAY_MS = 86_400_000;
const REASONS = {
  not_worth: "not worth enough to me",
  unknown_giver: "I don't know who gives it",
  disputed: "it is disputed",
  not_meant: "not meant for me",
  unsaid: "I don't say why",
};
const BECAUSE = {
  unsaid: "without a reason",
  not_worth: "because it was not worth enough to them",
  unknown_giver: "because they don't know you",
  disputed: "because it is disputed",
  not_meant: "because it was not meant for them",
};

function Declining({ one, onDone }) {
  const [reason, setReason] = useState("not_worth");
  const onDecline = () => decline(one.transfer, reason, `Declined: ${jam(one.amount_ujam)} JAM go back to ${nameOf(one.from)}.`);
  return html`<div class="menu" role="group" aria-label="Decline it">
    <label class="field"><span>Why?</span><select value=${reason} onChange=${(event) => setReason(event.target.value)}>
      ${Object.entries(REASONS).map(([name, words]) => html`<option key=${name} value=${name}>${words}</option>`)}</select></label>
    <p class="quiet">Everybody can read that you decline it, and the reason. All of it goes back to <bdi>${nameOf(one.from)}</bdi>.</p>
    <p class="row"><button class="main" onClick=${onDecline}>Decline it</button>
      <button onClick=${onDone}>Not yet</button></p>
  </div>`;
}

function Arriving({ one }) {
  const [isDeclining, setDeclining] = useState(false);
  const take = () => receive([one.transfer], `${jam(one.amount_ujam)} JAM of ${nameOf(one.from)} are in your purse.`);
  return html`<li class="card lot arriving-coin">
    <${Coin} small />
    <div>
      <p><b class="number">${jam(one.amount_ujam)}</b> JAM from <${PersonLink} person=${one.from} /></p>
      <p class="quiet"><span dir="auto">${one.concert || one.song}</span> · ${when(one.since_ms)}</p>
      ${one.says_worth_ujam !== null && html`<p class="quiet">They say: worth <span class="number">${jam(one.says_worth_ujam)}</span> to them.</p>`}
      <details class="worth"><summary><span>worth <b class="number">${jam(one.value_ujam)}</b> to you</span></summary>
        <p class="quiet">Your own view: support x continuity x ethics.</p>
        <ul>${one.why.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul></details>
      ${one.contested && html`<p class="refusal">Somebody gave this coin away twice, so who holds it is contested. Receive it when that is settled.</p>`}
      ${isDeclining ? html`<${Declining} one=${one} onDone=${() => setDeclining(false)} />`
        : html`<p class="row"><button class=${one.contested ? "" : "main"} onClick=${take}>Receive</button><button
          onClick=${() => setDeclining(true)}>Decline…</button></p>`}
    </div>
  </li>`;
}

function wordsOf(one) {
  if (one.state === "declined") return `declined it ${BECAUSE[one.reason] ?? ""}; all of it is back with you`;
  return one.state === "received" ? "received it" : "has not taken it yet; it waits for them";
}

/** What waits, or came back lately, is to be seen. */
const isNews = (one) => one.state === "waiting" || (one.state === "declined" && Date.now() - one.since_ms < DAY_MS);

function Outgoing({ list }) {
  return html`<details class="outgoing" open=${list.some(isNews)}>
    <summary>What you gave lately</summary>
    <ul class="statement">${list.map((one) => html`<li key=${one.transfer}><b class="number">${jam(one.amount_ujam)}</b>
      <span><${PersonLink} person=${one.to} /> ${wordsOf(one)}.</span></li>`)}</ul>
  </details>`;
}

export function Incoming() {
  useEffect(() => {
    loadMoving();
    const timer = setInterval(() => document.hidden || loadMoving(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const { incoming = [], outgoing = [] } = moving.value ?? {};
  return html`<div class="moving">
    <p class="quiet" role="status">${said.value}</p>
    ${fault.value && html`<p class="refusal" role="alert"><b>${fault.value.why}</b> ${fault.value.next}</p>`}
    ${incoming.length > 0 && html`<h2>On its way to you</h2>
      <ul class="lots">${incoming.map((one) => html`<${Arriving} key=${one.transfer} one=${one} />`)}</ul>`}
    ${outgoing.length > 0 && html`<${Outgoing} list=${outgoing} />`}
    <${Receiving} />
  </div>`;
}
