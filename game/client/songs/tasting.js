// Tasting: fifteen seconds of a song, from a good place.
import { beatsAfter } from "../stage/beats.js";
import { wakeSound } from "../stage/engine.js";
import { signal } from "../html.js";
import { soundOf } from "../sound/recording-sound.js";
import { loadChart } from "../daemon/state.js";
import { Transport } from "../stage/transport.js";
import { chartOf } from "./choosing.js";

const LENGTH_MS = 15_000;
const LEAD_MS = 120;
const NOTE_MS = 120;
const SCALE = [0, 2, 4, 7, 9];
const LOWEST = 57;

/** { name, state: fetching | sounding }, or null. */
export const tasting = signal(null);

let timer = 0;
let synth = null;
let turn = 0;

export function stopTasting() {
  turn++;
  clearTimeout(timer);
  synth?.stop();
  synth = null;
  tasting.value = null;
}

/** Where the fifteen seconds begin that ask for most (chart us). */
export function liveliest(notes) {
  let first = 0;
  let best = [0, 0];
  for (let last = 0; last < notes.length; last++) {
    while (notes[last][0] - notes[first][0] > LENGTH_MS * 1_000) first++;
    if (last - first > best[0]) best = [last - first, notes[first][0]];
  }
  return best[1];
}

/** Without music the notes themselves sound, each lane a tone. */
function notesAsScore({ notes }) {
  const pitch = (lane) => LOWEST + 12 * Math.floor(lane / SCALE.length) + SCALE[lane % SCALE.length];
  return { voices: [{ synth: "pluck", notes: notes.map(([us, lane, duration]) => [us / 1_000, Math.max(NOTE_MS, duration / 1_000), pitch(lane), 0.45]) }] };
}

/** Sounds a song, or stops it when it sounds. Call it within a user's gesture. */
export async function taste(song) {
  const wasOn = tasting.value?.name === song.name;
  stopTasting();
  const chartId = (chartOf(song, 4) ?? song.charts[0])?.id;
  if (wasOn || !chartId) return;
  const mine = ++turn;
  const woken = wakeSound();
  tasting.value = { name: song.name, state: "fetching" };
  try {
    const chart = await loadChart(chartId);
    const sound = await soundOf(song, chart);
    if (mine !== turn) return;
    begin(song, chart, sound, woken);
  } catch {
    if (mine === turn) stopTasting();
  }
}

function begin(song, chart, sound, woken) {
  const fromUs = sound.recording ? (song.music_start_ms + song.preview_ms) * 1_000 : liveliest(chart.notes);
  const transport = new Transport();
  transport.run(performance.now() + LEAD_MS, fromUs);
  const beats = sound.hasTicks ? (from) => beatsAfter(chart.timing, from) : null;
  synth = woken;
  synth?.play(sound.hasTicks ? notesAsScore(chart) : sound, transport, { beats, isQuiet: true });
  tasting.value = { name: song.name, state: "sounding" };
  timer = setTimeout(stopTasting, LENGTH_MS);
}
