// Plays: what was played, kept by the daemon; until it has them they wait here, also over a reload.
import { Refusal, ask, path } from "../daemon/ask.js";
import { effect, signal } from "../html.js";
import { playFrom, recordFrom } from "./play-times.js";
import { Queue } from "./play-queue.js";
import { hooks, line, songs, status, token } from "../daemon/state.js";

const MILLION = 1_000_000;
const RETRY_MS = 15_000;
const RIVAL_KEY = "popd.rival";

export const plays = signal(null); // what the daemon keeps, the newest first; null until asked
export const queued = signal([]); // plays that wait for the daemon
export const notice = signal(""); // what became of plays that could not be kept
/** The play that ended last: { state: saving | queued | kept | refused, before: best before it or null, about }. */
export const last = signal(null);
export const isRacing = signal(localStorage.getItem(RIVAL_KEY) === "best");

const queue = new Queue();

export function setRacing(wanted) {
  isRacing.value = wanted;
  try {
    localStorage.setItem(RIVAL_KEY, wanted ? "best" : "none");
  } catch {
    // it holds until the page closes
  }
}

const isSummary = (play) => /^[0-9a-f]{64}$/.test(play?.id) && typeof play.chart === "string" && Array.isArray(play.grades);

const runs = signal({}); // the best on each chart, on whichever device: "accuracy notes when"

function runOf(text) {
  const [accuracy, notes] = String(text).split(" ").map(Number);
  return Number.isFinite(accuracy) && Number.isFinite(notes) ? { accuracy_ppm: accuracy, merit: accuracy * notes } : null;
}

/** The best accuracy on a chart, here or on another device: { accuracy_ppm, isElsewhere }, or null. */
export function bestRun(chartId) {
  const here = bestOf(chartId);
  const merit = here ? here.accuracy_ppm * here.grades.reduce((sum, count) => sum + count, 0) : -1;
  const run = runs.value[chartId] ? runOf(runs.value[chartId]) : null;
  if (run && run.merit > merit) return { accuracy_ppm: run.accuracy_ppm, isElsewhere: true };
  return here && { accuracy_ppm: here.accuracy_ppm, isElsewhere: false };
}

async function loadRuns() {
  const { values } = await ask(token, "GET", path("own", "runs"));
  runs.value = values && typeof values === "object" ? values : {};
}

export async function loadPlays() {
  loadRuns().catch(() => {}); // an older daemon keeps none
  const answer = await ask(token, "GET", "plays");
  plays.value = (Array.isArray(answer.plays) ? answer.plays : []).filter(isSummary);
}

export const bestOf = (chartId) => plays.value?.find(({ chart, is_best: isBest }) => chart === chartId && isBest) ?? null;

/** The song on the list that a chart is of, or null. */
export const songOf = (chartId) => songs.value?.find(({ charts }) => charts.some(({ id }) => id === chartId)) ?? null;

/** A kept play as a record that can be watched and raced against. Throws a Refusal. */
export async function loadRecord(id) {
  return recordFrom((await ask(token, "GET", path("plays", id))).play);
}

/** The best of a chart, for who races it; null otherwise. */
async function rivalOf(chartId) {
  if (!isRacing.value) return null;
  if (!plays.value) await loadPlays().catch(() => {});
  const best = bestOf(chartId);
  return best ? loadRecord(best.id).catch(() => null) : null;
}

const isWorthATry = (error) => error.status === 0 || error.status >= 500 || error.status === 401 || error.status === 429;

async function send(play) {
  const about = await ask(token, "POST", "plays", { json: play });
  if (last.value?.made_ms === play.made_ms) last.value = { ...last.value, state: "kept", about };
}

async function sendAll() {
  for (const { key, play } of await queue.all()) {
    try {
      await send(play);
    } catch (error) {
      if (!(error instanceof Refusal) || isWorthATry(error)) break;
      notice.value = `A play could not be kept. ${error.why}`;
      if (last.value?.made_ms === play.made_ms) last.value = { ...last.value, state: "refused" };
    }
    await queue.remove(key);
  }
  queued.value = (await queue.all()).map(({ play }) => play);
  if (last.value?.state === "saving") last.value = { ...last.value, state: "queued" };
}

let sending = null;
let retryTimer = 0;

/** Sends what waits, one after the other; never twice at once, in no tab. */
export function flush() {
  const locked = () => (navigator.locks ? navigator.locks.request("popd.plays", sendAll) : sendAll());
  const turn = (sending ?? Promise.resolve()).then(locked).then(() => loadPlays()).catch(() => {});
  sending = turn;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(() => queued.value.length && line.value === "open" && flush(), RETRY_MS);
  return turn;
}

/** A play ended: it is kept. */
export async function onRecord(record, nowMs = Date.now()) {
  const play = playFrom(record, nowMs);
  last.value = { state: "saving", chart: play.chart, made_ms: play.made_ms, before: bestOf(play.chart), rate_ppm: play.rate_ppm, from_us: play.from_us };
  const dropped = await queue.add(play);
  if (dropped) notice.value = "Too many plays wait for the daemon: the oldest was let go.";
  queued.value = (await queue.all()).map((one) => one.play);
  await flush();
}

/** Whether a play can be a best: from the beginning, at full speed. */
export const isWhole = (play) => play.from_us === 0 && play.rate_ppm === MILLION;

/** Keeps a play from a file. Throws a Refusal. */
export async function importPlay(bytes) {
  const about = await ask(token, "POST", "plays/file", { bytes });
  await loadPlays();
  return about;
}

/** Hands the user a file of a play. Throws a Refusal. */
export async function exportPlay({ id, title }) {
  const answer = await ask(token, "GET", path("plays", id, "file"), { isRaw: true });
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `${title.replace(/[^\p{L}\p{N} ]+/gu, "").trim().slice(0, 60) || "play"} ${id.slice(0, 6)}.popr`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function removePlay(id) {
  await ask(token, "DELETE", path("plays", id));
  await loadPlays();
}

/** Takes its place in the page: hears of plays, and sends what waits whenever the line is back. */
export function keepPlays() {
  hooks.onRecord = onRecord;
  hooks.rivalOf = rivalOf;
  let isAsked = false;
  effect(() => {
    const isThere = line.value === "open" && status.value !== null;
    if (isThere && !isAsked && token) flush();
    isAsked = isThere;
  });
  queue.all().then((all) => (queued.value = all.map(({ play }) => play)));
}
