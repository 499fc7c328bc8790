// Phases: a concert's line of light, and what is being waited for.
import { html } from "../html.js";
import { PHASES } from "./say.js";
import { sentence } from "../words.js";

/** `brief`: only where it is now is said in letters. */
export function PhaseLine({ concert, brief = false }) {
  const at = PHASES.indexOf(concert.phase);
  return html`<ol class=${`line steps-of-light${brief ? " brief" : ""}`} aria-label="How far this concert is">
    ${PHASES.map((name, step) => html`<li key=${name} class=${step <= at ? "lit" : "ahead"} aria-current=${step === at ? "step" : undefined}>
      <i aria-hidden="true"></i><span>${name}</span><span class="unseen">${step > at ? ", not yet" : ""}</span>
    </li>`)}
  </ol>`;
}

export function Waiting({ concert }) {
  return html`<div class="awaited" role="status">
    ${concert.waiting_for && html`<p><span class="pulse" aria-hidden="true"></span>${sentence(concert.waiting_for)}</p>`}
    <p class="quiet">${concert.next}</p>
  </div>`;
}
