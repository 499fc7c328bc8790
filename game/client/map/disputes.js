// Disputes: what the daemon says of people, partings, stakes, forks and reports; and what is asked of it.
import { computed, signal } from "../html.js";
import { ask } from "../daemon/ask.js";
import { read } from "../people/reading.js";
import * as state from "../daemon/state.js";

const LOOK_MS = 5_000;
const EMPTY = { stakes: [], reports: [], divergences: [], diverged_from_you: [], forks: [], contested: [] };

export const phases = signal(null); // the map: { people, arcs, phases, left_out }
export const disputes = signal(null);
export const chosen = signal(""); // whom the user looks at, by key
export const isClose = signal(false); // the map shows only who is around the user
export const acting = signal(null); // the act that is being asked about: { what, ... }
export const told = signal(null); // what was just done: { words, undo? }
export const silence = signal(""); // why what is shown may be old

export const found = computed(() => disputes.value ?? EMPTY);
export const ownFork = computed(() => found.value.forks.find((fork) => fork.person.id === state.me.value));
export const partedFrom = (id) => found.value.divergences.find((one) => one.person.id === id);

/** Reads all again; what can't be read stays as it was, and says so. */
export async function look() {
  try {
    const [seen, disputed] = await Promise.all([
      read("disputes/map"),
      read("disputes"),
      state.loadPurse(),
    ]);
    if (JSON.stringify(seen) !== JSON.stringify(phases.value)) phases.value = seen;
    if (JSON.stringify(disputed) !== JSON.stringify(disputes.value)) disputes.value = disputed;
    silence.value = "";
  } catch (error) {
    silence.value = `${error.why} ${error.next}`;
  }
}

/** Looks now and then; returns how to stop. */
export function keepLooking() {
  let timer = 0;
  let isOver = false;
  const again = async () => {
    await look();
    if (!isOver) timer = setTimeout(again, LOOK_MS);
  };
  again();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

export const previewOf = (id) => read(`disputes/preview?diverge=${encodeURIComponent(id)}`);

/** Has an entry written, and tells `words` once it is; throws a Refusal. */
export async function write(path, json, words, undo) {
  await ask(state.token, "POST", path, { json });
  acting.value = null;
  told.value = { words, undo };
  await look();
}
