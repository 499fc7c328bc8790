// Rooms: the room one is in, and those nearby; when the host counts in, the own part begins by itself.
import { ask, path } from "../daemon/ask.js";
import { computed, effect, signal } from "../html.js";
import { begin } from "../play/live.js";
import { chartOf, chooseChart, playableCharts } from "../songs/choosing.js";
import * as state from "../daemon/state.js";
import { plural } from "../words.js";

const LOOK_MS = 2_000;
const SAME_START_US = 1_000_000; // a start that is measured anew moves by less
const STAND_IN = "room"; // the source of a song that is the host's chart alone
const FREE_PHASES = ["idle", "refused", "ended"];

export const own = signal(null); // the room one is in
export const nearby = signal([]);
export const trouble = signal(null); // { why, next } of what was refused last
export const isBusy = signal(false); // something was asked for, and is not answered yet
export const isPanelOpen = signal(false);

export const mine = computed(() => own.value?.members.find(({ is_me: isMe }) => isMe) ?? null);
export const others = computed(() => (own.value?.members ?? []).filter(({ is_me: isMe }) => !isMe));
/** Counted in, and the others have begun or are about to. */
export const isOn = computed(() => Boolean(own.value?.can_play && own.value.state !== "gathering"));

let begunUs = 0; // the start that this page began with
let isLooking = false;
let isSettling = false;

function take(rooms) {
  own.value = rooms.own;
  nearby.value = rooms.nearby;
  if (!isBusy.value) settle();
  if (own.value?.state === "counting" && mine.value?.ready) beginTogether(); // nobody is made to play by a host's word
}

/** Asks how it stands. */
export async function refresh() {
  if (isLooking || !state.token) return;
  isLooking = true;
  await ask(state.token, "GET", path("rooms")).then(take).catch(() => {}); // the line says when the daemon is gone
  isLooking = false;
}

/** Does something with the room: "" opens one, or join, leave, part, ready, start. Resolves to whether it was done. */
export async function act(what, json = {}) {
  if (isBusy.value) return false;
  isBusy.value = true;
  trouble.value = null;
  try {
    take(await ask(state.token, "POST", what ? path("rooms", what) : path("rooms"), { json }));
    return true;
  } catch (error) {
    trouble.value = { why: error.why ?? "That did not work.", next: error.next ?? "Try again." };
    state.announcement.value = `${trouble.value.why} ${trouble.value.next}`;
    return false;
  } finally {
    isBusy.value = false;
  }
}

const partOf = (chart) => ({ chart: chart.id, label: [plural(chart.keys, "key"), chart.level].filter(Boolean).join(", ").slice(0, 60) });

/** Opens a room with the chosen chart. */
export const open = (chart) => act("", partOf(chart));

export async function takePart(chart) {
  await act("part", partOf(chart));
  await settle();
}

/** Joins; the song follows. */
export async function join(room) {
  if (await act("join", { room: room.id })) await settle();
}

const hostsPart = () => own.value?.members.find(({ is_host: isHost }) => isHost)?.part;

/** The part that the daemon says; for a start, as long as it says none, the host's. */
const wantedPart = () => mine.value?.part ?? hostsPart();

/** The song that is shown has one's part, though not for as many lanes as can be played. */
export const isPartTooWide = () => Boolean(mine.value?.part && !partNow() && state.song.value?.charts.some(({ id }) => id === mine.value.part));

/** The chart of one's part in the song that is shown; null while the song is another one. */
export function partNow() {
  const charts = playableCharts(state.song.value);
  const isOfRoom = (state.song.value?.charts ?? []).some(({ id }) => id === wantedPart());
  const first = isOfRoom && !mine.value?.part ? charts[0] : null;
  return charts.find(({ id }) => id === wantedPart()) ?? first ?? null;
}

/** What is shown, and played, is one's part. */
function hold(chart) {
  if (chartOf(state.song.value, state.keys.value)?.id === chart.id) return;
  chooseChart(state.song.value, chart);
  state.keys.value = chart.keys;
}

/** Until the song of the room is there, and one has a part of it: the host's, for a start. */
async function settle() {
  if (isSettling || !own.value) return;
  isSettling = true;
  const mayBeKnown = state.song.value?.source === STAND_IN && FREE_PHASES.includes(state.phase.value);
  if (!partNow() || mayBeKnown) await chooseSong();
  const chart = partNow();
  if (chart) hold(chart);
  if (chart && mine.value && !mine.value.part) await act("part", partOf(chart));
  isSettling = false;
}

/** Shows the song of the room: one's own copy of it, or the chart alone that the host shares. */
async function chooseSong() {
  const id = wantedPart();
  if (!id || !state.songs.value) return; // once they are here, this is asked again: it may be one of them
  const known = state.songs.value.find(({ charts }) => charts.some((chart) => chart.id === id));
  if (known) state.song.value = known;
  else if (!partNow()) state.song.value = (await songOfChart(id)) ?? state.song.value;
}

async function songOfChart(id) {
  const chart = await state.loadChart(id).catch(() => null); // it may still be on its way
  if (!chart) return null;
  const durationMs = chart.duration_us / 1_000;
  const about = { id, keys: chart.keys, notes: chart.notes.length, holds: 0, duration_ms: durationMs, level: "", stars: null };
  return {
    name: `room ${id.slice(0, 16)}`, title: chart.title, artist: chart.artist, bpm: 60_000_000 / chart.timing[0][1],
    duration_ms: durationMs, charts: [about], source: STAND_IN, has_music: false, music_start_ms: 0, preview_ms: 0, added_ms: 0,
  };
}

/** Begins with the others; once for each start, unless it is asked for: then at the next bar. */
export function beginTogether({ isAgain = false } = {}) {
  const { t0_us: t0Us } = own.value ?? {};
  const isNew = isAgain || Math.abs((t0Us ?? begunUs) - begunUs) > SAME_START_US;
  const isFree = FREE_PHASES.includes(state.phase.value) || (isAgain && state.phase.value === "paused");
  const chart = partNow();
  if (!isOn.value || !isNew || !isFree || !chart) return;
  hold(chart);
  begunUs = t0Us;
  isPanelOpen.value = false;
  begin({ isTogether: true, isGoingOn: isAgain });
}

/** Who is in, in words: "Ana and Ben", "Ana, Ben and 2 others". */
export function namesOf(people, nameOf) {
  const names = people.slice(0, people.length > 3 ? 2 : 3).map(({ person }) => nameOf(person));
  const rest = people.length - names.length;
  if (rest) return `${names.join(", ")} and ${rest} others`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "nobody");
}

/** Follows what the daemon says of rooms, as long as the page lives. */
export function keepRooms() {
  state.hooks.onRoom = refresh;
  effect(() => void (state.line.value === "open" && refresh()));
  effect(() => void (state.songs.value && queueMicrotask(() => isBusy.value || settle())));
  setInterval(() => (own.value || isPanelOpen.value) && !document.hidden && refresh(), LOOK_MS);
}
