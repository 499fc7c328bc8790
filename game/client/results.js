// Results: how it went, and what became of every window.
import { html, useEffect, useRef } from "./html.js";
import { WindowCard } from "./fate.js";
import { GRADES } from "./judge.js";
import { begin, leave } from "./show.js";
import { ending, session, song, tally, windowMs, windows } from "./state.js";
import { jam, ownShare, plural, seconds } from "./words.js";

const REACH_MS = 127;
const BINS = 17;
const GRAPH = { width: 340, height: 96, base: 78 };

function Grades({ grades }) {
  const total = Math.max(1, grades.reduce((sum, count) => sum + count, 0));
  return html`<ul class="bars grades">
    ${GRADES.map((name, grade) => html`<li key=${name}>
      <span>${name}</span>
      <meter class=${name} min="0" max=${total} value=${grades[grade]} aria-hidden="true"></meter>
      <b class="number">${grades[grade]}</b>
    </li>`)}
  </ul>`;
}

/** How early and late the hits were. */
function EarlyLate({ errors }) {
  const counts = new Array(BINS).fill(0);
  for (const error of errors) {
    const share = (error / 1_000 + REACH_MS) / (2 * REACH_MS);
    counts[Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS)))]++;
  }
  const tallest = Math.max(1, ...counts);
  const step = GRAPH.width / BINS;
  const mean = errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length) / 1_000;
  const lean = Math.abs(mean) < 1 ? "right on the beat" : `${Math.abs(mean).toFixed(0)} ms ${mean < 0 ? "early" : "late"}`;
  return html`<figure>
    <svg viewBox=${`0 0 ${GRAPH.width} ${GRAPH.height}`} role="img" aria-label=${`On average ${lean}`}>
      ${counts.map((count, bin) => {
        const height = (count / tallest) * (GRAPH.base - 6);
        return html`<rect key=${bin} x=${bin * step + 1.5} y=${GRAPH.base - height} width=${step - 3} height=${height} rx="2"
          class=${bin === BINS >> 1 ? "on" : "off"} />`;
      })}
      <line x1="0" x2=${GRAPH.width} y1=${GRAPH.base + 1} y2=${GRAPH.base + 1} />
      <text x="0" y="94">early</text>
      <text x=${GRAPH.width / 2} y="94" text-anchor="middle">on the beat</text>
      <text x=${GRAPH.width} y="94" text-anchor="end">late</text>
    </svg>
    <figcaption>On average ${lean}.</figcaption>
  </figure>`;
}

/** Windows that were played in full but not heard of yet are on their way too. */
function shownWindows() {
  const { playedUs = 0, windowUs = 0 } = tally.value ?? {};
  const planned = session.value?.windows ?? 0;
  const full = windowUs ? Math.min(planned, Math.floor(playedUs / windowUs)) : 0;
  const known = new Set(windows.value.map((one) => one.window));
  const awaited = Array.from({ length: full }, (_, number) => number)
    .filter((number) => !known.has(number))
    .map((number) => ({ window: number, state: "played", drawn: [], verdicts: [], values: [], shares: [] }));
  return [...windows.value, ...awaited].sort((a, b) => a.window - b.window);
}

function Summary({ shown }) {
  const minted = shown.filter((one) => one.state === "minted");
  const amount = minted.reduce((sum, one) => sum + ownShare(one), 0);
  const worth = minted.flatMap((one) => one.values).filter((value) => value.is_me).reduce((sum, value) => sum + value.value_ujam, 0);
  if (!shown.length) {
    const played = (tally.value?.playedUs ?? 0) / 1_000;
    return html`<p class="card">You played ${seconds(played)}. People witness windows of ${seconds(windowMs.value)}: play at
      least one to the end, and its coin can arrive.</p>`;
  }
  if (!minted.length) return null;
  return html`<p class="sum">${plural(minted.length, "coin")}: <b class="number">${jam(amount)}</b> JAM, worth
    <b class="number"> ${jam(worth)}</b> to you</p>`;
}

export function Results() {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { accuracy, grades, bestCombo, riffHits, errors } = tally.value;
  const shown = shownWindows();
  return html`<section class="results">
    <header>
      <p class="quiet">${ending.value}</p>
      <h1 tabindex="-1" ref=${heading}>${song.value?.title}</h1>
    </header>
    <div class="card score">
      <div class="big">
        <p class="number">${accuracy === null ? "no notes" : `${(accuracy * 100).toFixed(1)} %`}</p>
        <p class="quiet">accuracy, by this page; the witnesses judge for themselves</p>
        <p>longest run <b class="number">${bestCombo}</b>, riff notes hit <b class="number">${riffHits}</b></p>
      </div>
      <${Grades} grades=${grades} />
      ${errors?.length > 0 && html`<${EarlyLate} errors=${errors} />`}
    </div>
    <h2>What became of it</h2>
    <${Summary} shown=${shown} />
    <div class="windows">
      ${shown.map((one) => html`<${WindowCard} key=${one.window} window=${one} windowMs=${windowMs.value} open=${shown.length === 1} />`)}
    </div>
    <p class="actions">
      <button class="main" onClick=${begin}>Play again</button>
      <button onClick=${leave}>Back to the song</button>
    </p>
  </section>`;
}
