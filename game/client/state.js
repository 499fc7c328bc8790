// State: what the page knows, as signals; views read them, the show and these loaders write them.
import { DaemonClock } from "./clock.js";
import { batch, computed, signal } from "./html.js";
import { HttpError, Link, fetchJson, takeToken } from "./link.js";

const STATUS_MS = 3_000;
const MAIN_WINDOW_MS = 120_000;
const PRACTICE_WINDOW_MS = 20_000;

export const token = takeToken();
export const clock = new DaemonClock();

export const place = signal("play");
export const trouble = signal(token ? "" : "token"); // "", token, daemon
export const line = signal("waiting"); // the WebSocket: open, waiting
export const status = signal(null);
export const songs = signal(null);
export const purse = signal(null);
export const song = signal(null); // the entry of `songs` that is chosen
export const keys = signal(Number(localStorage.getItem("popd.keys")) || 4);
export const volume = signal(Number(localStorage.getItem("popd.volume") ?? 0.7));
export const announcement = signal(""); // what a screen reader hears

// A performance: idle, asking, refused, counting, playing, ended.
export const phase = signal("idle");
export const asked = signal(0);
export const refusal = signal(null);
export const session = signal(null);
export const windows = signal([]); // window messages, by number
export const progress = signal({ window: 0, share: 0 });
export const tally = signal(null); // { accuracy, grades, bestCombo, errors }
export const ending = signal(""); // why the session ended

export const windowMs = computed(
  () => (session.value?.window_us ?? 0) / 1_000 || (status.value?.practice === false ? MAIN_WINDOW_MS : PRACTICE_WINDOW_MS),
);
export const me = computed(() => status.value?.identity?.id ?? "");

/** Who somebody is, by what this page was told about them. */
export const isPractice = (id) => Boolean(status.value?.neighbours?.find((one) => one.id === id)?.practice);

export function goTo(where) {
  place.value = where;
  history.replaceState(null, "", where === "play" ? location.pathname : `#${where}`);
  if (where === "purse") loadPurse();
}

async function load(path, into) {
  try {
    into.value = await fetchJson(token, path);
    if (trouble.value === "daemon") trouble.value = "";
    return into.value;
  } catch (error) {
    const isRefused = error instanceof HttpError && (error.status === 401 || error.status === 403);
    trouble.value = isRefused ? "token" : "daemon";
    return null;
  }
}

export const loadPurse = () => load("purse", purse);

export const loadScore = (name) => fetchJson(token, `songs/${name}/score`);
export const loadChart = (id) => fetchJson(token, `charts/${id}`);

/** Asks how things are until everything is there; then now and then, while nobody plays. */
export async function keepLooking() {
  if (!token) return;
  const isBusy = phase.value === "playing" || phase.value === "counting";
  if (!isBusy || !status.value) await load("status", status);
  if (!songs.value) {
    const answer = await load("songs", signal(null));
    if (answer) batch(() => {
      songs.value = answer.songs;
      song.value = answer.songs[0] ?? null;
    });
  }
  if (trouble.value !== "token") setTimeout(keepLooking, STATUS_MS);
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
  const link = new Link(token, clock, onMessage, (state) => (line.value = state));
  if (token) link.connect();
  return link;
}
