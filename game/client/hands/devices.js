// Devices: what fingers do, as (device, binding, down or up, when), whatever they do it on.
import { signal } from "../html.js";

const POLL_MS = 4; // as often as a browser's timer goes
const STALE_MS = 50; // an older moment than this is not when the button moved
const AXIS_ON = 0.6;
const AXIS_OFF = 0.4;

export const pads = signal([]); // names of connected gamepads
export const midi = signal({ state: "off", inputs: [] }); // off, asking, on, refused, missing

/** Keyboard: places, not letters; repeats are no presses. `onRaw("keyboard", code, isDown, pageMs, event)`. */
export function listenKeyboard(onRaw, signal) {
  const hear = (isDown) => (event) => {
    if (isDown && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (!event.repeat) onRaw("keyboard", event.code, isDown, event.timeStamp, event);
    else onRaw("keyboard", event.code, null, event.timeStamp, event); // only so that the page doesn't scroll
  };
  addEventListener("keydown", hear(true), { signal });
  addEventListener("keyup", hear(false), { signal });
}

const padsNow = () => [...(navigator.getGamepads?.() ?? [])].filter(Boolean);
const notePads = () => (pads.value = padsNow().map((pad) => pad.id));
addEventListener("gamepadconnected", notePads);
addEventListener("gamepaddisconnected", notePads);

/** What is down on a gamepad: buttons as "b0", sticks as "a0-" and "a0+". */
function held(pad, before) {
  const down = new Set();
  pad.buttons.forEach((button, number) => (button.pressed || button.value > 0.5) && down.add(`b${number}`));
  pad.axes.forEach((value, number) => {
    for (const [sign, reach] of [["-", -value], ["+", value]]) {
      const id = `a${number}${sign}`;
      if (reach > (before.has(id) ? AXIS_OFF : AXIS_ON)) down.add(id);
    }
  });
  return down;
}

/** Gamepads tell nothing by themselves: they are asked on every frame, and between frames. */
export function listenPads(onRaw, signal) {
  const before = new Map();
  const look = () => {
    const nowMs = performance.now();
    const present = padsNow();
    if (present.length !== pads.value.length) notePads();
    for (const pad of present) {
      const was = before.get(pad.index) ?? new Set();
      const is = held(pad, was);
      const pageMs = nowMs - pad.timestamp < STALE_MS && pad.timestamp <= nowMs ? pad.timestamp : nowMs;
      for (const id of is) if (!was.has(id)) onRaw("pad", id, true, pageMs);
      for (const id of was) if (!is.has(id)) onRaw("pad", id, false, pageMs);
      before.set(pad.index, is);
    }
  };
  const timer = setInterval(() => pads.value.length && look(), POLL_MS);
  let frame = requestAnimationFrame(function again() {
    look();
    frame = requestAnimationFrame(again);
  });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    cancelAnimationFrame(frame);
  });
}

let access = null;
const midiListeners = new Set();

function hearMidi({ data, timeStamp }) {
  const [status, note, velocity] = data;
  const kind = status & 0xf0;
  if (kind !== 0x90 && kind !== 0x80) return;
  const isDown = kind === 0x90 && velocity > 0;
  for (const onRaw of midiListeners) onRaw("midi", `n${note}`, isDown, timeStamp || performance.now());
}

/** Asks the browser for MIDI; its question comes once. */
export async function connectMidi() {
  if (!navigator.requestMIDIAccess) {
    midi.value = { state: "missing", inputs: [] };
    return;
  }
  midi.value = { state: "asking", inputs: [] };
  try {
    access ??= await navigator.requestMIDIAccess();
    const note = () => {
      const inputs = [...access.inputs.values()];
      for (const input of inputs) input.onmidimessage = hearMidi;
      midi.value = { state: "on", inputs: inputs.map((input) => input.name || "unnamed instrument") };
    };
    access.onstatechange = note;
    note();
  } catch {
    access = null;
    midi.value = { state: "refused", inputs: [] };
  }
}

export function listenMidi(onRaw, signal) {
  midiListeners.add(onRaw);
  signal.addEventListener("abort", () => midiListeners.delete(onRaw));
}

/** Hears every device until the signal aborts. */
export function listenAll(onRaw, signal) {
  listenKeyboard(onRaw, signal);
  listenPads(onRaw, signal);
  listenMidi(onRaw, signal);
}
