// Growth: how many independent people acknowledged somebody, month by month, as a curve and in numbers.
import { html } from "../html.js";
import { month, percent } from "./person-words.js";

const [WIDE, TALL] = [320, 96];
const MOST = 120; // months that are drawn

const count = (value) => (Number.isFinite(value) && value > 0 ? value : 0);

/** The line through points ({ time_ms, n_eff }) in a box of `wide` x `tall`, and the highest value; in order of time. */
export function curveOf(points, wide, tall) {
  const sorted = points.filter(({ time_ms: at }) => Number.isFinite(at)).sort((one, other) => one.time_ms - other.time_ms).slice(-MOST);
  const most = Math.max(1, ...sorted.map(({ n_eff: independent }) => count(independent)));
  const [first, last] = [sorted[0]?.time_ms ?? 0, sorted.at(-1)?.time_ms ?? 0];
  const spots = sorted.map(({ time_ms: at, n_eff: independent }) => [
    last > first ? ((at - first) / (last - first)) * wide : wide,
    tall - (count(independent) / most) * tall,
  ]);
  const line = spots.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return { sorted, most, spots, line };
}

export function Growth({ points }) {
  const { sorted, most, spots, line } = curveOf(points, WIDE, TALL);
  if (sorted.length < 2) return html`<p class="quiet">The curve begins with the second month.</p>`;
  const [first, last] = [sorted[0], sorted.at(-1)];
  const words = `From ${count(first.n_eff).toFixed(1)} independent people in ${month(first.time_ms)} to ${count(last.n_eff).toFixed(1)} in ${month(last.time_ms)}.`;
  const [endX, endY] = spots.at(-1);
  return html`<figure class="growth">
    <svg viewBox=${`-4 -6 ${WIDE + 10} ${TALL + 12}`} role="img" aria-label=${words} preserveAspectRatio="none">
      <path class="under" d=${`${line}L${endX} ${TALL}L${spots[0][0]} ${TALL}Z`} />
      <path class="base" d=${`M0 ${TALL}H${WIDE}`} />
      <path class="curve" d=${line} />
      <circle cx=${endX} cy=${endY} r="4" />
    </svg>
    <figcaption class="quiet"><span>${month(first.time_ms)}</span><span class="number">highest ${most.toFixed(1)}</span><span>${month(last.time_ms)}</span></figcaption>
    <details><summary>In numbers</summary><table><thead><tr><th scope="col">month</th><th scope="col">independent people</th><th scope="col">belief</th></tr></thead>
      <tbody>${[...sorted].reverse().map((one) => html`<tr key=${one.time_ms}><th scope="row">${month(one.time_ms)}</th>
        <td class="number">${count(one.n_eff).toFixed(1)}</td><td class="number">${percent(one.belief)}</td></tr>`)}</tbody></table></details>
  </figure>`;
}
