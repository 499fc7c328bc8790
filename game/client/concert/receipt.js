// Receipt: the coin of a concert: who shares it, how it was rated, what it felt like, and what it is worth to you.
import { html } from "../html.js";
import { Coin } from "../play/fate.js";
import { Person } from "../people.js";
import { jam } from "../words.js";
import { isOneself } from "./performers.js";
import { outOfTen, tenths, voicesOf } from "./say.js";

const HIGH = 72;

/** How many gave which score, as bars; one's own is lit. */
export function Histogram({ scores, mine }) {
  const most = Math.max(1, ...scores);
  const own = mine ? tenths(mine.score_ppm) : -1;
  const said = scores.map((count, score) => `${count} gave ${score}`).filter((_, score) => scores[score]).join(", ");
  return html`<figure class="histogram">
    <svg viewBox=${`0 0 ${scores.length * 24} ${HIGH + 20}`} role="img" aria-label=${`Of 10: ${said || "nobody yet"}${own >= 0 ? `; you gave ${own}` : ""}`}>
      ${scores.map((count, score) => {
        const high = count ? Math.max(4, (count / most) * HIGH) : 2;
        return html`<g key=${score} class=${score === own ? "own" : ""}>
          <rect x=${score * 24 + 3} y=${HIGH - high} width="18" height=${high} rx="3" />
          <text x=${score * 24 + 12} y=${HIGH + 16}>${score}</text>
        </g>`;
      })}
    </svg>
  </figure>`;
}

/** How often which feeling was named. */
export function Feelings({ counts }) {
  if (!counts.length) return null;
  const most = Math.max(...counts.map(({ count }) => count));
  return html`<ul class="felt" aria-label="What it felt like">
    ${counts.map(({ tag, count }) => html`<li key=${tag}><span>${tag}</span><progress max=${most} value=${count}
      aria-hidden="true"></progress><b class="number">${count}</b></li>`)}
  </ul>`;
}

/** My rating against everybody's. */
export function Comparison({ concert }) {
  const { subcoin, mine } = concert;
  if (!subcoin) return html`<p class="quiet">The ratings come in; usually 10 s.</p>`;
  return html`<section class="comparison" aria-label="What everybody said">
    <p class="big-words">${voicesOf(subcoin.crowd)} gave <b class="number">${(subcoin.mean_score_ppm / 100_000).toFixed(1)}</b> of 10 on average.
      ${mine && html`${" "}You gave <b class="number">${tenths(mine.score_ppm)}</b>.`}</p>
    <${Histogram} scores=${subcoin.scores} mine=${mine} />
    <${Feelings} counts=${subcoin.feelings} />
  </section>`;
}

export function Receipt({ concert }) {
  const { subcoin, mine } = concert;
  if (!subcoin) return null;
  const hasCome = subcoin.minted_ujam > 0;
  return html`<section class="card receipt" aria-label="The coin of this concert">
    <header><${Coin} /><div><p class="quiet">The coin of this concert</p>
      <h2 dir="auto">${subcoin.name || "A concert without a name"}</h2></div></header>
    ${hasCome ? html`<p class="sum"><b class="number">${jam(subcoin.minted_ujam)}</b> JAM arrived, by ${voicesOf(subcoin.crowd)}.</p>`
      : html`<p class="sum">No coin came of ${subcoin.crowd === 1 ? "this voice" : `these ${subcoin.crowd} voices`}.</p>
        <p class="quiet">What performers and their own guests say shows, and brings nothing; nor does what was not gathered.</p>`}
    ${hasCome && subcoin.value_ujam !== null && html`<p>Worth <b class="number">${jam(subcoin.value_ujam)}</b> to you.${" "}
      <span class="quiet">That is your own view; others see another value.</span></p>`}
    ${hasCome && html`<h3>Who shares it</h3>
    <ul class="shared">${subcoin.shares.map((one) => html`<li key=${one.id}>
      <${Person} person=${one} isMe=${isOneself(one.id)} /><b class="number">${jam(one.amount_ujam)}</b></li>`)}</ul>`}
    ${mine && mine.minted_ujam > 0 && html`<p class="quiet number">Your ${outOfTen(mine.score_ppm)} brought ${jam(mine.minted_ujam)} of it.</p>`}
    <p class="quiet number">At most ${jam(subcoin.cap_ujam)} could arrive: as much as the concert's own playing brought.</p>
  </section>`;
}
