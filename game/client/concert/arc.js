// Arc: a score from 0 to 10 as lights on an arc; the middle says it, and moves it by one.
import { html } from "../html.js";
import { FEEL, STEP_PPM, tenths } from "./say.js";

const LIGHTS = [0, 2, 4, 6, 8, 10]; // six large ones fit a hand; the middle reaches those between
const WIDE = 328;
const HIGH = 204;
const RADIUS = 132;
const FOOT = 168; // where the arc's ends stand

const angleOf = (score) => Math.PI * (1 - score / 10);
const at = (score) => [WIDE / 2 + RADIUS * Math.cos(angleOf(score)), FOOT - RADIUS * Math.sin(angleOf(score))];
const place = (score) => {
  const [x, y] = at(score);
  return { left: `${(x / WIDE) * 100}%`, top: `${(y / HIGH) * 100}%` };
};
const beam = (score) => {
  const [x, y] = at(score);
  const [fromX, fromY] = at(0);
  return `M${fromX} ${fromY}A${RADIUS} ${RADIUS} 0 0 1 ${x.toFixed(1)} ${y.toFixed(1)}`;
};

/** `onScore(ppm)` hears what is chosen; `ppm` is null before. */
export function Arc({ ppm, onScore }) {
  const score = ppm === null ? null : tenths(ppm);
  const choose = (next) => onScore(Math.min(10, Math.max(0, next)) * STEP_PPM);
  return html`<div class="arc" role="group" aria-label="Your score, of 10">
    <svg viewBox=${`0 0 ${WIDE} ${HIGH}`}
      aria-hidden="true"><path class="way" d=${beam(10)} />${score !== null && html`<path class="lit" d=${beam(score)} />`}</svg>
    ${LIGHTS.map((one) => html`<button key=${one} style=${place(one)} class=${score !== null && one < score ? "below" : ""} aria-pressed=${score === one}
      aria-label=${`${one} of 10: ${FEEL[one]}`} onClick=${() => choose(one)}>${one}</button>`)}
    <div class="arc-middle">
      ${score === null
        ? html`<p class="arc-ask">How was it?</p><p class="quiet">Tap a light.</p>`
        : html`<p class="arc-score number" role="status"><span class="unseen">Your score: </span>${score}<small class="quiet"> of 10</small></p>
          <p class="arc-steps"><button aria-label="One less" aria-disabled=${score === 0} onClick=${() => choose(score - 1)}>−</button>
            <span class="arc-feel">${FEEL[score]}</span>
            <button aria-label="One more" aria-disabled=${score === 10} onClick=${() => choose(score + 1)}>+</button></p>`}
    </div>
  </div>`;
}
