// Practice: nobody witnesses, no coin; slower or faster, in loops, with a metronome, and riffs to train on.
import { batch, signal } from "../html.js";
import { beatAt } from "../stage/beats.js";
import { Engine, wakeSound } from "../stage/engine.js";
import { RIFF_TIMES_US } from "../stage/judge.js";
import { ghostFor } from "../stage/record.js";
import { Runner } from "../stage/runner.js";
import { settings } from "../settings/settings.js";
import { announce, end, keep, lower, prepare, showNow, takeOutcome } from "./show.js";
import * as state from "../daemon/state.js";

const GRACE_US = 1_200_000;
const COUNTS = 3;
const SHORTEST_COUNT_MS = 380; // a beat shorter than this counts double
const LEAD_MS = 90; // for the first sounds to be on time
const SHORTEST_LOOP_US = 1_000_000;
const USUAL_LOOP_US = 8_000_000;
const RIFF_EVERY_MS = [6_000, 12_000];
const DODGE_MS = 200;
export const RATES = [0.5, 1.5];

export const rate = signal(1);
export const loop = signal(null); // null or [a_us, b_us]

let wish = null; // { chart, score, ghost }
let riffTimer = 0;

/** `fromUs` where to begin; `ghost` a record to play against. */
export async function beginPractice({ fromUs = 0, ghost = null } = {}) {
  if (showNow()) return;
  wakeSound();
  try {
    const { chart, score } = await prepare(state.song.value, state.keys.value);
    if (wish?.chart.id !== chart.id) loop.value = null;
    const rival = ghost ?? (await state.hooks.rivalOf(chart.id));
    wish = { chart, score, ghost: ghostFor(rival, chart) };
  } catch {
    state.refusal.value = { reason: "The song did not arrive from the daemon.", next: "Look whether it runs, then press Practise again." };
    state.phase.value = "refused";
    return;
  }
  batch(() => {
    state.windows.value = [];
    state.session.value = null;
    state.outcome.value = null;
    state.refusal.value = null;
  });
  startAt(fromUs);
}

export const songEndUs = () => (wish ? Math.max(1, wish.chart.duration_us, (wish.score?.duration_ms ?? 0) * 1_000) : 1);

/** A pass begins at a chart moment, or at the loop's start. */
function startAt(us) {
  const [a, b] = loop.value ?? [us, songEndUs() + GRACE_US];
  const fromUs = Math.round(Math.max(0, Math.min(loop.value ? a : us, songEndUs())));
  const runner = new Runner({
    ...wish, mode: "practice", rate: rate.value, fromUs, toUs: Math.max(b, fromUs + SHORTEST_LOOP_US),
    calibration: { ...settings.value.calibration },
  });
  const raise = (canvas) => {
    const engine = new Engine(canvas, runner, wish.score);
    approach(engine, fromUs);
    return { runner, engine };
  };
  runner.onEnd = () => setTimeout(passOver); // after the frame that noticed
  announce("practice", { raise, pause }, "Practice: nobody witnesses, no coin. Get ready.");
  throwRiffs();
}

/** Three counts before `us`, and the music with them. */
function approach(engine, us) {
  const beat = beatAt(wish.chart.timing, us);
  const step = beat / rate.value / 1_000 < SHORTEST_COUNT_MS ? beat * 2 : Math.min(beat, 1_000_000 * rate.value);
  const { metronome } = settings.value.practice;
  engine.run(performance.now() + LEAD_MS, us - COUNTS * step, { countUntilUs: us, countStepUs: step, hasMetronome: metronome });
}

function passOver() {
  const { runner, engine } = showNow() ?? {};
  if (!runner || state.act.value !== "practice") return;
  if (!loop.value) {
    finish("The song is over.");
    return;
  }
  keep(runner);
  runner.reset();
  engine.reload();
  approach(engine, runner.fromUs);
}

/** Time stands still; the keys that are down go up. */
export function pause() {
  const { runner, engine } = showNow() ?? {};
  if (!runner || state.phase.value === "paused") return;
  const us = Math.max(runner.openUs, runner.nowUs(performance.now()));
  engine.stand(us);
  batch(() => {
    state.phase.value = "paused";
    state.progress.value = { ...state.progress.value, us };
    state.announcement.value = "Paused";
  });
}

/** On from the same place, after three counts that overlap the music before it; after a change of speed, anew. */
export function resume() {
  const { runner, engine } = showNow() ?? {};
  if (!runner) return;
  const us = runner.nowUs(performance.now());
  const [a, b] = loop.value ?? [runner.fromUs, runner.toUs];
  if (runner.rate !== rate.value || a !== runner.fromUs || b !== runner.toUs) {
    restart(us >= a && us < b ? us : a);
    return;
  }
  runner.openUs = us;
  approach(engine, us);
  engine.stage.canvas.focus({ preventScroll: true });
  state.phase.value = "counting";
}

function restart(us) {
  lower();
  startAt(us);
}

/** A new speed or part, chosen while time runs: from the bar that is played. */
export function applyNow() {
  const us = state.progress.value.us;
  const [a, b] = loop.value ?? [0, Infinity];
  restart(us >= a && us < b ? us : a);
}

export const startOver = () => restart(loop.value?.[0] ?? 0);

/** Jumps to a chart moment. */
export function jumpTo(us) {
  if (loop.value && (us < loop.value[0] || us >= loop.value[1])) loop.value = null;
  restart(us);
}

export function setRate(value) {
  rate.value = Math.round(Math.min(RATES[1], Math.max(RATES[0], value)) * 20) / 20;
}

/** A part to repeat, or null; `from` and `to` in any order. */
export function setLoop(from, to) {
  const [a, b] = [Math.max(0, Math.min(from, to)), Math.min(songEndUs() + GRACE_US, Math.max(from, to))];
  loop.value = b - a >= SHORTEST_LOOP_US ? [Math.round(a), Math.round(b)] : null;
}

/** The loop's beginning, with its end where it is when that leaves a loop, otherwise a few bars on. */
export function loopFrom(us) {
  const end = loop.value?.[1] ?? 0;
  setLoop(us, end >= us + SHORTEST_LOOP_US ? end : us + USUAL_LOOP_US);
}

export function loopTo(us) {
  const begin = loop.value?.[0] ?? us;
  setLoop(begin <= us - SHORTEST_LOOP_US ? begin : us - USUAL_LOOP_US, us);
}

export function finish(reason) {
  clearTimeout(riffTimer);
  const { runner } = showNow() ?? {};
  if (runner) takeOutcome(runner, keep(runner));
  end(reason);
}

/** A riff now and then, as witnesses would throw them. */
function throwRiffs() {
  clearTimeout(riffTimer);
  const [least, most] = RIFF_EVERY_MS;
  riffTimer = setTimeout(() => {
    const { runner } = state.act.value === "practice" ? (showNow() ?? {}) : {};
    if (!runner) return;
    const nowUs = runner.nowUs(performance.now());
    const isFree = state.phase.value === "playing" && nowUs + 1_500_000 * runner.rate < runner.toUs;
    if (settings.value.practice.riffs && isFree) {
      const atUs = nowUs - runner.fromUs;
      const notes = RIFF_TIMES_US.map((us) => [Math.round(atUs + us * runner.rate), Math.floor(Math.random() * runner.chart.keys)]);
      runner.riff(notes, performance.now());
    }
    throwRiffs();
  }, least + Math.random() * (most - least) - DODGE_MS);
}
