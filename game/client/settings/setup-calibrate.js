// Calibrate: tap along, and see the delays of sound, picture and input, kept apart.
import { BEATS, BEAT_MS, LEAST_TAPS, TYPICAL_US, WARM_UP, errorsOf, estimate, offsetOf } from "../hands/calibration.js";
import { listenAll } from "../hands/devices.js";
import { wakeSound } from "../stage/engine.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { MAX_OFFSET_US, change, settings } from "./settings.js";

const LEAD_MS = 1_500;
const FLASH_MS = 90;
const KINDS = {
  audio: ["Sound", "Close your eyes, and tap to the clicks.", "how much later a sound reaches your ear; it is played earlier by it"],
  visual: ["Picture", "Tap each time the ring meets the dot. There is no sound.", "how much later the picture reaches your eye; it is drawn ahead by it"],
  input: ["Input", "Tap to clicks and rings together. Best after the other two.", "how much later a press is noted than you mean it; judged times are shifted by it"],
};
const HANDS = { keyboard: "a wired keyboard", wireless: "a wireless keyboard", pad: "a gamepad", midi: "a MIDI instrument", touch: "a touch screen" };

const ms = (us) => `${us > 0 ? "+" : us < 0 ? "−" : ""}${Math.abs(Math.round(us / 1_000))} ms`;

