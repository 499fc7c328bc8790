// Trust: who is how near to the user and to whom they are tied, as the daemon last told it.
import { computed, signal } from "../html.js";
import { path } from "../daemon/ask.js";
import * as state from "../daemon/state.js";
import { byNearness } from "./nearness.js";
import { read } from "./reading.js";

const LOOK_MS = 15_000;
const MOST_KEPT = 64; // people whose ties are remembered until the next look

export const known = signal(null); // { observer, now_ms, total, people, clusters }
export const between = signal(null); // the clusters: { clusters, rates, bridges, mine }
export const silence = signal(""); // why what is shown may be old
export const looks = signal(0); // how often it was looked

export const ordered = computed(() => byNearness(known.value?.people ?? []));
export const byId = computed(() => new Map(ordered.value.map((one) => [one.id, one])));
export const clusterOf = (id) => known.value?.clusters.find((one) => one.id === id) ?? null;

const kept = new Map(); // promises of people, by id

/** All that is known of one person and why; throws a Refusal. */
export function personOf(id) {
  if (!kept.has(id)) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
    const asked = read(path("trust", "people", id));
    kept.set(id, asked);
    asked.catch(() => kept.delete(id));
  }
  return kept.get(id);
}

const isSame = (one, other) => JSON.stringify({ ...one, now_ms: 0 }) === JSON.stringify({ ...other, now_ms: 0 });

/** Reads all again; what can't be read stays as it was, and says so. */
export async function look() {
  try {
    const [people, clusters] = await Promise.all([read("trust/map"), read("trust/clusters")]);
    kept.clear();
    if (!isSame(people, known.value)) known.value = people;
    if (!isSame(clusters, between.value)) between.value = clusters;
    silence.value = "";
    looks.value++;
  } catch (error) {
    silence.value = `${error.why} ${error.next}`;
  }
}

/** Looks now and then; returns how to stop. */
export function keepLooking() {
  let timer = 0;
  let isOver = false;
  const again = async () => {
    if (!state.onStage.value) await look();
    if (!isOver) timer = setTimeout(again, LOOK_MS);
  };
  again();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
