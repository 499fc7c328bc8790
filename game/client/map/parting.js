// Parting: what follows from diverging or making up, and what others will read, before it is asked once.
import { html, useEffect, useState } from "../html.js";
import { Dialog } from "../play/playing.js";
import { Person, nameOf } from "../people.js";
import { acting, previewOf, write } from "./disputes.js";
import { PARTING, moment } from "./say.js";
import { jam, plural } from "../words.js";

const MOST_COINS = 10;
const share = (ppm) => `${(ppm / 10_000).toFixed(1)} %`;
const close = () => (acting.value = null);

/** One public act: `send` writes it, and what forbids it is said. */
export function Ask({ label, confirm, send, isReady = true, children }) {
  const [said, setSaid] = useState(null);
  const go = async () => {
    setSaid({ words: "Writing it into your chain; usually 1 s." });
    await send().catch((error) => setSaid({ words: `${error.why} ${error.next}`, isWrong: true }));
  };
  const isBusy = said && !said.isWrong;
  const may = isReady && !isBusy;
  return html`<${Dialog} label=${label} onEscape=${close}>
    <h2>${label}</h2>
    ${children}
    ${said && html`<p class=${said.isWrong ? "refusal" : "quiet"} role=${said.isWrong ? "alert" : "status"}>${said.words}</p>`}
    <div class="menu"><button class="main" aria-disabled=${!may} onClick=${may ? go : undefined}>${confirm}</button><button onClick=${close}>Not now</button></div>
  </${Dialog}>`;
}

function Sessions({ sessions }) {
  const sum = `In 30 days you two were in ${plural(sessions.length, "session")} together.`;
  if (!sessions.length) return html`<p>${sum}</p>`;
  return html`<details><summary>${sum}</summary><ul>${sessions.map((one) => html`<li key=${one.session}>
    ${moment(one.start_ms)}: <${Person} person=${one.performer} /> performed, ${plural(one.blocks, "window")} for the other to judge; that word
    added <span class="number">${jam(one.minted_ujam)}</span> JAM</li>`)}</ul></details>`;
}

function Coins({ seen }) {
  const through = seen.coins.filter((coin) => coin.is_through_them).length;
  const more = seen.coins.length - MOST_COINS;
  return html`<p><b>Your purse, worth <span class="number">${jam(seen.before_ujam)}</span> to you, would be worth
      <span class="number"> ${jam(seen.after_ujam)}</span>.</b> ${through ? `${plural(through, "coin")} of yours came through them.` : "None of your coins came through them."}</p>
    ${seen.coins.length > 0 && html`<details><summary>Which coins change</summary><ul>
      ${seen.coins.slice(0, MOST_COINS).map((coin) => html`<li key=${coin.lot + coin.path.join()} class="number">${jam(coin.amount_ujam)} JAM:
        worth ${jam(coin.before_ujam)} now, ${jam(coin.after_ujam)} then</li>`)}
      ${more > 0 && html`<li>and ${plural(more, "more coin")}</li>`}</ul></details>`}`;
}

function BetweenYou({ between }) {
  if (!between.length) return html`<p>Nobody stands between you.</p>`;
  return html`<details><summary>${plural(between.length, "person stands", "people stand")} between you.</summary><ul>
    ${between.map((one) => html`<li key=${one.id}><${Person} person=${one} /> <span class="number">${share(one.before_ppm)} near to you now,
      ${" "}${share(one.after_ppm)} then</span></li>`)}</ul></details>`;
}

export function DivergeDialog({ person }) {
  const [reason, setReason] = useState(PARTING[0][0]);
  const [seen, setSeen] = useState(null);
  const [refused, setRefused] = useState("");
  const name = nameOf(person);
  useEffect(() => {
    previewOf(person.id).then(setSeen, (error) => setRefused(`${error.why} ${error.next}`));
  }, [person.id]);
  const words = `You diverged from ${name}. You can take it back here, under Parted, or where ${name} stands on the map.`;
  const send = () => write("diverge", { person: person.id, reason }, words, { what: "make up", person });
  return html`<${Ask} label=${`Diverge from ${name}`} confirm=${`Diverge from ${name}`} isReady=${seen} send=${send}>
    <label class="why">Why <select onChange=${(event) => setReason(event.target.value)}>
      ${PARTING.map(([key, said]) => html`<option key=${key} value=${key} selected=${key === reason}>${said}</option>`)}</select></label>
    <p>Everybody will see: <b>you</b> parted from <b>${name}</b>: “${PARTING.find(([key]) => key === reason)[1].replace("your own", "their own")}”.</p>
    ${refused && html`<p class="refusal" role="alert">${refused}</p>`}
    ${!seen && !refused && html`<p class="quiet" role="status">Working out what follows; usually 1 s.</p>`}
    ${seen && html`<div class="follows"><h3>What follows</h3><${Coins} seen=${seen} />
      <ul>${seen.consequences.map((line) => html`<li key=${line}>${line}</li>`)}</ul><${Sessions} sessions=${seen.sessions} /><${BetweenYou} between=${seen.between} /></div>`}
  </${Ask}>`;
}

export function MakeUpDialog({ person }) {
  const name = nameOf(person);
  const send = () => write("reconcile-with", { person: person.id }, `You and ${name} are together again, as far as you are concerned.`);
  return html`<${Ask} label=${`Make up with ${name}`} confirm=${`Make up with ${name}`} send=${send}>
    <p>Everybody will see: <b>you</b> took back that you parted from <b>${name}</b>. That you had parted stays in your chain for everybody to read.</p>
    <div class="follows"><ul><li>Your node answers their invitations again, and you receive each other's coins.</li>
      <li>It is weighed as if you had never parted: their word counts to you as before.</li>
      <li>If ${name} parted from you, that stays until they take it back.</li></ul></div>
  </${Ask}>`;
}
