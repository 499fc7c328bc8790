// Stream: somebody's play as it comes in, shown a little behind so that it arrives in order.
//
// Frames are sent every quarter of a second: at USUAL_BEHIND_MS what is shown has arrived. Where the way
// is slower, the picture falls back slowly, and says how far behind it is.
import { Judge } from "../stage/judge.js";

export const USUAL_BEHIND_MS = 400;
const MOST_BEHIND_MS = 3_000;
const SPARE_MS = 60; // beyond the latest that usually comes
const KEPT_LAGS = 40; // ten seconds of frames
const LATE_FRAMES = 2; // so many of them may come later: what they tell is still judged rightly
const SLIDE = 0.1; // how much slower or quicker time runs while the picture falls back or catches up
const LATE_US = 300_000; // a note counts as missed only when a late frame could have told of it
const MAX_STEPS = 20_000; // what waits to be shown

export class Stream {
  #steps = []; // [us, lane or -1, 1 | 0 | riff notes] in order of time
  #lags = [];
  #shownMs = null; // page time of the last tick
  #held = new Set();

  /** A performance ({ start_us, window_us, input_us }) of `chart`, seen from chart moment `joinedUs` on. */
  constructor(chart, performance, joinedUs) {
    this.chart = chart;
    this.startUs = performance.start_us;
    this.inputUs = performance.input_us;
    this.joinedUs = joinedUs;
    this.behindMs = USUAL_BEHIND_MS;
    this.onRiff = () => {}; // the notes of a riff that came
    const notes = chart.notes.filter(([start]) => start >= joinedUs);
    this.judge = new Judge(chart.keys, notes, { windowUs: performance.window_us });
    this.presses = 0;
  }

  /** A frame arrived at `daemonUs` by the daemon's clock. */
  take({ keys, riffs }, daemonUs) {
    const inside = ([, lane]) => lane >= 0 && lane < this.chart.keys;
    for (const [us, lane, down] of keys.filter(inside)) this.#add([us - this.inputUs, lane, down]);
    for (const [at, notes] of riffs) if (notes.every(inside)) this.#add([at, -1, notes]);
    const times = [...keys.map(([us]) => us), ...riffs.map(([us]) => us)];
    if (!times.length) return;
    this.#lags.push((daemonUs - this.startUs - Math.min(...times)) / 1_000);
    if (this.#lags.length > KEPT_LAGS) this.#lags.shift();
  }

  /** Time has come to `pageMs`, which is `daemonUs` by the daemon's clock; the chart moment to show. */
  tick(pageMs, daemonUs) {
    const passedMs = this.#shownMs === null ? 0 : Math.max(0, pageMs - this.#shownMs);
    this.#shownMs = pageMs;
    const usual = [...this.#lags].sort((a, b) => b - a)[LATE_FRAMES] ?? 0;
    const wantedMs = Math.min(MOST_BEHIND_MS, Math.max(USUAL_BEHIND_MS, usual + SPARE_MS));
    const most = passedMs * SLIDE;
    this.behindMs += Math.max(-most, Math.min(most, wantedMs - this.behindMs));
    const us = daemonUs - this.startUs - this.behindMs * 1_000;
    this.#play(us);
    return us;
  }

  #add(step) {
    if (this.#steps.length >= MAX_STEPS) return;
    let place = this.#steps.length;
    while (place > 0 && this.#steps[place - 1][0] > step[0]) place--;
    this.#steps.splice(place, 0, step);
  }

  #play(us) {
    while (this.#steps.length && this.#steps[0][0] <= us) {
      const [at, lane, detail] = this.#steps.shift();
      if (at < this.joinedUs) continue;
      if (lane < 0) this.onRiff(this.judge.addRiff(detail, at));
      else if (detail) this.#press(lane, at);
      else if (this.#held.delete(lane)) this.judge.release(lane, at);
    }
    this.judge.advance(us - LATE_US);
  }

  #press(lane, at) {
    this.#held.add(lane);
    this.presses++;
    this.judge.press(lane, at);
  }
}
