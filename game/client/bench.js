// Bench: draws 500 notes for many frames, then an empty stage, and writes what each took as JSON.
//
// bench.html?notes=500&frames=300&keys=10: #result then holds { keys, notes, frames, ready, full, empty }, and
// each of the last two { draw: { p50, p99 }, frame: { p50, p99 } } in milliseconds.
import { Judge } from "./judge.js";
import { Stage } from "./stage.js";

const wish = new URLSearchParams(location.search);
const read = (name, fallback, most) => Math.min(most, Math.max(1, Math.floor(Number(wish.get(name))) || fallback));
const KEYS = read("keys", 10, 18);
const NOTES = read("notes", 500, 5_000);
const FRAMES = read("frames", 300, 5_000);
const WARM_UP = 30; // frames until code is compiled and pictures are uploaded
const SPAN_MS = 2_500;
const HOLD_EVERY = 5;

/** So many notes in sight at moment 0, every fifth of them held. */
function notesInSight() {
  const step = (SPAN_MS * 1_000) / NOTES;
  return Array.from({ length: NOTES }, (_, note) => [Math.floor((note + 0.5) * step), note % KEYS, note % HOLD_EVERY ? 0 : 60_000]);
}

function quantiles(times) {
  const ordered = [...times].sort((a, b) => a - b);
  const at = (share) => Number(ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))].toFixed(3));
  return { p50: at(0.5), p99: at(0.99) };
}

/** Frame by frame as the browser asks for them; the picture moves by a hair, so that nothing is skipped. */
function measure(canvas, notes) {
  const chart = { keys: KEYS, notes, timing: [[0, 500_000]], duration_us: SPAN_MS * 1_000 };
  const scroll = { mode: "constant", ms: SPAN_MS, direction: "down", view: "deep" };
  const labels = Array.from({ length: KEYS }, (_, lane) => String(lane + 1));
  const stage = new Stage(canvas, chart, new Judge(KEYS, notes), { scroll, rate: 1, labels, isCalm: false, hasErrors: true });
  const draws = new Float64Array(FRAMES);
  const frames = new Float64Array(FRAMES);
  return new Promise((done) => {
    let count = -WARM_UP;
    let before = performance.now();
    requestAnimationFrame(function frame(now) {
      const start = performance.now();
      stage.paint((count % 7) * 100);
      const end = performance.now();
      if (count >= 0) {
        draws[count] = end - start;
        frames[count] = now - before;
      }
      before = now;
      if (++count < FRAMES) requestAnimationFrame(frame);
      else {
        stage.stop();
        done({ draw: quantiles(draws), frame: quantiles(frames) });
      }
    });
  });
}

const canvas = document.getElementById("stage");
const full = await measure(canvas, notesInSight());
const empty = await measure(canvas, []);
document.getElementById("result").textContent = JSON.stringify({ keys: KEYS, notes: NOTES, frames: FRAMES, ready: true, full, empty });
