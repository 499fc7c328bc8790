// Live: one performance from the invitation to its last coin, in one session or, after pauses, several.
import { batch } from "../html.js";
import { barsBefore } from "../stage/beats.js";
import { Engine, wakeSound } from "../stage/engine.js";
import { ghostFor } from "../stage/record.js";
import { Runner } from "../stage/runner.js";
import { settings } from "../settings/settings.js";
import { announce, end, keep, lower, materialNow, prepare, showNow, takeOutcome } from "./show.js";
import { fetchJson } from "../daemon/link.js";
import * as state from "../daemon/state.js";
import { jam, ownShare, plural } from "../words.js";

const LAST_NOTE_GRACE_US = 1_200_000; // to let go of a last hold, and to hear its echo
const CLOCK_PATIENCE_MS = 100;
const BARS_BEFORE = 2;

let link = null;
let wish = null; // what was asked for: { chart, score, fromUs, ghost, calibration }
let earlier = []; // judged notes of this performance's earlier sessions
let startOf = {}; // session -> from_us, of this performance

export function openLink() {
  link = state.connect(receive);
}

/**
 * Play was pressed. `fromUs` where to begin; `isGoingOn` when it continues the performance; `ghost` a record;
 * `isTogether` with the others of the room, who are where they are.
 */
export async function begin({ fromUs = 0, isGoingOn = false, ghost = null, isTogether = false } = {}) {
  if (state.phase.value === "asking" || showNow()) return;
  const song = state.song.value;
  earlier = isGoingOn ? (state.outcome.value?.judged ?? []) : [];
  if (!isGoingOn) startOf = {};
  batch(() => {
    state.phase.value = "asking";
    state.act.value = "live";
    state.refusal.value = null;
    state.asked.value = 0;
    state.session.value = null;
    if (!isGoingOn) {
      state.windows.value = [];
      state.outcome.value = null;
    }
    state.tally.value = null;
    state.ending.value = "";
    state.announcement.value = "Asking people nearby to witness";
  });
  wakeSound();
  try {
    const { chart, score } = await prepare(song, state.keys.value);
    const rival = ghost ?? (await state.hooks.rivalOf(chart.id));
    if (state.phase.value !== "asking") return; // Escape was quicker than the song
    wish = { chart, score, fromUs, ghost: ghostFor(rival, chart), calibration: { ...settings.value.calibration } };
    link.beginSession();
    const windows = windowsOf(song.duration_ms - fromUs / 1_000);
    link.send({ type: "start", chart: chart.id, windows, from_us: fromUs, calibration: wish.calibration, room: isTogether });
  } catch {
    refuse("The song did not arrive from the daemon.", "Nothing was played or lost. Look whether the daemon runs, then press Play again.");
  }
}

/** While people are still asked, nothing has begun. */
export function stopAsking() {
  batch(() => {
    state.phase.value = state.outcome.value ? "ended" : "idle";
    state.announcement.value = "Stopped before it began";
  });
  link.send({ type: "stop" });
}

/** Two bars before where it was paused, at once with new witnesses. */
export const goOn = () => begin({ fromUs: placeAgain(), isGoingOn: true, ghost: wish?.ghost });

export const startOver = () => begin({ ghost: wish?.ghost });

export const placeAgain = () => barsBefore(materialNow().chart.timing, state.progress.value.us, BARS_BEFORE);

const windowsOf = (durationMs) => Math.max(1, Math.round(durationMs / state.windowMs.value)); // a last window of at least half counts

function raiseWith(message) {
  const { chart, score, fromUs, ghost, calibration } = wish;
  const { start_us: startUs, windows, window_us: windowUs } = message; // chart moment fromUs is at startUs
  const startMs = state.clock.toPageMs(startUs); // fixed for the session: intervals must not move
  const songUs = Math.max(chart.duration_us, score.duration_ms * 1_000) + LAST_NOTE_GRACE_US;
  const endUs = Math.min(fromUs + windows * windowUs, songUs);
  const runner = new Runner({ chart, mode: "live", fromUs, toUs: fromUs + windows * windowUs, windowUs, calibration, ghost });
  runner.onEvent = (event) => link.sendEvent(event);
  const raise = (canvas) => {
    const engine = new Engine(canvas, runner, score);
    engine.run(startMs, fromUs);
    return { runner, engine };
  };
  const watch = (us) => {
    const window = Math.max(0, Math.min(windows - 1, Math.floor((us - fromUs) / windowUs)));
    const share = Math.max(0, Math.min(1, (us - fromUs) / windowUs - window));
    state.progress.value = { us, window, share };
    if (us >= endUs) finish("The song is over.", "ended");
  };
  return { raise, watch, pause };
}

