// Results: how it went, what would help, and what became of every window.
import { WindowCard } from "./fate.js";
import { Grades, Histogram, LaneBias, Timeline } from "./graphs.js";
import { html, useEffect, useMemo, useRef } from "../html.js";
import { laneLooks } from "../stage/lanes.js";
import { begin, lookAgain } from "./live.js";
import { beginPractice } from "./practice.js";
import { own } from "../rooms/rooms.js";
import { change } from "../settings/settings.js";
import { leave, materialNow } from "./show.js";
import { Compared } from "../songs/plays-view.js";
import { statsOf, suggestions } from "./stats.js";
import { ending, goTo, outcome, record, refusal, session, song, unsent, windowMs, windows } from "../daemon/state.js";
import { watch } from "./watching.js";
import { jam, minutes, ownShare, percent, plural, seconds } from "../words.js";

const LATE_WORDS_MS = 3_000; // how often it is looked whether somebody gave their word after all

/** Windows that were played in full but not heard of yet are on their way too. */
function shownWindows({ playedUs, windowUs, fromUs }) {
  const planned = session.value?.windows ?? 0;
  const full = Math.min(planned, Math.floor(playedUs / windowUs));
  const known = new Set(windows.value.filter((one) => (one.from_us ?? 0) === fromUs).map((one) => one.window));
  const awaited = Array.from({ length: full }, (_, number) => number)
    .filter((number) => !known.has(number))
    .map((window) => ({ window, from_us: fromUs, state: "played", drawn: [], verdicts: [], values: [], shares: [] }));
  return [...windows.value, ...awaited].sort((a, b) => (a.from_us ?? 0) - (b.from_us ?? 0) || a.window - b.window);
}

function Sum({ shown, playedUs }) {
  const minted = shown.filter((one) => one.state === "minted");
  const amount = minted.reduce((sum, one) => sum + ownShare(one), 0);
  const worth = minted.flatMap((one) => one.values).filter((value) => value.is_me).reduce((sum, value) => sum + value.value_ujam, 0);
  if (!shown.length) {
    return html`<p class="card">You played ${seconds(playedUs / 1_000)}. People witness windows of ${seconds(windowMs.value)}: play at
      least one to the end, and its coin can arrive.</p>`;
  }
  if (!minted.length) return null;
  return html`<p class="sum">${plural(minted.length, "coin")}: <b class="number">${jam(amount)}</b> JAM, worth
    <b class="number"> ${jam(worth)}</b> to you</p>`;
}

function Fates({ result }) {
  useEffect(() => {
    const timer = setInterval(lookAgain, LATE_WORDS_MS);
    return () => clearInterval(timer);
  }, []);
  const shown = shownWindows(result);
  return html`<h2>What became of it</h2>
    <${Sum} shown=${shown} playedUs=${result.playedUs} />
    <div class="windows">
      ${shown.map((one) => html`<${WindowCard} key=${`${one.session}${one.from_us}${one.window}`} window=${one} windowMs=${windowMs.value} open=${shown.length === 1} />`)}
    </div>`;
}

function trainRiffs() {
  change("practice", { riffs: true });
  beginPractice();
}

const ACTIONS = {
  calibrate: ["Calibrate", () => goTo("settings", "calibrate")],
  rollover: ["Test the keyboard", () => goTo("settings", "rollover")],
  practise: ["Practise", () => beginPractice()],
  riffs: ["Train riffs", trainRiffs],
};

function Suggestions({ result, stats }) {
  const looks = laneLooks(result.keys);
  const isCalibrated = result.calibration.input_us !== 0;
  const laneName = (lane) => `${looks[lane].name} ${looks[lane].shape}`;
  const found = suggestions(stats, { ...result, isCalibrated, laneName });
  if (!found.length) return null;
  return html`<ul class="suggestions" aria-label="What would help">
    ${found.map(({ text, action }) => html`<li key=${text}><span>${text}</span>
      ${ACTIONS[action] && html`<button onClick=${ACTIONS[action][1]}>${ACTIONS[action][0]}</button>`}
    </li>`)}
  </ul>`;
}

function Big({ result }) {
  const { accuracy, bestCombo, riffs, riffsAnswered, riffHits, lead, mode } = result;
  return html`<div class="big">
    <p class="number">${accuracy === null ? "no notes" : `${(accuracy * 100).toFixed(1)} %`}</p>
    <p class="quiet">accuracy, by this page${mode === "live" ? "; the witnesses judge for themselves" : ""}</p>
    <${Compared} />
    <p>longest run <b class="number">${bestCombo}</b></p>
    ${riffs > 0 && html`<p>riffs answered <b class="number">${riffsAnswered} of ${riffs}</b>, riff notes hit <b class="number">${riffHits}</b></p>`}
    ${lead != null && html`<p>${lead < 0 ? "behind" : "ahead of"} the ghost by <b class="number">${Math.abs(lead * 100).toFixed(1)} %</b></p>`}
  </div>`;
}

export function Results() {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const result = outcome.value;
  const stats = useMemo(() => statsOf(result.judged, result.keys), [result]);
  const again = record.value?.chart === materialNow()?.chartId && record.value?.events.length ? record.value : null;
  const isPractice = result.mode === "practice";
  const begun = result.judged.length ? Math.min(result.fromUs, result.judged[0].start) : result.fromUs;
  return html`<section class="results">
    <header>
      <p class="quiet">${ending.value}${isPractice && html` <span class="label">practice: nobody witnesses, no coin</span>`}</p>
      <h1 tabindex="-1" ref=${heading}>${result.title || song.value?.title}</h1>
      <p class="quiet number">${result.keys} keys, ${percent(result.rate * 1_000_000)} speed, ${minutes(begun / 1_000)} to ${minutes((result.fromUs + result.playedUs) / 1_000)}</p>
    </header>
    ${refusal.value && html`<p class="refusal" role="alert"><b>${refusal.value.reason}</b> ${refusal.value.next}</p>`}
    ${unsent.value > 0 && html`<p class="refusal" role="status">${plural(unsent.value, "press waits", "presses wait")} for the daemon; they go as soon as it is back.</p>`}
    <div class="card score">
      <${Big} result=${result} />
      <${Grades} grades=${result.grades} />
      ${stats.overall && html`<${Histogram} stats=${stats} />`}
    </div>
    <${Suggestions} result=${result} stats=${stats} />
    ${stats.overall && html`<details class="card more" open>
      <summary>Closer: over the song, and lane by lane</summary>
      <${Timeline} judged=${result.judged} fromUs=${begun} toUs=${result.fromUs + result.playedUs} />
      <${LaneBias} stats=${stats} />
    </details>`}
    ${!isPractice && html`<${Fates} result=${result} />`}
    <p class="actions">
      ${own.value && html`<button class="main" onClick=${leave}>Back to the room</button>`}
      ${own.value
        ? html`<button onClick=${() => beginPractice()}>Practise</button>`
        : isPractice
        ? html`<button class="main" onClick=${() => beginPractice()}>Practise again</button><button onClick=${() => begin()}>Play live</button>`
        : html`<button class="main" onClick=${() => begin()}>Play again</button><button onClick=${() => beginPractice()}>Practise</button>`}
      ${again && html`<button onClick=${() => watch(again, materialNow().chart, materialNow().score)}>Watch it</button>
        <button onClick=${() => (isPractice ? beginPractice({ ghost: again }) : begin({ ghost: again }))}>Race its ghost</button>`}
      ${!own.value && html`<button onClick=${leave}>Back to the song</button>`}
    </p>
  </section>`;
}
