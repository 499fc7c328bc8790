// The show: one performance from the invitation to its last coin; ties link, clock, keys, judge,
// stage and synth together, and tells the signals.
import { batch } from "./html.js";
import { Judge } from "./judge.js";
import { Keys } from "./keys.js";
import { Stage } from "./stage.js";
import * as state from "./state.js";
import { Synth } from "./synth.js";
import { jam, ownShare } from "./words.js";

const LAST_NOTE_GRACE_MS = 1_200; // to let go of a last hold, and to hear its echo
const PROGRESS_MS = 250;
const CLOCK_PATIENCE_MS = 100;

let link = null;
let synth = null;
let show = null; // what only the running performance needs
let material = null; // { name, chartId, score, chart } loaded last
let chosen = null; // the material that the session was asked for with

export function openLink() {
  link = state.connect(receive);
}

/** Fetches what the chosen song needs, so that Play can start at once. */
export async function prepare(song, keys) {
  const chartId = song?.charts.find((chart) => chart.keys === keys)?.id ?? song?.charts[0]?.id;
  if (!chartId || material?.chartId === chartId) return material;
  const [score, chart] = await Promise.all([state.loadScore(song.name), state.loadChart(chartId)]);
  material = { name: song.name, chartId, score, chart };
  return material;
}

/** Play was pressed: within that gesture sound may be switched on. */
export async function begin() {
  if (state.phase.value === "asking" || show) return;
  const song = state.song.value;
  batch(() => {
    state.phase.value = "asking";
    state.refusal.value = null;
    state.asked.value = 0;
    state.session.value = null;
    state.windows.value = [];
    state.tally.value = null;
    state.ending.value = "";
    state.announcement.value = "Asking people nearby to witness";
  });
  startSound();
  try {
    chosen = await prepare(song, state.keys.value);
    if (state.phase.value !== "asking") return; // Escape was quicker than the song
    link.beginSession();
    link.send({ type: "start", chart: chosen.chartId, windows: windowsOf(song.duration_ms) });
  } catch {
    refuse("The song did not arrive from the daemon.", "Nothing was played or lost. Look whether the daemon runs, then press Play again.");
  }
}

/** Escape: at once; what is sealed stays. While people are still asked, nothing has begun. */
export function stop() {
  if (show) finish("You stopped here.");
  else {
    state.phase.value = "idle";
    state.announcement.value = "Stopped before it began";
  }
  link.send({ type: "stop" });
}

export function leave() {
  state.phase.value = "idle";
}

export function setVolume(value) {
  state.volume.value = value;
  localStorage.setItem("popd.volume", String(value));
  if (synth) synth.volume = value;
}

/** The canvas is there: the curtain rises. */
export function raise(canvas) {
  const { chart, score } = chosen;
  const { start_us: startUs, windows, window_us: windowUs } = state.session.value;
  const startMs = state.clock.toPageMs(startUs); // fixed for the session: intervals must not move
  const endUs = Math.min(windows * windowUs, Math.max(chart.duration_us, score.duration_ms * 1_000) + LAST_NOTE_GRACE_MS * 1_000);
  const nowUs = () => (performance.now() - startMs) * 1_000;
  const judge = new Judge(chart.keys, chart.notes, windowUs);
  const stage = new Stage(canvas, judge, chart.timing, nowUs);
  judge.onSettle = (lane, grade, atUs) => stage.burst(lane, grade, atUs);
  stage.onFrame = (us) => us > 0 && judge.advance(us);
  const isSent = new Array(chart.keys).fill(false);
  let lastUs = 0;
  const onKey = (lane, isDown, pageMs) => {
    const timeUs = Math.max(lastUs, Math.round((pageMs - startMs) * 1_000));
    const isInside = pageMs >= startMs && timeUs < windows * windowUs;
    if (!isInside || (!isDown && !isSent[lane])) {
      if (!isDown) judge.release(lane, timeUs);
      return;
    }
    lastUs = timeUs;
    isSent[lane] = isDown;
    link.sendEvent([timeUs, lane, isDown ? 1 : 0]);
    if (isDown) judge.press(lane, timeUs);
    else judge.release(lane, timeUs);
  };
  const keys = new Keys(chart.keys, canvas, (event) => stage.laneAt(event), onKey);
  const timer = setInterval(() => watch(), PROGRESS_MS);
  show = { judge, stage, keys, timer, nowUs, windowUs, windows, endUs };
  synth?.play(score, startMs);
  canvas.focus({ preventScroll: true });
}

