// Concerts: what the page knows of them, and what it does with them; the line is open while somebody looks.
import { ask, path } from "../daemon/ask.js";
import { batch, computed, effect, signal } from "../html.js";
import { seat, takeSeatAgain } from "./seat.js";
import * as state from "../daemon/state.js";
import { ConcertLine } from "./line.js";
import { refuse, settle, unsent } from "./saying.js";

const TICK_MS = 250;
const RESEND_MS = 4_000; // what is not acknowledged by then is said again
const KEPT_TAPS = 512;

export const list = signal(null); // ConcertViews, newest first; null until the daemon told
export const feelings = signal([]);
export const methods = signal([]);
export const felt = signal({}); // concert -> { people, taps, energy_ppm }
export const isLineOpen = signal(false);
export const trouble = signal(null); // { why, next } of what was refused last
export const isBusy = signal(false);
export const nowMs = signal(0); // by the daemon's clock
export const hooks = { onFrame() {} };
export const source = { daemonUs, nowMs, hooks }; // what lanes are drawn from
export const hasNoSeat = signal(state.isGuest && !state.token);

export const concertOf = (id) => list.value?.find((one) => one.id === id) ?? null;
/** The concert of a guest's seat. */
export const ownSeat = computed(() => (state.isGuest && !hasNoSeat.value ? (seat()?.concert ?? "") : ""));

let line = null;
let pageMsAtZero = NaN;
const taps = []; // moments of the last taps, page ms

/** The daemon's time (us) now, or NaN before it was known. */
export function daemonUs() {
  if (line?.clock.isKnown) pageMsAtZero = line.clock.toPageMs(0);
  return (performance.now() - pageMsAtZero) * 1_000;
}

const pushes = new Map(); // concert -> how often the line told of it: what it tells is newer than an answer on its way

function take(concert) {
  const others = (list.value ?? []).filter(({ id }) => id !== concert.id);
  list.value = newestFirst([concert, ...others]);
}

const newestFirst = (concerts) => concerts.sort((a, b) => b.since_ms - a.since_ms);

export async function refresh() {
  const before = new Map(pushes);
  const answer = await ask(state.token, "GET", "concerts").catch((error) => {
    if (state.isGuest && error.status === 401) state.trouble.value = "seat";
    return null; // the line says when nobody answers
  });
  if (!answer) return;
  const isNews = ({ id }) => pushes.get(id) !== before.get(id);
  const told = (list.value ?? []).filter(isNews); // of some the answer knows nothing yet
  batch(() => {
    list.value = newestFirst([...answer.concerts.filter(({ id }) => told.every((one) => one.id !== id)), ...told]);
    feelings.value = answer.feelings;
    methods.value = answer.methods;
  });
}

function receive(message) {
  switch (message.type) {
    case "line":
      isLineOpen.value = message.isOpen;
      if (message.isOpen) refresh();
      break;
    case "concert":
      pushes.set(message.concert.id, (pushes.get(message.concert.id) ?? 0) + 1);
      take(message.concert);
      break;
    case "felt":
      felt.value = { ...felt.value, [message.concert]: message };
      break;
    case "frame":
      hooks.onFrame(message, daemonUs());
      break;
    case "taken":
      settle(message.seq);
      break;
    case "refused":
      refuse(message.seq, message.why, message.next);
      state.announcement.value = `${message.why} ${message.next}`;
      break;
  }
}

/** Does something by POST or DELETE below concerts/; resolves to the answer, or to null when it was refused. */
export async function act(parts, json, method = "POST") {
  if (isBusy.value) return null;
  isBusy.value = true;
  trouble.value = null;
  const before = new Map(pushes);
  try {
    const answer = await ask(state.token, method, path("concerts", ...parts), json === undefined ? {} : { json });
    if (answer.id && pushes.get(answer.id) === before.get(answer.id)) take(answer);
    return answer;
  } catch (error) {
    trouble.value = { why: error.why ?? "That did not work.", next: error.next ?? "Try again." };
    state.announcement.value = `${trouble.value.why} ${trouble.value.next}`;
    return null;
  } finally {
    isBusy.value = false;
  }
}

export const begin = (wanted) => act([], wanted);
export const setPhase = (id, phase) => act([id, "phase"], { phase });
export const openDoor = (id) => act([id, "door"], { address: "" });
export const shutDoor = (id) => act([id, "door"], undefined, "DELETE");
export const hide = (id, comment, hidden) => act([id, "comments", comment], { hidden });

/** What a method makes of the taps so far, or of words: { score_ppm, method, why }, or null. */
export const appraise = (id, modality, words = "") =>
  act([id, "appraise"], { modality, method: "", taps_ms: modality === "signal" ? tapsSoFar() : [], comment: words });

const tapsSoFar = () => taps.map((ms) => Math.round(ms));
export const tapCount = signal(0);

/** One tap along; `pageMs` is when the finger came down. */
export function tap(id, pageMs) {
  taps.push(pageMs);
  if (taps.length > KEPT_TAPS) taps.shift();
  tapCount.value++;
  line?.tap(id, pageMs);
}

/** What is kept to be said goes out, or waits for the line. */
export const sendKept = () => {
  const message = unsent();
  if (message) line?.send(message);
};

/** The line is open while the place is. */
export function attend(isThere) {
  if (!state.token || hasNoSeat.value) return;
  line ??= new ConcertLine(state.token, receive, unsent);
  if (isThere) line.connect();
  else line.hangUp();
}

async function comeBack() {
  if (await takeSeatAgain()) location.reload();
  else if (!seat()) hasNoSeat.value = true;
  else setTimeout(comeBack, 4_000); // nobody answered: the daemon may come back
}

/** Follows what concerns the whole page, as long as it lives. */
export function openConcerts() {
  setInterval(() => {
    const us = daemonUs();
    if (us > 0) nowMs.value = us / 1_000;
  }, TICK_MS);
  setInterval(sendKept, RESEND_MS);
  document.addEventListener("visibilitychange", () => document.hidden || line?.hurry());
  addEventListener("online", () => line?.hurry());
  effect(() => void (state.trouble.value === "seat" && !hasNoSeat.value && comeBack()));
}