/** Time can't stand still in front of witnesses: the session ends here, and what is sealed stays. */
function pause() {
  finish("You stopped here.", "paused");
}

/** `isOver` when the daemon says so itself. */
function finish(reason, phase, isOver = false) {
  const { runner, engine } = showNow();
  const hasBegun = runner.nowUs(performance.now()) > runner.fromUs;
  engine.inputs.releaseAll();
  link.flush();
  if (!isOver) link.send({ type: "stop" });
  if (hasBegun) takeOutcome(runner, keep(runner, state.session.value.session), earlier);
  if (phase === "paused" && hasBegun) {
    lower();
    batch(() => {
      state.ending.value = reason;
      state.phase.value = "paused";
      state.announcement.value = "Paused. The live session ended; what is sealed stays.";
    });
  } else end(reason); // stopped while counting in: nothing to look back on
}

/** What was played before stays in sight. */
function refuse(reason, next) {
  batch(() => {
    state.refusal.value = { reason, next };
    state.phase.value = state.outcome.value ? "ended" : "refused";
    state.announcement.value = `${reason} ${next}`;
  });
}

const isOfNow = (message) => !message.session || message.session === state.session.value?.session;

async function receive(message) {
  const isAsking = state.phase.value === "asking";
  const runner = state.act.value === "live" ? showNow()?.runner : null;
  switch (message.type) {
    case "inviting":
      state.asked.value = message.asked;
      break;
    case "refused":
      if (isAsking) refuse(message.reason, message.next);
      break;
    case "session":
      if (isAsking && wish) await takeSession(message);
      break;
    case "riff":
      if (runner && isOfNow(message)) runner.riff(message.notes, performance.now());
      break;
    case "window":
      takeWindow(message);
      break;
    case "room":
      state.hooks.onRoom();
      break;
    case "ended":
      if (runner && isOfNow(message)) finish(message.reason, "ended", true);
      break;
  }
}

async function takeSession(message) {
  state.rememberSession(message.session);
  wish.fromUs = message.from_us; // with others, the daemon knows where they are
  startOf[message.session] = wish.fromUs;
  while (!state.clock.isKnown) await new Promise((done) => setTimeout(done, CLOCK_PATIENCE_MS));
  if (state.phase.value !== "asking") return; // Escape may have come meanwhile
  state.session.value = message;
  announce("live", raiseWith(message), `${plural(message.openings, "person", "people")} will witness you. Get ready.`);
}

/** The daemon tells of no word that comes after it gave a window up: it is asked for those. */
export async function lookAgain() {
  const isSilent = (one) => one.session && one.state === "failed" && one.verdicts.length < one.drawn.length;
  for (const id of new Set(state.windows.value.filter(isSilent).map(({ session }) => session))) {
    const answer = await fetchJson(state.token, `blocks?session=${id}`).catch(() => null);
    const said = (one) => `${one.session} ${one.window} ${one.state} ${one.verdicts.length}`;
    const known = new Set(state.windows.value.map(said));
    for (const window of answer?.windows ?? []) if (!known.has(said(window))) takeWindow(window);
  }
}

function takeWindow(message) {
  const isOurs = !message.session || message.session in startOf;
  if (!isOurs) {
    state.loadPurse(); // a late coin of an earlier performance: the purse has it
    return;
  }
  const window = { ...message, from_us: startOf[message.session] ?? 0 };
  const isSame = (one) => one.window === window.window && one.session === window.session;
  const others = state.windows.value.filter((one) => !isSame(one));
  state.windows.value = [...others, window].sort((a, b) => a.from_us - b.from_us || a.window - b.window);
  if (message.state === "minted") {
    const mine = message.values.find((value) => value.is_me);
    state.announcement.value =
      `A coin of ${jam(ownShare(message))} JAM arrived` + (mine ? `, worth ${jam(mine.value_ujam)} to you.` : ".");
    state.loadPurse();
  } else if (message.state === "failed") {
    state.announcement.value = `Window ${message.window + 1}: ${message.why} ${message.next}`;
  }
}