/** A dot, and a ring that meets it on each beat. */
function drawRing(canvas, phase, isLit) {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  const [x, y] = [width / 2, height / 2];
  context.fillStyle = isLit ? "#fff1d0" : "#0d0d14";
  context.fillRect(0, 0, width, height);
  context.fillStyle = isLit ? "#7a5514" : "#ffd58a";
  context.beginPath();
  context.arc(x, y, 26, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 4;
  context.beginPath();
  context.arc(x, y, 28 + 70 * (1 - phase), 0, 2 * Math.PI);
  context.stroke();
}

/** Runs a test on a canvas; `onTap(count)` as taps come, `onEnd(taps, firstMs)` when the last beat is over. */
function runTest(kind, canvas, onTap, onEnd) {
  const { audio_us: audioUs, visual_us: visualUs } = settings.value.calibration;
  const isBoth = kind === "input";
  const firstMs = performance.now() + LEAD_MS;
  const endMs = firstMs + BEATS * BEAT_MS;
  const taps = [];
  const stop = new AbortController();
  const sound = kind === "visual" ? null : wakeSound();
  let sounded = 0;
  let frame = 0;
  const tap = (pageMs) => {
    if (pageMs < firstMs - BEAT_MS / 2) return;
    taps.push(pageMs);
    onTap(taps.length);
  };
  const hear = (_device, id, isDown, pageMs, event) => {
    if (["Escape", "Tab", "Enter"].includes(id)) return;
    event?.preventDefault();
    if (isDown) tap(pageMs);
  };
  listenAll(hear, stop.signal);
  const onPointer = (event) => {
    event.preventDefault();
    tap(event.timeStamp);
  };
  canvas.addEventListener("pointerdown", onPointer, { signal: stop.signal });
  const draw = () => {
    frame = requestAnimationFrame(draw);
    const nowMs = performance.now();
    for (; sound && sounded < BEATS && firstMs + sounded * BEAT_MS < nowMs + 400; sounded++) {
      sound.clickAt(firstMs + sounded * BEAT_MS, sounded % 4 === 0, isBoth ? audioUs : 0);
    }
    if (kind !== "audio") {
      const at = (nowMs + (isBoth ? visualUs / 1_000 : 0) - firstMs) / BEAT_MS;
      drawRing(canvas, ((at % 1) + 1) % 1, at >= 0 && (at % 1) * BEAT_MS < FLASH_MS);
    }
    if (nowMs < endMs) return;
    stop.abort();
    cancelAnimationFrame(frame);
    onEnd(taps, firstMs);
  };
  canvas.getContext("2d").fillRect(0, 0, canvas.width, canvas.height);
  canvas.dataset.firstBeatMs = firstMs;
  frame = requestAnimationFrame(draw);
  return () => {
    stop.abort();
    cancelAnimationFrame(frame);
  };
}

function Test({ kind, onDone }) {
  const canvas = useRef(null);
  const [taps, setTaps] = useState(0);
  useEffect(() => {
    canvas.current.focus({ preventScroll: true });
    return runTest(kind, canvas.current, setTaps, (all, firstMs) => onDone(errorsOf(all, firstMs).slice(WARM_UP)));
  }, []);
  const [name, task] = KINDS[kind];
  return html`<div class="tap-test">
    <p class="task" role="status">${task} Any key, button or touch; best the way you play.</p>
    <canvas ref=${canvas} width="480" height="240" tabindex="0" role="img" aria-label=${`${name}: tap along`}></canvas>
    <p class="row"><progress max=${BEATS} value=${taps} aria-label="Taps"></progress> <span class="number">${taps} taps</span>
      <button onClick=${() => onDone(null)}>Stop</button></p>
  </div>`;
}

function Offset({ kind, onTest, isBusy }) {
  const field = `${kind}_us`;
  const value = settings.value.calibration[field];
  const [name, , meaning] = KINDS[kind];
  const reach = MAX_OFFSET_US / 1_000;
  const set = (text) => change("calibration", { [field]: Number(text) * 1_000 });
  return html`<div class="offset">
    <h3 id=${`offset-${kind}`}>${name} <b class="number">${ms(value)}</b></h3>
    <p class="quiet">${meaning}</p>
    <div class="row">
      <input type="range" min=${-reach} max=${reach} step="1" value=${value / 1_000} aria-labelledby=${`offset-${kind}`} onInput=${(event) => set(event.target.value)} />
      <input type="number" min=${-reach} max=${reach} step="1" value=${value / 1_000} aria-label=${`${name}, milliseconds`} onChange=${(event) => set(event.target.value)} />
      <button aria-disabled=${isBusy} onClick=${() => !isBusy && onTest(kind)}>Measure</button>
    </div>
  </div>`;
}

/** What a test came to, in a sentence; saved only when it was steady. */
function conclude(kind, errors) {
  const { middle_us: middle, spread_us: spread, kept, isSteady } = estimate(errors);
  const [name] = KINDS[kind];
  if (!isSteady) {
    const why = kept < LEAST_TAPS ? `${kept} usable taps, ${LEAST_TAPS} are needed` : `spread ${ms(spread).replace("+", "")}`;
    return { isGood: false, text: `Not steady enough, once more (${why}). ${name} stays as it was.` };
  }
  const offset = offsetOf(kind, middle, settings.value.devices.hand);
  change("calibration", { [`${kind}_us`]: offset });
  return { isGood: true, text: `${name}: ${ms(offset)}, from ${kept} taps with a spread of ${ms(spread).replace("+", "")}.` };
}

export function CalibratePart() {
  const [test, setTest] = useState("");
  const [result, setResult] = useState(null);
  const start = (kind) => {
    wakeSound();
    setResult(null);
    setTest(kind);
  };
  const done = (errors) => {
    setTest("");
    setResult(errors && conclude(test, errors));
  };
  const { hand } = settings.value.devices;
  return html`<section class="card part">
    <h2>Calibration</h2>
    <p class="quiet">Every set-up is late in its own way. Tap along ${BEATS} beats, and the three delays are kept apart. In a live play they are signed
      before it begins, and can't change until it ends.</p>
    ${test ? html`<${Test} key=${test} kind=${test} onDone=${done} />` : html`
      <label>You tap on <select onChange=${(event) => change("devices", { hand: event.target.value })}>
        ${Object.entries(HANDS).map(([name, label]) => html`<option key=${name} value=${name} selected=${name === hand}>${label} (typically ${TYPICAL_US[name] / 1_000} ms)</option>`)}
      </select></label>`}
    ${result && html`<p class=${result.isGood ? "good-news" : "refusal"} role="status">${result.text}</p>`}
    ${!test && Object.keys(KINDS).map((kind) => html`<${Offset} key=${kind} kind=${kind} isBusy=${Boolean(test)} onTest=${start} />`)}
    ${!test && html`<p><button onClick=${() => change("calibration", { audio_us: 0, visual_us: 0, input_us: 0 })}>All to zero</button></p>`}
  </section>`;
}
