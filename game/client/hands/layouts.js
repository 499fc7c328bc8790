// Layouts: which key, button or drum plays which lane, and what is printed on it.
const LEFTS = {
  "home row": ["KeyA", "KeyS", "KeyD", "KeyF", "KeyV"],
  "upper row": ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyC"],
  "lower row": ["KeyZ", "KeyX", "KeyC", "KeyV", "Space"],
  numbers: ["Digit1", "Digit2", "Digit3", "Digit4", "KeyV"],
};
const RIGHTS = {
  "home row": ["KeyN", "KeyJ", "KeyK", "KeyL", "Semicolon"],
  "upper row": ["KeyM", "KeyU", "KeyI", "KeyO", "KeyP"],
  "lower row": ["KeyB", "KeyM", "Comma", "Period", "Slash"],
  "number pad": ["Numpad0", "Numpad4", "Numpad5", "Numpad6", "NumpadAdd"],
};
const SPARE = [..."ASDFGHJKLZXCVBNMQW"].map((letter) => `Key${letter}`);
const PAD_LEFT = ["b4", "b14", "b13", "b12", "b15"];
const PAD_RIGHT = ["b2", "b0", "b3", "b1", "b5"];
const WHITE_KEYS = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76];
const NAMES = {
  Space: "Space", Semicolon: ";", Comma: ",", Period: ".", Slash: "/", Quote: "'", BracketLeft: "[", BracketRight: "]",
  Backslash: "\\", Minus: "-", Equal: "=", Backquote: "`", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓",
  ShiftLeft: "⇧ left", ShiftRight: "⇧ right", ControlLeft: "Ctrl left", ControlRight: "Ctrl right", NumpadAdd: "Num +",
  NumpadEnter: "Num ⏎", IntlBackslash: "<",
};
const PAD_NAMES = ["A", "B", "X", "Y", "LB", "RB", "LT", "RT", "Back", "Start", "L3", "R3", "↑", "↓", "←", "→", "Home"];
const PITCHES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

export const DEVICES = ["keyboard", "pad", "midi"];
export const DEVICE_NAMES = { keyboard: "Keyboard", pad: "Gamepad", midi: "MIDI" };
export const LANE_COUNTS = [4, 5, 6, 7, 8, 9, 10];

/** Four fingers a hand, thumbs in the middle; ten fingers for ten lanes. */
function handsOf(keys, left, right) {
  const each = keys >> 1;
  if (each > 5) return SPARE.slice(0, keys);
  const hasThumbs = each === 5;
  const start = hasThumbs ? 0 : 4 - each;
  const middle = keys % 2 ? ["Space"] : [];
  const first = hasThumbs ? 0 : 1;
  return [...left.slice(start, start + each), ...middle, ...right.slice(first, first + each)];
}

/** Layouts to choose from, the usual one first: [name, codes]. */
export function presetsOf(keys) {
  const found = [];
  for (const [leftName, left] of Object.entries(LEFTS)) {
    for (const [rightName, right] of Object.entries(RIGHTS)) {
      const codes = handsOf(keys, left, right);
      const name = leftName === rightName ? leftName : `${leftName} and ${rightName}`;
      if (new Set(codes).size === keys) found.push([name, codes]);
    }
  }
  if (keys === 4) found.splice(1, 0, ["arrows", ["ArrowLeft", "ArrowDown", "ArrowUp", "ArrowRight"]]);
  return keys > 11 ? found.slice(0, 1) : found;
}

/** The usual bindings of a device for so many lanes. */
export function usualLayout(device, keys) {
  if (device === "keyboard") return presetsOf(keys)[0]?.[1] ?? SPARE.slice(0, keys);
  if (device === "midi") return Array.from({ length: keys }, (_, lane) => `n${WHITE_KEYS[lane] ?? 66 + lane}`);
  if (keys === 4) return ["b14", "b13", "b12", "b15"]; // as on a dance mat
  const each = Math.min(keys >> 1, 5);
  const middle = Array.from({ length: keys - 2 * each }, (_, extra) => `b${extra ? 15 + extra : 6}`);
  return [...PAD_LEFT.slice(5 - each), ...middle, ...PAD_RIGHT.slice(0, each)];
}

let printed = null; // what this keyboard prints on its keys, where the browser tells

/** Asks the browser what is printed on the keys; calls back when it knows. */
export async function readPrintedKeys(onKnown) {
  printed = await navigator.keyboard?.getLayoutMap?.().catch(() => null);
  if (printed) onKnown();
}

/** What is printed on a key, button or drum. */
export function labelOf(binding) {
  if (/^b\d+$/.test(binding)) return PAD_NAMES[Number(binding.slice(1))] ?? `button ${binding.slice(1)}`;
  if (/^a\d+[+-]$/.test(binding)) return `stick ${binding.slice(1)}`;
  if (/^n\d+$/.test(binding)) return `${PITCHES[binding.slice(1) % 12]}${Math.floor(binding.slice(1) / 12) - 1}`;
  const letter = printed?.get(binding);
  if (letter && letter.trim()) return letter.toUpperCase();
  return NAMES[binding] ?? binding.replace(/^(Key|Digit)/, "").replace("Numpad", "Num ");
}
