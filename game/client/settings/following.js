// Following: settings and keymaps go with the player, to other browsers and devices, by way of the daemon's notes.
import { ask, path } from "../daemon/ask.js";
import { effect } from "../html.js";
import { isOwner, line, onStage, status, token } from "../daemon/state.js";
import { follow, followed, hooks, noteSaved, unsaved, usual } from "./settings.js";

const PLACES = ["settings", "keymaps"];
const SAVE_MS = 400; // a slider is on its way for so long
const LOOK_MS = 15_000;

let work = null;
let timer = 0;

const isTexts = (values) => values && typeof values === "object" && Object.values(values).every((text) => typeof text === "string");

/** What this browser says to one map, and what it then holds; `changed` are names that were changed here last. */
async function exchange(place, mine, changed) {
  const { values } = await ask(token, "GET", path("own", place));
  const known = isTexts(values) ? values : {};
  const isNew = (name, text) => (changed.includes(name) ? known[name] !== text : !(name in known) && text !== usual[place][name]);
  const told = Object.fromEntries(Object.entries(mine).filter(([name, text]) => isNew(name, text)));
  if (Object.keys(told).length) await ask(token, "PUT", path("own", place), { json: { values: told } });
  noteSaved(place, changed.filter((name) => followed()[place][name] === mine[name]));
  return { ...known, ...told };
}

async function exchangeAll() {
  for (const place of PLACES) {
    const held = await exchange(place, followed()[place], unsaved()[place]);
    const waiting = unsaved()[place];
    follow(place, Object.fromEntries(Object.entries(held).filter(([name]) => !waiting.includes(name))));
  }
}

/** Brings this browser and the daemon together; never twice at once. What fails is tried again. */
export function synchronise() {
  if (!token || !isOwner.value || !status.value || line.value !== "open" || onStage.value) return work ?? Promise.resolve();
  work ??= exchangeAll().catch(() => {}).finally(() => (work = null));
  return work;
}

/** Takes its place in the page. */
export function keepFollowing() {
  hooks.onSave = () => {
    clearTimeout(timer);
    timer = setTimeout(synchronise, SAVE_MS);
  };
  effect(() => {
    if (line.value === "open" && status.value && !onStage.value) setTimeout(synchronise);
  });
  document.addEventListener("visibilitychange", () => document.hidden || synchronise());
  setInterval(() => document.hidden || synchronise(), LOOK_MS);
}
