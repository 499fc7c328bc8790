// Show: what is on stage; live play, practice and watching take their turns on one canvas.
import { batch } from "../html.js";
import { soundOf } from "../sound/recording-sound.js";
import { chartOf } from "../songs/choosing.js";
import { graded } from "./stats.js";
import * as state from "../daemon/state.js";

const PROGRESS_MS = 125;
const KEPT_US = 10_000_000; // shorter plays are no record

let material = null; // { name, chartId, score, chart } loaded last
let wanted = ""; // the chart that was asked for last
let show = null; // { raise(canvas), watch(us), pause() } and once raised { runner, engine }
let timer = 0;
let awake = null; // the screen's lock

/** Fetches what the chosen song needs, so that Play can start at once. */
export async function prepare(song, keys) {
  const chartId = chartOf(song, keys)?.id;
  if (!chartId) throw new Error("No chart of this song can be played.");
  wanted = chartId;
  if (material?.chartId === chartId) return material;
  const chart = await state.loadChart(chartId);
  const found = { name: song.name, chartId, score: await soundOf(song, chart), chart };
  if (wanted === chartId) material = found; // otherwise another song was chosen meanwhile
  return found;
}

/** The song has changed: it is fetched anew the next time. */
export const forget = () => (material = null);

/** What is loaded already, or null. */
export const materialNow = () => material;

/** The next act: the place of play mounts a canvas and calls raise(). */
export function announce(act, next, message) {
  lower();
  show = next;
  batch(() => {
    state.act.value = act;
    state.tally.value = null;
    state.phase.value = "counting";
    state.announcement.value = message;
  });
  if (canvasNow) raise(canvasNow); // the stage is still up, from what was on before
}

let canvasNow = null;

/** The canvas is there: the curtain rises. */
export function raise(canvas) {
  canvasNow = canvas;
  if (!show || show.engine) return;
  Object.assign(show, show.raise(canvas));
  timer = setInterval(look, PROGRESS_MS);
  stayAwake();
  canvas.focus({ preventScroll: true });
}

/** The canvas goes. */
export function dismiss() {
  canvasNow = null;
}

export const showNow = () => show;

function look() {
  const { runner } = show;
  const us = runner.nowUs(performance.now());
  batch(() => {
    if (us >= runner.openUs && state.phase.value === "counting") {
      state.phase.value = "playing";
      if (state.act.value !== "watch") state.announcement.value = "Play";
    }
    state.progress.value = { ...state.progress.value, us };
    takeTally(runner);
    show.watch?.(us);
  });
}

function takeTally({ judge, lead }) {
  state.tally.value = { accuracy: judge.accuracy, grades: [...judge.grades], bestCombo: judge.bestCombo, lead };
}

/** Takes the engine down; what was on its canvas stays to be seen. */
export function lower() {
  if (!show) return;
  clearInterval(timer);
  show.engine?.stop();
  show = null;
  awake?.release().catch(() => {});
  awake = null;
}

/** Who plays on a pad or an instrument touches no key: the screen is not to go dark. */
async function stayAwake() {
  awake ??= (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}

/** Keeps a play that came to an end or a stop. */
export function keep(runner, sessionId) {
  runner.tick(performance.now()); // a hidden page draws no frames
  const record = runner.record(performance.now(), sessionId);
  state.record.value = record;
  if (record.played_us > KEPT_US) state.hooks.onRecord(record);
  return record;
}

/** What results show; `earlier` are judged notes of this performance's parts before. */
export function takeOutcome(runner, record, earlier = []) {
  const { judge, chart, mode, rate, windowUs, fromUs } = runner;
  const judged = [...earlier.filter(({ start }) => start < fromUs), ...judge.judged];
  const { best_combo: bestCombo, riffs, riffs_answered: riffsAnswered, riff_hits: riffHits } = record.tally;
  state.outcome.value = {
    mode, rate, windowUs, fromUs, judged, bestCombo, riffs, riffsAnswered, riffHits, ...graded(judged),
    keys: chart.keys, title: chart.title, playedUs: record.played_us, durationUs: chart.duration_us, lead: runner.lead,
    calibration: runner.calibration,
  };
}

export function end(reason) {
  lower();
  batch(() => {
    state.ending.value = reason;
    state.announcement.value = reason;
    state.phase.value = state.outcome.value ? "ended" : "idle";
  });
}

export function leave() {
  lower();
  state.phase.value = "idle";
}

/** Escape, or the button. */
export const pause = () => show?.pause();
