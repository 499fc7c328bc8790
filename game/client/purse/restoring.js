// Restoring: a chain that came back from words or a backup is not written on before others said how far it came.
import { html, useState } from "../html.js";
import { refused, writeOn } from "./keys.js";
import { plural } from "../words.js";

function Sure({ onWait }) {
  return html`<div class="menu" role="group" aria-label="Write on without them">
    <p class="public">When others know more of your chain than came back, writing on splits it in two. Everybody sees that; what
      you have at stake burns where both halves move the same coins, and many won't count those. Do it only when nobody is
      left to ask.</p>
    <p class="row"><button onClick=${writeOn}>Write on</button><button class="main" onClick=${onWait}>Wait for them</button></p></div>`;
}

export function Restoring({ asked, needed, entries, why, next }) {
  const [isAsking, setAsking] = useState(false);
  return html`<section class="card restoring" aria-label="Your chain comes back">
    <h2>Your chain comes back</h2>
    <p role="status">Asking ${needed} others how far it came: <b class="number">${asked} of ${needed}</b> answered,
      and ${plural(entries, "entry is", "entries are")} back.</p>
    ${why && asked < needed && html`<p role="status">${why} ${next}</p>`}
    <p class="quiet">Until they answer nothing is written: no payment, no coin for what you play. It usually takes a minute once
      they are near.</p>
    ${isAsking ? html`<${Sure} onWait=${() => setAsking(false)} />`
      : html`<p><button class="small" onClick=${() => setAsking(true)}>Write on without them…</button></p>`}
    ${refused.value && html`<p class="refusal" role="alert"><b>${refused.value.why}</b> ${refused.value.next}</p>`}
  </section>`;
}
