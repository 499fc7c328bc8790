// Settings: what a player set up, checked when it is read, kept in this browser, and told the daemon.
import { DEVICES, LANE_COUNTS, usualLayout } from "../hands/layouts.js";
import { signal } from "../html.js";

const KEY = "popd.settings";
const VERSION = 1;
const MAX_TEXT = 20_000; // far more than settings need
export const MAX_OFFSET_US = 250_000;
export const SCROLL_MS = [400, 2_500];
const CODE = { keyboard: /^[A-Za-z][A-Za-z0-9]{0,31}$/, pad: /^(b\d{1,2}|a\d[+-])$/, midi: /^n\d{1,3}$/ };
const RESERVED = ["Escape"];

const oneOf = (...choices) => ({ fallback: choices[0], read: (value) => (choices.includes(value) ? value : choices[0]) });
const between = (low, high, fallback, isWhole) => ({
  fallback,
  read: (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return fallback;
    const inside = Math.min(high, Math.max(low, value));
    return isWhole ? Math.round(inside) : inside;
  },
});
const offset = between(-MAX_OFFSET_US, MAX_OFFSET_US, 0, true);
const flag = (fallback) => ({ fallback, read: (value) => (typeof value === "boolean" ? value : fallback) });

const FIELDS = {
  scroll: {
    mode: oneOf("constant", "beat"),
    ms: between(...SCROLL_MS, 1_100, true),
    direction: oneOf("down", "up"),
    view: oneOf("deep", "flat"),
  },
  sound: { music: between(0, 1, 0.7), hits: between(0, 1, 0.5), ticks: oneOf("auto", "on", "off") },
  picture: { motion: oneOf("system", "reduced", "full"), errors: flag(true) },
  calibration: { audio_us: offset, visual_us: offset, input_us: offset },
  practice: { metronome: flag(false), riffs: flag(false) },
  devices: { midi: flag(false), hand: oneOf("keyboard", "wireless", "pad", "midi", "touch") },
};

/** One binding a lane, none twice, none reserved; otherwise the usual ones. */
function readLayout(device, keys, value) {
  const isList = Array.isArray(value) && value.length === keys && new Set(value).size === keys;
  const isGood = isList && value.every((code) => typeof code === "string" && CODE[device].test(code) && !RESERVED.includes(code));
  return isGood ? [...value] : usualLayout(device, keys);
}

/** Anything at all, made into settings: what is wrong or missing becomes the default. */
export function read(raw) {
  const source = raw && typeof raw === "object" && raw.version === VERSION ? raw : {};
  const found = { version: VERSION };
  for (const [group, fields] of Object.entries(FIELDS)) {
    const entries = Object.entries(fields).map(([name, field]) => [name, field.read(source[group]?.[name])]);
    found[group] = Object.fromEntries(entries);
  }
  found.keymaps = {};
  for (const device of DEVICES) {
    const layouts = LANE_COUNTS.map((keys) => [keys, readLayout(device, keys, source.keymaps?.[device]?.[keys])]);
    found.keymaps[device] = Object.fromEntries(layouts);
  }
  return found;
}

function load() {
  try {
    const text = localStorage.getItem(KEY) ?? "null";
    return read(text.length > MAX_TEXT ? null : JSON.parse(text));
  } catch {
    return read(null); // somebody else's text: begin anew
  }
}

export const settings = signal(load());

/** Who wants to hear that something was changed here. */
export const hooks = { onSave() {} };

const FOLLOWING = ["scroll", "sound", "picture", "practice"]; // the others belong to the machine
const UNSAVED_KEY = "popd.unsaved";

/** What goes with the player to other browsers and devices: texts by name, in two maps. */
export function followed({ keymaps, ...groups } = settings.value) {
  const texts = FOLLOWING.flatMap((group) => Object.entries(groups[group]).map(([name, one]) => [`${group}.${name}`, String(one)]));
  const maps = Object.entries(keymaps).flatMap(([device, layouts]) => Object.entries(layouts).map(([keys, layout]) => [`${device}.${keys}`, layout.join(" ")]));
  return { settings: Object.fromEntries(texts), keymaps: Object.fromEntries(maps) };
}

