// Imports: files that were dropped, on their way to the shelf; each a job that says how far it is.
import { ask, path } from "../daemon/ask.js";
import { signal } from "../html.js";
import { importPlay } from "./plays.js";
import { token } from "../daemon/state.js";
import { addMusic, refresh } from "./shelf.js";

const POLL_MS = 400;
const RETRY_MS = 1_500;
const LOST_PATIENCE_MS = 2_000;
const MAX_JOBS = 200;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_NAME = 200;
const MUSIC = /\.(mp3|ogg|oga|opus|wav|flac)$/i;
const PLAY = /\.popr$/i;
export const ENDINGS = ".osu,.sm,.ssc,.qua,.bms,.bme,.bml,.ojn,.mc,.chart,.osz,.qp,.mcz,.zip,.mp3,.ogg,.oga,.opus,.wav,.flac,.popr";

/** { key, id, file, name, wishes, state, stage, share, songs, wanted, problems, why, next }, the newest last. */
export const jobs = signal([]);
export const asking = signal([]); // music that waits for what is to be made of it
export const trouble = signal(""); // music that could not be added
export const fresh = signal(""); // the song that came last

let keys = 0;
let isWorking = false;
let held = []; // music that was dropped with charts: they may name it
let used = new Set(); // of it, what a song took

const isNamed = (file, wanted) => file.name.toLowerCase() === wanted.split(/[\\/]/).pop().toLowerCase();
const change = (key, fields) => (jobs.value = jobs.value.map((job) => (job.key === key ? { ...job, ...fields } : job)));
const jobOf = (key) => jobs.value.find((job) => job.key === key);
export const isOver = ({ state }) => ["done", "failed", "cancelled"].includes(state);

function addJob(file, wishes = {}) {
  const job = { key: ++keys, id: "", file, name: file.name, wishes, state: "waiting", stage: "waiting its turn", share: 0, songs: [], wanted: [], problems: [], why: "", next: "" };
  const isTooLarge = file.size > MAX_FILE_BYTES;
  const told = isTooLarge
    ? { state: "failed", why: `${file.name} is larger than ${MAX_FILE_BYTES >> 20} MiB.`, next: "Drop a smaller file; nothing was kept of this one." }
    : {};
  const rest = jobs.value.length < MAX_JOBS ? jobs.value : jobs.value.filter((one) => !isOver(one));
  jobs.value = [...rest, { ...job, ...told }];
}

/** Music that a song lacks goes there. */
function takenAsWanted(file) {
  const wanted = jobs.value.flatMap((job) => job.wanted).find((one) => isNamed(file, one.file));
  if (wanted) giveMusic(wanted.song, file).catch((error) => (trouble.value = `${error.why} ${error.next}`));
  return Boolean(wanted);
}

/** Files came. Charts and archives go at once; music first waits for charts that may name it, then asks. */
export function take(files) {
  const all = [...files].slice(0, MAX_JOBS);
  const music = all.filter((file) => MUSIC.test(file.name) && !takenAsWanted(file));
  const others = all.filter(({ name }) => !MUSIC.test(name));
  for (const file of others) addJob(file);
  if (others.some(({ name }) => !PLAY.test(name))) held.push(...music);
  else asking.value = [...asking.value, ...music];
  work();
}

/** Makes charts of music: `wishes` are { keys: "4,7", level, parts }. */
export function makeCharts(files, wishes) {
  asking.value = asking.value.filter((file) => !files.includes(file));
  for (const file of files) addJob(file, wishes);
  work();
}

export const dontAsk = () => (asking.value = []);

export function dismiss(key) {
  jobs.value = jobs.value.filter((job) => job.key !== key);
}

export async function cancel(key) {
  const job = jobOf(key);
  if (job.id) await ask(token, "DELETE", path("imports", job.id)).catch(() => {});
  if (!isOver(jobOf(key))) change(key, { state: "cancelled" });
}

async function work() {
  if (isWorking) return;
  isWorking = true;
  for (let job = nextJob(); job; job = nextJob()) await workOn(job);
  isWorking = false;
  asking.value = [...asking.value, ...held.filter((file) => !used.has(file))];
  held = [];
  used = new Set();
}

const nextJob = () => jobs.value.find(({ state }) => state === "waiting");

async function workOn({ key, file }) {
  try {
    change(key, { state: "working", stage: "on its way" });
    if (PLAY.test(file.name)) await keepPlay(key, file);
    else await open(key, file);
  } catch (error) {
    change(key, { state: "failed", why: error.why ?? `${file.name} could not be read.`, next: error.next ?? "Drop it again." });
  }
}

async function keepPlay(key, file) {
  const { title } = await importPlay(file);
  change(key, { state: "done", stage: `a play of ${title}`, share: 1 });
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The daemon takes only so many at once; then it is asked again. */
async function post(key, file) {
  const query = new URLSearchParams({ file: file.name.slice(-MAX_NAME), ...jobOf(key).wishes });
  for (;;) {
    try {
      return await ask(token, "POST", `imports?${query}`, { bytes: file });
    } catch (error) {
      if (error.status !== 429 || isOver(jobOf(key))) throw error;
      change(key, { stage: "waiting for others" });
      await pause(RETRY_MS);
    }
  }
}

async function open(key, file) {
  let told = await post(key, file);
  for (;;) {
    if (isOver(jobOf(key))) {
      if (!isOver(told)) await ask(token, "DELETE", path("imports", told.id)).catch(() => {});
      return;
    }
    show(key, told);
    if (isOver(told)) break;
    await pause(POLL_MS);
    told = await howFar(told);
  }
  if (told.state === "done") await came(key, told);
}

/** While the daemon doesn't answer, the import goes on; what it says counts again later. */
async function howFar(before) {
  try {
    return await ask(token, "GET", path("imports", before.id));
  } catch (error) {
    if (error.status !== 0) throw error;
    await pause(LOST_PATIENCE_MS);
    return { ...before, stage: "waiting for the daemon" };
  }
}

const textOf = (value) => (typeof value === "string" ? value.slice(0, 400) : "");
const listOf = (value) => (Array.isArray(value) ? value.slice(0, 100) : []);

function show(key, told) {
  change(key, {
    id: textOf(told.id),
    state: isOver(told) ? told.state : "working",
    stage: textOf(told.stage),
    share: Math.min(1, Math.max(0, Number(told.share) || 0)),
    songs: listOf(told.songs).filter((name) => typeof name === "string"),
    wanted: listOf(told.wanted).filter((one) => typeof one?.song === "string" && typeof one.file === "string"),
    problems: listOf(told.problems).map(textOf).filter(Boolean),
    why: textOf(told.why),
    next: textOf(told.next),
  });
}

/** Songs came: what they name and was dropped with them is theirs. */
async function came(key, { songs }) {
  await refresh();
  fresh.value = songs?.[0] ?? fresh.value;
  for (const { song, file: wanted } of jobOf(key)?.wanted ?? []) {
    const file = held.find((one) => isNamed(one, wanted));
    if (!file) continue;
    change(key, { stage: `adding ${file.name}` });
    await addMusic(song, file);
    used.add(file);
    change(key, { wanted: jobOf(key).wanted.filter((one) => one.song !== song), stage: "" });
  }
}

/** The user chose the music of a song that lacks it. Throws a Refusal. */
export async function giveMusic(song, file) {
  await addMusic(song, file);
  jobs.value = jobs.value.map((job) => ({ ...job, wanted: job.wanted.filter((one) => one.song !== song) }));
}
