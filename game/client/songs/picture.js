// Picture: what a song looks like: its lanes one above the other, and where in it there is something to press.
import { html, useEffect, useRef, useState } from "../html.js";
import { laneLooks } from "../stage/lanes.js";
import { loadChart } from "../daemon/state.js";

const COLUMNS = 128;
const MAX_KEPT = 800; // pictures of about a kilobyte
const AT_ONCE = 2;

const kept = new Map(); // chart id -> picture
const wanted = new Map(); // chart id -> who waits for it; the last to ask is served first
let underWay = 0;

/** How many notes of each lane fall into each column; holds reach as far as they last. */
export function pictureOf({ keys, notes, duration_us: durationUs }) {
  const counts = new Uint8Array(keys * COLUMNS);
  const column = (us) => Math.min(COLUMNS - 1, Math.floor((us / Math.max(1, durationUs)) * COLUMNS));
  for (const [start, lane, duration] of notes) {
    for (let at = column(start); at <= column(start + duration); at++) counts[lane * COLUMNS + at] = Math.min(255, counts[lane * COLUMNS + at] + 1);
  }
  return { keys, counts };
}

function keep(id, picture) {
  kept.set(id, picture);
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value);
}

async function fetchNext() {
  const id = [...wanted.keys()].pop();
  if (id === undefined || underWay >= AT_ONCE) return;
  const waiting = wanted.get(id);
  wanted.delete(id);
  underWay++;
  try {
    keep(id, pictureOf(await loadChart(id)));
  } catch {
    keep(id, null); // without a picture a song can still be played
  }
  underWay--;
  for (const onReady of waiting) onReady();
  fetchNext();
}

/** Calls back once the picture is there; the function that it returns takes the wish back. */
function wish(id, onReady) {
  const waiting = wanted.get(id) ?? new Set();
  wanted.delete(id);
  wanted.set(id, waiting.add(onReady));
  fetchNext();
  return () => {
    waiting.delete(onReady);
    if (!waiting.size && wanted.get(id) === waiting) wanted.delete(id);
  };
}

function draw(canvas, picture) {
  const scale = Math.min(2, devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  if (!width || !height) return;
  canvas.width = width;
  canvas.height = height;
  if (!picture) return;
  const context = canvas.getContext("2d");
  const row = height / picture.keys;
  const most = Math.max(2, ...picture.counts);
  laneLooks(picture.keys).forEach(({ colour }, lane) => {
    context.fillStyle = colour;
    for (let column = 0; column < COLUMNS; column++) {
      const count = picture.counts[lane * COLUMNS + column];
      if (!count) continue;
      context.globalAlpha = 0.5 + 0.5 * Math.sqrt((count - 1) / (most - 1));
      const x = Math.floor((column * width) / COLUMNS);
      context.fillRect(x, Math.floor(lane * row) + 0.5, Math.ceil(width / COLUMNS) - (scale > 1 ? 1 : 0) || 1, Math.max(1, row - Math.max(1, scale)));
    }
  });
}

/** The picture of a chart; empty until the chart arrived. */
export function Picture({ id }) {
  const canvas = useRef(null);
  const [, setReady] = useState(0);
  useEffect(() => (id && !kept.has(id) ? wish(id, () => setReady((count) => count + 1)) : undefined), [id]);
  useEffect(() => {
    const paint = () => canvas.current && draw(canvas.current, kept.get(id));
    paint();
    const watcher = new ResizeObserver(paint);
    watcher.observe(canvas.current);
    return () => watcher.disconnect();
  }, [id, kept.has(id)]);
  return html`<canvas class="picture" ref=${canvas} aria-hidden="true"></canvas>`;
}
