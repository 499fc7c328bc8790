// Record: a play as a plain object that can be kept, watched again, and played against.
//
// { chart: hex, keys, rate, from_us, mode: "live" | "practice", calibration: { audio_us, visual_us,
//   input_us }, events: [[t_us, lane, 1 | 0]], riffs: [[at_us, [[t_us, lane] x 4]]], tally,
//   played_us, session?: hex }
// `t_us`, `at_us` and `played_us` count chart microseconds since `from_us`: in a live play, whose rate
// is 1, exactly what the daemon was told. Times are raw: `input_us` is taken off when they are judged.
import { Judge } from "./judge.js";
import { MAX_OFFSET_US } from "../settings/settings.js";

const MAX_EVENTS = 200_000;
const MAX_RIFFS = 1_000;
const MAX_US = 7_200_000_000;

/** What a judge has to say about a play, small enough to be kept. */
export const tallyOf = (judge) => ({
  accuracy: judge.accuracy,
  grades: [...judge.grades],
  best_combo: judge.bestCombo,
  riff_hits: judge.riffHits,
  riffs: judge.riffs.length,
  riffs_answered: judge.riffsAnswered,
});

/** The notes of a chart that a play from `fromUs` to `toUs` contains. */
export const notesBetween = (chart, fromUs, toUs) => chart.notes.filter(([start]) => start >= fromUs && start < toUs);

/** The record as a ghost for this chart, or null when it is none. */
export const ghostFor = (record, chart) => (record && !faultOf(record, chart) ? record : null);

/** A judge for all that a record may contain, or for what of it comes after `fromUs`. */
export function judgeFor(record, chart, fromUs = record.from_us) {
  const begunUs = Math.max(record.from_us, fromUs);
  const notes = notesBetween(chart, begunUs, record.from_us + Math.max(record.played_us, 1));
  return new Judge(chart.keys, notes, { originUs: record.from_us, rate: record.rate });
}

/** Is this a record of this chart? Says what is wrong with it, or "". */
export function faultOf(record, chart) {
  const isTime = (us) => Number.isFinite(us) && us >= 0 && us <= MAX_US;
  const isKey = (key) => Array.isArray(key) && isTime(key[0]) && Number.isInteger(key[1]) && key[1] >= 0 && key[1] < chart.keys;
  if (record?.chart !== chart.id) return "It is a play of another chart.";
  if (!isTime(record.from_us) || !isTime(record.played_us)) return "It doesn't say which part was played.";
  if (!(record.rate >= 0.5 && record.rate <= 1.5)) return "Its speed is not between 0.5 and 1.5.";
  if (!Array.isArray(record.events) || record.events.length > MAX_EVENTS) return "It has no list of presses, or a far too long one.";
  if (!Array.isArray(record.riffs) || record.riffs.length > MAX_RIFFS) return "It has no list of riffs, or a far too long one.";
  if (!record.events.every(isKey)) return "One of its presses is not of this chart.";
  const isList = (notes) => Array.isArray(notes) && notes.length > 0 && notes.length <= 4 && notes.every(isKey);
  if (!record.riffs.every((riff) => Array.isArray(riff) && isTime(riff[0]) && isList(riff[1]))) return "One of its riffs is not of this chart.";
  const inputUs = record.calibration?.input_us ?? 0;
  if (!(Math.abs(inputUs) <= MAX_OFFSET_US)) return "Its input offset is beyond 250 ms.";
  return "";
}

/** Plays a record into a judge, as far as time has come. */
export class Playback {
  #steps;
  #next = 0;
  #judge;
  #onPress;
  #onRiff;

  /** `onPress(lane, us)` and `onRiff(notes)` hear of what is played. */
  constructor(record, judge, onPress = () => {}, onRiff = () => {}) {
    const { from_us: fromUs, rate } = record;
    const shiftUs = fromUs - (record.calibration?.input_us ?? 0) * rate;
    const presses = record.events.map(([us, lane, down]) => [us + shiftUs, lane, down]);
    const riffs = record.riffs.map(([at, notes]) => [at + fromUs, -1, notes.map(([us, lane]) => [us + fromUs, lane])]);
    this.#steps = [...riffs, ...presses].sort((a, b) => a[0] - b[0]);
    this.#judge = judge;
    this.#onPress = onPress;
    this.#onRiff = onRiff;
  }

  /** Everything up to chart moment `us` happens. */
  advance(us) {
    for (; this.#next < this.#steps.length && this.#steps[this.#next][0] <= us; this.#next++) {
      const [at, lane, detail] = this.#steps[this.#next];
      this.#judge.advance(at);
      if (lane < 0) this.#onRiff(this.#judge.addRiff(detail, at));
      else if (detail) {
        this.#judge.press(lane, at);
        this.#onPress(lane, at);
      } else this.#judge.release(lane, at);
    }
    this.#judge.advance(us);
  }
}

/** A record judged to its end. */
export function judgeRecord(record, chart) {
  const judge = judgeFor(record, chart);
  new Playback(record, judge).advance(record.from_us + record.played_us);
  return judge;
}
