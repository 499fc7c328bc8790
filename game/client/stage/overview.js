// Overview: the whole chart as a strip of how much there is to play; drag over it to choose a part.
import { html, useRef, useState } from "../html.js";
import { minutes } from "../words.js";

const BINS = 120;
const WIDTH = 1_000;
const HEIGHT = 48;
const STEP_US = 1_000_000;
const CLICK_SHARE = 0.008; // a drag shorter than this is a click

/** How many notes begin in each part of the chart. */
function densityOf(notes, durationUs) {
  const bins = new Uint16Array(BINS);
  for (const [start] of notes) bins[Math.min(BINS - 1, Math.floor((start / durationUs) * BINS))]++;
  return bins;
}

const outlines = new WeakMap();

function outlineOf(notes, durationUs) {
  if (outlines.has(notes)) return outlines.get(notes);
  const bins = densityOf(notes, durationUs);
  const most = Math.max(1, ...bins);
  const points = Array.from(bins, (count, bin) => `${(bin * WIDTH) / BINS} ${HEIGHT - 2 - (count / most) * (HEIGHT - 6)}H${((bin + 1) * WIDTH) / BINS}`);
  const path = `M0 ${HEIGHT}L${points.join("L")}L${WIDTH} ${HEIGHT}z`;
  outlines.set(notes, path);
  return path;
}

function Handle({ name, us, durationUs, least, most, onMove }) {
  const onKey = (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    const to = event.key === "Home" ? least : event.key === "End" ? most : step ? us + step * STEP_US : null;
    if (to === null) return;
    event.preventDefault();
    onMove(Math.min(most, Math.max(least, to)));
  };
  return html`<span class="handle ${name.toLowerCase()}" role="slider" tabindex="0" aria-label=${`Loop ${name === "A" ? "from" : "to"}`}
    aria-valuemin="0" aria-valuemax=${Math.round(durationUs / 1_000_000)} aria-valuenow=${Math.round(us / 1_000_000)} aria-valuetext=${minutes(us / 1_000)}
    style=${{ left: `${(us / durationUs) * 100}%` }} onKeyDown=${onKey}>${name}</span>`;
}

/** `loop` is null or [a_us, b_us]; `onLoop(a, b)` and `onJump(us)` are optional. */
export function Overview({ notes, durationUs, us, loop, onLoop, onJump }) {
  const strip = useRef(null);
  const [drag, setDrag] = useState(null);
  const shareAt = (event) => {
    const box = strip.current.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const onDown = (event) => {
    if (event.target.closest(".handle")) return;
    strip.current.setPointerCapture(event.pointerId);
    setDrag([shareAt(event), shareAt(event)]);
  };
  const onUp = (event) => {
    if (!drag) return;
    const [from, to] = [drag[0], shareAt(event)];
    setDrag(null);
    if (Math.abs(to - from) < CLICK_SHARE) onJump?.(to * durationUs);
    else onLoop?.(from * durationUs, to * durationUs);
  };
  const [a, b] = drag && onLoop ? [Math.min(...drag) * durationUs, Math.max(...drag) * durationUs] : (loop ?? [0, 0]);
  const x = (at) => (at / durationUs) * WIDTH;
  return html`<div class="overview" ref=${strip} onPointerDown=${onDown} onPointerMove=${(event) => drag && setDrag([drag[0], shareAt(event)])}
    onPointerUp=${onUp} onPointerCancel=${() => setDrag(null)}>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="density" d=${outlineOf(notes, durationUs)} />
      ${b > a && html`<rect class="part" x=${x(a)} width=${x(b) - x(a)} y="0" height=${HEIGHT} />`}
      <rect class="head" x=${x(Math.max(0, Math.min(us, durationUs))) - 1.5} width="3" y="0" height=${HEIGHT} />
    </svg>
    ${loop && onLoop && !drag && html`
      <${Handle} name="A" us=${a} durationUs=${durationUs} least=${0} most=${b - STEP_US} onMove=${(to) => onLoop(to, b)} />
      <${Handle} name="B" us=${b} durationUs=${durationUs} least=${a + STEP_US} most=${durationUs} onMove=${(to) => onLoop(a, to)} />`}
  </div>`;
}