/** As on the first day. */
export const usual = followed(read(null));

const valueOf = (text, fallback) => (typeof fallback === "number" ? Number(text) : typeof fallback === "boolean" ? text === "true" : text);

/** Takes over what was said of one map elsewhere; what is wrong there stays as it is here. */
export function follow(place, texts) {
  const next = structuredClone(settings.value);
  for (const [name, text] of Object.entries(texts)) {
    const [group, field] = name.split(".");
    if (place === "keymaps" && next.keymaps[group]?.[field]) {
      const layout = text.split(" ");
      if (readLayout(group, Number(field), layout).join(" ") === text) next.keymaps[group][field] = layout;
    } else if (place === "settings" && FOLLOWING.includes(group) && Object.hasOwn(FIELDS[group], field)) {
      next[group][field] = valueOf(text, FIELDS[group][field].fallback);
    }
  }
  const checked = read(next);
  if (JSON.stringify(checked) !== JSON.stringify(settings.value)) keep(checked);
}

/** The names that were changed here and not told the daemon yet, by map. */
export function unsaved() {
  const names = (list) => (Array.isArray(list) ? list.filter((name) => typeof name === "string") : []);
  try {
    const found = JSON.parse(localStorage.getItem(UNSAVED_KEY) ?? "{}");
    return { settings: names(found.settings), keymaps: names(found.keymaps) };
  } catch {
    return { settings: [], keymaps: [] };
  }
}

function keepUnsaved(names) {
  try {
    localStorage.setItem(UNSAVED_KEY, JSON.stringify(names));
  } catch {
    // a full or forbidden store: what is changed next is told
  }
}

/** The daemon has these. */
export function noteSaved(place, names) {
  const left = unsaved();
  keepUnsaved({ ...left, [place]: left[place].filter((name) => !names.includes(name)) });
}

function save(next) {
  const [before, after, waiting] = [followed(), followed(next), unsaved()];
  for (const place of ["settings", "keymaps"]) {
    const changed = Object.keys(after[place]).filter((name) => after[place][name] !== before[place][name]);
    waiting[place] = [...new Set([...waiting[place], ...changed])];
  }
  keepUnsaved(waiting);
  keep(next);
  hooks.onSave();
}

function keep(next) {
  settings.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // a full or forbidden store: they hold until the page closes
  }
}

/** Changes fields of a group, within their bounds. */
export function change(group, fields) {
  const { value } = settings;
  save(read({ ...value, [group]: { ...value[group], ...fields } }));
}

export function setLayout(device, keys, layout) {
  const { keymaps, ...rest } = settings.value;
  save(read({ ...rest, keymaps: { ...keymaps, [device]: { ...keymaps[device], [keys]: layout } } }));
}

export const layoutOf = (device, keys) => settings.value.keymaps[device][keys] ?? usualLayout(device, keys);

export const isReserved = (code) => RESERVED.includes(code);

export const resetAll = () => save(read(null));

export const exportText = () => JSON.stringify(settings.value, null, 1);

/** Takes settings from a text; throws an Error in a sentence when it holds none. */
export function importText(text) {
  let raw;
  try {
    raw = JSON.parse(text.slice(0, MAX_TEXT));
  } catch {
    throw new Error("That is not a settings text: it is not JSON. Paste all of what was copied.");
  }
  if (raw?.version !== VERSION) throw new Error(`That is not a settings text of version ${VERSION}. Save it anew where it came from.`);
  save(read(raw));
}

const wantsLess = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether movement that means nothing is left out. */
export function isCalm() {
  const { motion } = settings.value.picture;
  return motion === "reduced" || (motion === "system" && wantsLess.matches);
}

/** Lets the style sheets know; again when the system or the player changes their mind. */
export function showMotion() {
  document.documentElement.dataset.motion = isCalm() ? "reduced" : "full";
}
wantsLess.addEventListener("change", showMotion);
settings.subscribe(showMotion);
