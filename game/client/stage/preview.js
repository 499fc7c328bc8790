// Preview: a few bars that play themselves and begin again; their tempo changes, so that it shows in the scroll.
import { Judge } from "./judge.js";
import { Stage } from "./stage.js";
import { isCalm } from "../settings/settings.js";

const SLOW_US = 600_000;
const QUICK_US = 400_000;
const CHANGE_US = 8 * SLOW_US;
const END_US = CHANGE_US + 12 * QUICK_US;
const HOLD_EVERY = 6;

function notesFor(keys) {
  const times = [];
  for (let us = SLOW_US * 2; us < END_US; us += us < CHANGE_US ? SLOW_US : QUICK_US) times.push(us);
  return times.map((us, note) => [us, (note * 3 + (note >> 2)) % keys, note % HOLD_EVERY === 3 ? SLOW_US : 0]);
}

/** Shows it until stop() is called. */
export function previewOn(canvas, keys, scroll) {
  const notes = notesFor(keys);
  const chart = { keys, notes, timing: [[0, SLOW_US], [CHANGE_US, QUICK_US]], duration_us: END_US };
  const options = { scroll, rate: 1, labels: new Array(keys).fill(""), isCalm: isCalm(), hasErrors: false };
  const stage = new Stage(canvas, chart, new Judge(keys, notes), options);
  let startMs = performance.now();
  let next = 0;
  const ends = [];
  stage.onFrame = () => {
    const us = (performance.now() - startMs) * 1_000;
    for (; next < notes.length && notes[next][0] <= us; next++) {
      const [start, lane, duration] = notes[next];
      stage.judge.press(lane, start);
      ends.push([start + Math.max(duration, 90_000), lane]);
    }
    while (ends.length && ends[0][0] <= us) {
      const [at, lane] = ends.shift();
      stage.judge.release(lane, at);
    }
    if (us > END_US + 1_000_000) {
      startMs = performance.now();
      next = 0;
      stage.load(new Judge(keys, notes));
    }
    return us;
  };
  stage.start();
  return stage;
}