function startSound() {
  try {
    synth ??= new Synth(state.volume.value);
    synth.resume();
  } catch {
    synth = null; // no sound card: the lanes are enough to play by
  }
}

const windowsOf = (durationMs) => {
  const exact = durationMs / state.windowMs.value;
  return Math.max(1, Math.round(exact)); // a last window of at least half counts
};

function watch() {
  const us = show.nowUs();
  if (us >= 0 && state.phase.value === "counting") {
    state.phase.value = "playing";
    state.announcement.value = "Play";
  }
  const window = Math.max(0, Math.min(show.windows - 1, Math.floor(us / show.windowUs)));
  const share = Math.max(0, Math.min(1, us / show.windowUs - window));
  batch(() => {
    state.progress.value = { window, share };
    takeTally();
  });
  if (us < show.endUs) return;
  finish("The song is over.");
  link.send({ type: "stop" });
}

function takeTally() {
  const { judge } = show;
  state.tally.value = {
    accuracy: judge.accuracy,
    grades: [...judge.grades],
    bestCombo: judge.bestCombo,
    riffHits: judge.riffHits,
  };
}

function finish(reason) {
  const { judge, stage, keys, timer, nowUs, windowUs } = show;
  clearInterval(timer);
  keys.stop();
  link.flush();
  synth?.stop();
  stage.stop();
  batch(() => {
    takeTally();
    state.tally.value = { ...state.tally.value, errors: judge.errors, playedUs: Math.max(0, nowUs()), windowUs };
    state.ending.value = reason;
    state.phase.value = nowUs() > 0 ? "ended" : "idle"; // stopped while counting in: nothing to look back on
    state.announcement.value = reason;
  });
  show = null;
}

function refuse(reason, next) {
  batch(() => {
    state.refusal.value = { reason, next };
    state.phase.value = "refused";
    state.announcement.value = `${reason} ${next}`;
  });
}

async function receive(message) {
  const isAsking = state.phase.value === "asking";
  switch (message.type) {
    case "inviting":
      state.asked.value = message.asked;
      break;
    case "refused":
      if (isAsking) refuse(message.reason, message.next);
      break;
    case "session":
      state.rememberSession(message.session);
      while (!state.clock.isKnown) await new Promise((done) => setTimeout(done, CLOCK_PATIENCE_MS));
      if (!isAsking || state.phase.value !== "asking") break; // Escape may have come meanwhile
      batch(() => {
        state.session.value = message;
        state.phase.value = "counting"; // the place of play mounts a canvas and calls raise()
        state.announcement.value = `${message.openings} people will witness you. Get ready.`;
      });
      break;
    case "riff":
      if (!show) break;
      show.judge.addRiff(message.notes, show.nowUs());
      show.stage.riffUntilUs = message.notes.at(-1)[0];
      break;
    case "window":
      takeWindow(message);
      break;
    case "ended":
      if (show) finish(message.reason);
      break;
  }
}

function takeWindow(message) {
  const isOfAnother = message.session && state.session.value && message.session !== state.session.value.session;
  if (isOfAnother || state.phase.value === "asking") {
    state.loadPurse(); // a late coin of the last session: the purse has it
    return;
  }
  const others = state.windows.value.filter((one) => one.window !== message.window);
  state.windows.value = [...others, message].sort((a, b) => a.window - b.window);
  if (message.state === "minted") {
    const mine = message.values.find((value) => value.is_me);
    state.announcement.value =
      `A coin of ${jam(ownShare(message))} JAM arrived` + (mine ? `, worth ${jam(mine.value_ujam)} to you.` : ".");
    state.loadPurse();
  } else if (message.state === "failed") {
    state.announcement.value = `Window ${message.window + 1}: ${message.why} ${message.next}`;
  }
}
