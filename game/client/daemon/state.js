// State: what the page knows, as signals; views read them, the show and these loaders write them.
import { DaemonClock } from "./clock.js";
import { batch, computed, signal } from "../html.js";
import { HttpError, Link, fetchJson } from "./link.js";
import { cameByPoster, isGuest as isGuestHere, isLent, tokenHere } from "./pairing.js";
import { readSongs } from "../songs/reading.js";

const MAX_LANES = 18;
const USUAL_LANES = 4;
const STATUS_MS = 3_000;
const GUEST_STATUS_MS = 30_000; // a hall of phones asks little
const MAIN_WINDOW_MS = 120_000;
const PRACTICE_WINDOW_MS = 20_000;

function lanesChosen() {
  const stored = Number(localStorage.getItem("popd.keys"));
  return Number.isInteger(stored) && stored >= 1 && stored <= MAX_LANES ? stored : USUAL_LANES;
}

export const token = await tokenHere();
export const clock = new DaemonClock();
/** A guest of a concert sees that alone. */
export const isGuest = isGuestHere(token);

export const place = signal(isGuest || cameByPoster ? "concert" : "play");
export const part = signal(""); // which part of a place is open
export const trouble = signal(token || isGuest ? "" : "token"); // "", token, lent, seat, daemon
export const line = signal("waiting"); // the WebSocket: open, waiting
export const status = signal(null);
export const songs = signal(null);
export const purse = signal(null);
export const song = signal(null); // the entry of `songs` that is chosen
export const keys = signal(lanesChosen());
export const unsent = signal(0); // presses that wait for the daemon
export const announcement = signal(""); // what a screen reader hears

// A performance: idle, asking, refused, counting, playing, paused, ended.
export const phase = signal("idle");
export const act = signal("live"); // live, practice, watch
export const asked = signal(0);
export const refusal = signal(null);
export const session = signal(null);
export const windows = signal([]); // window messages, by session and number
export const progress = signal({ us: 0, window: 0, share: 0 });
export const tally = signal(null); // { accuracy, grades, bestCombo, lead } so far
export const outcome = signal(null); // what results are made of
export const record = signal(null); // the last play, as record.js says
export const ending = signal(""); // why the play ended
export const onStage = computed(() => ["counting", "playing", "paused"].includes(phase.value));

/**
 * What others want to hear of: `onRecord(record)`, a play of more than ten seconds ended; `onRoom()`, something
 * about rooms changed; and are asked:
 * `rivalOf(chart id)` resolves to the record that is raced against, or null.
 */
export const hooks = { onRecord() {}, onRoom() {}, rivalOf: async () => null };

export const windowMs = computed(
  () => (session.value?.window_us ?? 0) / 1_000 || (status.value?.practice === false ? MAIN_WINDOW_MS : PRACTICE_WINDOW_MS),
);
/** The owner's page sees purse and coins; a phone that was let in to play doesn't. */
export const isOwner = computed(() => status.value?.scopes?.includes("owner") ?? !isGuest);
/** Whoever was let in only to play says nothing of concerts. */
export const mayRate = computed(() => isOwner.value || (status.value?.scopes?.includes("rate") ?? isGuest));
export const me = computed(() => status.value?.identity?.id ?? "");

/** Who somebody is, by what this page was told about them. */
export const isPractice = (id) => Boolean(status.value?.neighbours?.find((one) => one.id === id)?.practice);

/** The address of a part of a place, where it has one of its own: somebody's page, a coin, what counts, a concert. */
function addressOf(where, wanted) {
  if (/^people(\/|$)/.test(wanted)) return wanted;
  return ["purse", "concert"].includes(where) && wanted ? `${where}/${wanted}` : where;
}

/** `part` is a part of the place to open, such as a test in the settings. */
export function goTo(where, wanted = "") {
  part.value = wanted;
  place.value = where;
  history.replaceState(null, "", where === "play" ? location.pathname : `#${addressOf(where, wanted)}`);
  if (where === "purse") loadPurse();
}

async function load(path, into) {
  try {
    into.value = await fetchJson(token, path);
    if (trouble.value === "daemon") trouble.value = "";
    return into.value;
  } catch (error) {
    const isRefused = error instanceof HttpError && (error.status === 401 || error.status === 403);
    trouble.value = !isRefused ? "daemon" : isGuest ? "seat" : isLent() ? "lent" : "token";
    return null;
  }
}

export const loadPurse = () => (isOwner.value ? load("purse", purse) : null);

export const loadScore = (name) => fetchJson(token, `songs/${name}/score`);
export const loadChart = (id) => fetchJson(token, `charts/${id}`);

/** Asks how things are until everything is there; then now and then, while nobody plays. */
export async function keepLooking() {
  if (!token) return;
  if (!onStage.value || !status.value) await load("status", status);
  if (!songs.value && !isGuest) {
    const answer = await load("songs", signal(null));
    if (answer) batch(() => {
      songs.value = readSongs(answer.songs);
      const last = localStorage.getItem("popd.song");
      song.value = songs.value.find(({ name }) => name === last) ?? songs.value[0] ?? null;
    });
  }
  if (!["token", "lent", "seat"].includes(trouble.value)) setTimeout(keepLooking, isGuest && status.value ? GUEST_STATUS_MS : STATUS_MS);
}

/** Remembers a session in this tab, so that a reload doesn't lose sight of its coins. */
export function rememberSession(id) {
  sessionStorage.setItem("popd.session", id);
}

export async function restoreWindows() {
  const id = sessionStorage.getItem("popd.session");
  if (!id || !token) return;
  const answer = await fetchJson(token, `blocks?session=${id}`).catch(() => null);
  if (answer && phase.value === "idle") windows.value = answer.windows;
}

export function connect(onMessage) {
  const link = new Link(token, clock, onMessage, (state) => (line.value = state), (count) => (unsent.value = count));
  unsent.value = link.unsent;
  if (token) link.connect();
  return link;
}
