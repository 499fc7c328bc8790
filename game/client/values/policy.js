// Policy: what counts for the user, as a draft that can be changed, tried out, undone and kept.
import { batch, computed, signal } from "../html.js";
import { Refusal, ask } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

const PREVIEW_MS = 150; // after the last movement of a slider
const MOST_UNDONE = 100;
const MOST_BYTES = 65_536; // of a policy's text
const TOO_LONG = "A policy is at most 64 KiB.";
const SETTINGS = ["continuity", "clusters", "strangers", "close_at", "contested", "reported", "forked"];
const DATES = ["since", "before"];

export const draft = signal(null); // { name, about, settings, rules: [{ times, why, conditions }], plugins }
export const kept = signal(null); // the TOML that counts now, as the daemon writes it
export const text = signal(""); // the draft as TOML, as it stands in the text view
export const preview = signal(null);
export const problem = signal(""); // why the draft can't be used
export const ready = signal([]); // ready-made policies
export const installed = signal([]); // names of plug-ins
export const people = signal([]); // whom a rule can name
export const clusters = signal([]); // which clusters: { id, name }
export const past = signal([]); // drafts before this one, the latest last
export const saving = signal(""); // "", "saving", "saved"
export const isChanged = computed(() => draft.value !== null && text.value !== kept.value);

const copy = (value) => JSON.parse(JSON.stringify(value));
const shapeOf = ({ name, about, settings, rules, plugins }) =>
  copy({ name, about, settings, rules: rules.map(({ times, why, conditions }) => ({ times, why, conditions })), plugins });

const quoted = (words) => `"${words.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
const number = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function written(key, value) {
  if (DATES.includes(key) && typeof value === "string") return value;
  if (key === "hands_over") return String(Math.round(value));
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" ? number(value) : quoted(value);
}

/** A draft as TOML; the daemon reads it, and says what is wrong with it. */
export function tomlOf({ name, about, settings, rules, plugins }) {
  const lines = [`name = ${quoted(name)}`];
  if (about) lines.push(`about = ${quoted(about)}`);
  for (const key of SETTINGS) lines.push(`${key} = ${number(settings[key])}`);
  for (const { times, why, conditions } of rules) {
    lines.push("", "[[rule]]");
    for (const [key, value] of Object.entries(conditions)) lines.push(`${key} = ${written(key, value)}`);
    lines.push(`times = ${number(times)}`);
    if (why) lines.push(`why = ${quoted(why)}`);
  }
  for (const { name: plugin, parameters, why } of plugins) {
    lines.push("", "[[plugin]]", `name = ${quoted(plugin)}`);
    for (const [key, value] of Object.entries(parameters)) lines.push(`${quoted(key)} = ${written("", value)}`);
    if (why) lines.push(`why = ${quoted(why)}`);
  }
  return `${lines.join("\n")}\n`;
}

const isTooLong = (toml) => new Blob([toml]).size > MOST_BYTES;
addEventListener("beforeunload", (event) => isChanged.value && event.preventDefault());

/** Reads all that the editor shows; a draft that was not saved stays as it was left. */
export async function openPolicy() {
  saving.value = "";
  try {
    const [mine, offered, map, parts] = await Promise.all([
      ask(state.token, "GET", "value/policy"),
      ask(state.token, "GET", "value/policies"),
      ask(state.token, "GET", "disputes/map").catch(() => ({ people: [] })),
      ask(state.token, "GET", "trust/clusters").catch(() => ({ clusters: [] })),
    ]);
    batch(() => {
      const isLeft = isChanged.value;
      kept.value = tomlOf(shapeOf(mine));
      ready.value = offered.policies;
      installed.value = offered.plugins;
      people.value = [...map.people, ...mine.people.filter((one) => !map.people.some(({ id }) => id === one.id))];
      clusters.value = parts.clusters;
      if (isLeft) return;
      draft.value = shapeOf(mine);
      text.value = kept.value;
      past.value = [];
      problem.value = mine.trouble;
    });
    tryOut();
  } catch (error) {
    problem.value = `${error.why} ${error.next}`;
  }
}

/** The draft after `change(draft)`; one step of undoing. Movements of one slider (`of`) are one step. */
export function alter(change, of = "") {
  const next = copy(draft.value);
  change(next);
  const last = past.value.at(-1);
  const isSameMove = of && last?.of === of && Date.now() - last.at < 1_000;
  batch(() => {
    past.value = isSameMove
      ? [...past.value.slice(0, -1), { ...last, at: Date.now() }]
      : [...past.value, { draft: draft.value, of, at: Date.now() }].slice(-MOST_UNDONE);
    draft.value = next;
    text.value = tomlOf(next);
    saving.value = "";
  });
  tryOut();
}

export function undo() {
  const last = past.value.at(-1);
  if (!last) return;
  batch(() => {
    past.value = past.value.slice(0, -1);
    draft.value = last.draft;
    text.value = tomlOf(last.draft);
    saving.value = "";
  });
  tryOut();
}

/** Another policy in place of the draft: a ready-made one, or one that somebody shared. */
export const begin = (policy) => alter((next) => Object.assign(next, shapeOf(policy)));

/** What somebody typed; cards follow once the daemon could read it. */
export function type(toml) {
  text.value = toml;
  saving.value = "";
  tryOut(true);
}

let timer = 0;
let asked = 0;

function tryOut(isTyped = false) {
  clearTimeout(timer);
  if (isTooLong(text.value)) {
    asked++; // what is on its way is of an earlier text
    problem.value = TOO_LONG;
    return;
  }
  timer = setTimeout(() => look(isTyped), PREVIEW_MS);
}

const tried = (toml) => ask(state.token, "POST", "value/policy/preview", { json: { toml } });
const whyNot = ({ status, why, next }) => (status === 400 ? why : `${why} ${next}`);

/** Shows what was found of the draft, and follows it where it came as text. */
function show(found, isText) {
  preview.value = found;
  problem.value = "";
  if (!isText) return;
  past.value = [...past.value, { draft: draft.value, of: "", at: Date.now() }].slice(-MOST_UNDONE);
  draft.value = shapeOf(found.policy);
}

async function look(isTyped) {
  const mine = ++asked;
  try {
    const found = await tried(text.value);
    if (mine === asked) batch(() => show(found, isTyped)); // else a later movement is on its way
  } catch (error) {
    if (mine === asked) problem.value = whyNot(error);
  }
}

/** Puts a file in place of the draft, if it is a policy; resolves to why it is none, or "". */
export async function importFile(file) {
  if (file.size > MOST_BYTES) return TOO_LONG;
  try {
    const toml = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    const found = await tried(toml);
    clearTimeout(timer);
    asked++;
    batch(() => {
      text.value = toml;
      saving.value = "";
      show(found, true);
    });
    return "";
  } catch (error) {
    return error instanceof Refusal ? whyNot(error) : "It can't be read as text.";
  }
}

/** From now on the draft counts. */
export async function save() {
  saving.value = "saving";
  try {
    const mine = await ask(state.token, "PUT", "value/policy", { json: { toml: text.value } });
    batch(() => {
      draft.value = shapeOf(mine);
      kept.value = text.value = tomlOf(draft.value);
      problem.value = "";
      saving.value = "saved";
      state.announcement.value = `${mine.name} counts for you now.`;
    });
    state.loadPurse();
    tryOut();
  } catch (error) {
    saving.value = "";
    problem.value = `${error.why} ${error.next}`;
  }
}
