// Runner: one pass through a chart: its clock, its judge, what was pressed; live, practised, or watched.
//
// It knows no page: when it is, it is told (page ms); what happens, it says by its hooks. So the same
// runner serves a live performance, practice, a recorded play, and a play against a ghost.
import { Judge } from "./judge.js";
import { Playback, judgeFor, notesBetween, tallyOf } from "./record.js";
import { Transport } from "./transport.js";

const MAX_EVENTS = 200_000;

export class Runner {
  /**
   * `mode` is live, practice or watch; [fromUs, toUs) is the part that is played (chart us); `watched` the record
   * that plays by itself, `ghost` one that plays along.
   */
  constructor({ chart, mode, rate = 1, fromUs = 0, toUs, windowUs = Infinity, calibration, watched = null, ghost = null }) {
    Object.assign(this, { chart, mode, rate, fromUs, toUs, windowUs, calibration, watched, ghost });
    this.transport = new Transport(rate);
    this.transport.stand(fromUs);
    this.onEvent = () => {}; // [t_us, lane, 1 | 0]: a press or release that counts
    this.onRiff = () => {}; // the notes of a riff that came
    this.onGhost = () => {}; // (lane, us): the ghost pressed
    this.onEnd = () => {}; // the part is over
    this.reset();
  }

  /** From the beginning again. */
  reset() {
    const { chart, mode, rate, fromUs, toUs, windowUs, watched, ghost } = this;
    const options = { windowUs, originUs: fromUs, rate };
    this.judge = mode === "watch" ? judgeFor(watched, chart) : new Judge(chart.keys, notesBetween(chart, fromUs, toUs), options);
    this.playback = watched && new Playback(watched, this.judge, () => {}, (notes) => this.onRiff(notes));
    this.ghostJudge = ghost && judgeFor(ghost, chart, fromUs); // compared over the same notes
    this.ghostPlayback = ghost && new Playback(ghost, this.ghostJudge, (lane, us) => this.onGhost(lane, us));
    this.openUs = fromUs; // presses before it don't count: the count-in, what was played before a pause
    this.events = [];
    this.riffs = [];
    this.lastUs = 0;
    this.isSent = new Array(chart.keys).fill(false);
    this.hasEnded = false;
  }

  nowUs(pageMs) {
    return this.transport.usAt(pageMs);
  }

  /** A lane's key moved at `pageMs`. Raw times are kept and sent; the judge takes the input's delay off. */
  key(lane, isDown, pageMs) {
    if (this.mode === "watch" || !this.transport.isRunning) return;
    const us = this.transport.usAt(pageMs);
    const judgedUs = (at) => at - this.calibration.input_us * this.rate;
    const isInside = us >= this.openUs && us < this.toUs && this.events.length < MAX_EVENTS;
    if (!isInside || (!isDown && !this.isSent[lane])) {
      if (!isDown) this.judge.release(lane, judgedUs(us));
      return;
    }
    this.lastUs = Math.max(this.lastUs, Math.round(us) - this.fromUs);
    this.isSent[lane] = isDown;
    const event = [this.lastUs, lane, isDown ? 1 : 0];
    this.events.push(event);
    this.onEvent(event);
    const at = judgedUs(this.fromUs + this.lastUs);
    if (isDown) this.judge.press(lane, at);
    else this.judge.release(lane, at);
  }

  /** A riff came: [[t_us since the start, lane] x 4]. */
  riff(notes, pageMs) {
    const nowUs = this.transport.usAt(pageMs);
    this.riffs.push([Math.max(0, Math.round(nowUs - this.fromUs)), notes.map(([us, lane]) => [us, lane])]);
    this.onRiff(this.judge.addRiff(notes.map(([us, lane]) => [us + this.fromUs, lane]), nowUs));
  }

  /** Time has come to `pageMs`; returns the chart moment. Call it every frame. */
  tick(pageMs) {
    const us = this.transport.usAt(pageMs);
    if (this.playback) this.playback.advance(us);
    else if (us > this.fromUs) this.judge.advance(us - this.calibration.input_us * this.rate);
    this.ghostPlayback?.advance(us);
    if (us >= this.toUs && this.transport.isRunning && !this.hasEnded) {
      this.hasEnded = true;
      this.onEnd();
    }
    return us;
  }

  /** How much more accurate than the ghost, in shares of 1; null before both were judged. */
  get lead() {
    const [mine, its] = [this.judge.accuracy, this.ghostJudge?.accuracy ?? null];
    return mine === null || its === null ? null : mine - its;
  }

  /** The play so far, to be kept. */
  record(pageMs, session) {
    const us = Math.min(this.toUs, this.transport.usAt(pageMs));
    return {
      chart: this.chart.id,
      keys: this.chart.keys,
      rate: this.rate,
      from_us: this.fromUs,
      mode: this.mode,
      calibration: { ...this.calibration },
      events: this.events,
      riffs: this.riffs,
      tally: tallyOf(this.judge),
      played_us: Math.max(0, Math.round(us - this.fromUs)),
      ...(session && { session }),
    };
  }
}
