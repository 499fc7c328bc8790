// Bench: draws 500 notes, a stage without notes, and nothing, in turns, and writes what each took as JSON.
//
// bench.html?notes=500&frames=300&keys=10: #result then holds { keys, notes, frames, ready, full, bare,
// blank }, and each of the last three { draw: { p50, p99 }, frame: { p50, p99 } } in milliseconds.
import { Judge } from "./stage/judge.js";
import { Stage } from "./stage/stage.js";

const wish = new URLSearchParams(location.search);
const read = (name, fallback, most) => Math.min(most, Math.max(1, Math.floor(Number(wish.get(name))) || fallback));
const KEYS = read("keys", 10, 18);
const NOTES = read("notes", 500, 5_000);
const FRAMES = read("frames", 300, 5_000);
const WARM_UP = 60; // frames until code is compiled and pictures are uploaded
const ROUNDS = 10;
const SETTLE = 5; // frames of each turn that still feel the one before
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

/** A stage with notes; the picture moves by a hair from frame to frame, so that nothing is skipped. */
function stageWith(notes) {
  const chart = { keys: KEYS, notes, timing: [[0, 500_000]], duration_us: SPAN_MS * 1_000 };
  const scroll = { mode: "constant", ms: SPAN_MS, direction: "down", view: "deep" };
  const labels = Array.from({ length: KEYS }, (_, lane) => String(lane + 1));
  const stage = new Stage(canvas, chart, new Judge(KEYS, notes), { scroll, rate: 1, labels, isCalm: false, hasErrors: true });
  return { paint: (count) => stage.paint((count % 7) * 100), stop: () => stage.stop() };
}

/** A canvas that is only wiped. */
function blank() {
  const context = canvas.getContext("2d", { alpha: false });
  return { paint: () => context.clearRect(0, 0, canvas.width, canvas.height), stop() {} };
}

/** Paints frame after frame as the browser asks for them, and notes down what each took. */
function paint(picture, count, times) {
  let before = 0;
  let left = count + SETTLE;
  return new Promise((done) => {
    requestAnimationFrame(function frame(now) {
      const start = performance.now();
      picture.paint(left);
      const end = performance.now();
      if (left <= count) {
        times.draw.push(end - start);
        times.frame.push(now - before);
      }
      before = now;
      if (left-- > 1) requestAnimationFrame(frame);
      else done();
    });
  });
}

/** In turns, so that whatever else the machine does meanwhile slows all alike. */
async function measure(pictures) {
  const times = pictures.map(() => ({ draw: [], frame: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [place, picture] of pictures.entries()) await paint(picture, Math.ceil(FRAMES / ROUNDS), times[place]);
  }
  pictures.forEach((picture) => picture.stop());
  return times.map(({ draw, frame }) => ({ draw: quantiles(draw), frame: quantiles(frame) }));
}

const canvas = document.getElementById("stage");
await paint(stageWith(notesInSight()), WARM_UP, { draw: [], frame: [] });
const [full, bare, empty] = await measure([stageWith(notesInSight()), stageWith([]), blank()]);
document.getElementById("result").textContent = JSON.stringify({
  keys: KEYS, notes: NOTES, frames: FRAMES, ready: true, full, bare, blank: empty,
});
