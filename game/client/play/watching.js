// Watching: a recorded play shown again, at any speed and from any place.
import { batch, signal } from "../html.js";
import { Engine, wakeSound } from "../stage/engine.js";
import { faultOf } from "../stage/record.js";
import { Runner } from "../stage/runner.js";
import { announce, lower, showNow } from "./show.js";
import * as state from "../daemon/state.js";

const GRACE_US = 1_000_000;
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5];

export const watched = signal(null); // { title, fromUs, toUs }
export const speed = signal(1);

let onBack = () => {};

/**
 * Shows a record of `chart` with the sound of `score` (or null). Throws an Error in a sentence when the record is
 * not of this chart, or somebody plays live. `onDone()` is called when the watcher goes back; the page is then where it was before.
 */
export function watch(record, chart, score, onDone = () => {}) {
  const fault = faultOf(record, chart);
  if (fault) throw new Error(`This play can't be shown. ${fault}`);
  if (showNow() && state.act.value === "live") throw new Error("You are playing live. Pause first, then watch.");
  lower();
  onBack = onDone;
  speed.value = 1;
  wakeSound();
  const fromUs = record.from_us;
  const toUs = fromUs + record.played_us + GRACE_US;
  const runner = new Runner({
    chart, mode: "watch", rate: record.rate, fromUs, toUs, watched: record, calibration: { audio_us: 0, visual_us: 0, input_us: 0 },
  });
  runner.onEnd = () => setTimeout(pause);
  const raise = (canvas) => {
    const engine = new Engine(canvas, runner, score);
    engine.run(performance.now() + 100, fromUs);
    return { runner, engine };
  };
  watched.value = { title: chart.title, fromUs, toUs, mode: record.mode };
  announce("watch", { raise, pause: back }, `Showing a recorded play of ${chart.title}`);
}

export function pause() {
  const { runner, engine } = showNow() ?? {};
  if (!runner || state.phase.value === "paused") return;
  engine.stand(Math.min(runner.toUs - 1, runner.nowUs(performance.now())));
  state.phase.value = "paused";
}

export function resume() {
  const { runner, engine } = showNow() ?? {};
  if (!runner) return;
  const us = runner.nowUs(performance.now());
  if (us >= runner.toUs - 1) seek(runner.fromUs);
  runner.hasEnded = false;
  engine.run(performance.now() + 60, runner.nowUs(performance.now()));
  state.phase.value = "playing";
}

/** Shows another moment: everything before it is judged anew. */
export function seek(us) {
  const { runner, engine } = showNow() ?? {};
  if (!runner) return;
  const isRunning = runner.transport.isRunning;
  runner.reset();
  engine.reload();
  runner.playback.advance(us);
  batch(() => (state.progress.value = { ...state.progress.value, us }));
  if (isRunning) engine.run(performance.now() + 60, us);
  else engine.stand(us);
}

export const toggle = () => (state.phase.value === "paused" ? resume() : pause());

/** So many microseconds on, or back. */
export function skip(us) {
  const { runner } = showNow() ?? {};
  if (runner) seek(Math.min(runner.toUs - 1, Math.max(runner.fromUs, runner.nowUs(performance.now()) + us)));
}

export function setSpeed(value) {
  const { runner, engine } = showNow() ?? {};
  speed.value = value;
  if (!runner) return;
  const us = runner.nowUs(performance.now());
  runner.transport.rate = runner.rate * value;
  if (runner.transport.isRunning) engine.run(performance.now() + 60, us);
}

export function back() {
  lower();
  watched.value = null;
  state.phase.value = state.outcome.value ? "ended" : "idle";
  onBack();
}
