// Crowd: how many are there and have spoken, and their energy as one calm bar.
import { html } from "../html.js";
import { felt } from "./concerts.js";
import { plural } from "../words.js";

export const energyOf = (concert) => felt.value[concert.id]?.energy_ppm ?? concert.crowd.energy_ppm;

export function Energy({ concert }) {
  const energy = energyOf(concert);
  return html`<div class="energy">
    <span class="quiet" id=${`energy-${concert.id}`}>Energy of the room</span>
    <progress max="1000000" value=${energy} aria-labelledby=${`energy-${concert.id}`}></progress>
  </div>`;
}

export function Crowd({ concert }) {
  const { ballots, here, guests } = concert.crowd;
  const people = felt.value[concert.id]?.people ?? here;
  return html`<section class="card crowd" aria-label="The crowd">
    <dl class="figures">
      <div><dt>${ballots === 1 ? "voice so far" : "voices so far"}</dt><dd class="number">${ballots}</dd></div>
      <div><dt>here now</dt><dd class="number">${people}</dd></div>
      <div><dt>${guests === 1 ? "guest of yours" : "guests of yours"}</dt><dd class="number">${guests}</dd></div>
    </dl>
    <${Energy} concert=${concert} />
    ${concert.expected > 0 && html`<p class="quiet">You expect ${plural(concert.expected, "person", "people")}.</p>`}
  </section>`;
}
