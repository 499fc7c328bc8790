// Parted: from whom you diverged and who diverged from you, what follows, and how to take it back.
import { html } from "../html.js";
import { Person } from "../people.js";
import { acting, found } from "./disputes.js";
import { moment } from "./say.js";

function Divergence({ one, isOwn }) {
  return html`<li class="card dispute">
    <h3><${Person} person=${one.person} /></h3>
    <p>${isOwn ? "You parted from them" : "They parted from you"} on ${moment(one.since_ms)}: “${one.why}”.</p>
    <details><summary>What follows</summary><ul>${one.consequences.map((line) => html`<li key=${line}>${line}</li>`)}</ul></details>
    ${isOwn && html`<p><button onClick=${() => (acting.value = { what: "make up", person: one.person })}>Make up…</button></p>`}
  </li>`;
}

export function PartedPart() {
  const { divergences, diverged_from_you: fromYou } = found.value;
  return html`<h2>From whom you parted</h2>
    ${divergences.length
      ? html`<ul class="disputes">${divergences.map((one) => html`<${Divergence} key=${one.entry} one=${one} isOwn />`)}</ul>`
      : html`<p class="quiet">Nobody. To part from somebody, choose them on the map; you see first what follows.</p>`}
    <h2>Who parted from you</h2>
    ${fromYou.length
      ? html`<ul class="disputes">${fromYou.map((one) => html`<${Divergence} key=${one.entry} one=${one} />`)}</ul>
          <p class="quiet">Only they can take that back.</p>`
      : html`<p class="quiet">Nobody.</p>`}`;
}
