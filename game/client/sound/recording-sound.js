// Recording-sound: what is heard of a song: our own score, its recording, or ticks where there is neither.
import { ask, path } from "../daemon/ask.js";
import { signal } from "../html.js";
import { loadScore, token } from "../daemon/state.js";

const SAMPLE_RATE = 48_000; // what most sound cards run at, so that nothing is resampled while it plays
const LONG_BYTES = 16 * 1024 * 1024;
const LONG_SAMPLE_RATE = 32_000; // recordings take their room decoded: 15 MiB a minute at the usual rate

export const soundTrouble = signal(""); // why the music of the chosen song is not heard

let kept = { name: "", buffer: null }; // the recording decoded last, or on its way

async function fetchRecording(name) {
  const answer = await ask(token, "GET", path("songs", name, "music"), { isRaw: true });
  const bytes = await answer.arrayBuffer();
  const rate = bytes.byteLength > LONG_BYTES ? LONG_SAMPLE_RATE : SAMPLE_RATE;
  return new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes);
}

/** The music of a song on the shelf as an AudioBuffer; one is kept. */
export function recordingOf({ name }) {
  if (kept.name !== name) {
    const buffer = fetchRecording(name);
    kept = { name, buffer };
    buffer.catch(() => kept.buffer === buffer && forgetRecording());
  }
  return kept.buffer;
}

/** The next time it is fetched anew. */
export function forgetRecording() {
  kept = { name: "", buffer: null };
}

/** What the synth plays for a chart of a song; `song` may be null for a chart from elsewhere. */
export async function soundOf(song, chart) {
  soundTrouble.value = "";
  if (song?.source === "own") return loadScore(encodeURIComponent(song.name));
  const ticks = { duration_ms: chart.duration_us / 1_000, voices: [], hasTicks: true };
  if (!song?.has_music) return ticks;
  try {
    const buffer = await recordingOf(song);
    return { ...ticks, hasTicks: false, recording: { buffer, offset_us: song.music_start_ms * 1_000 } };
  } catch (error) {
    soundTrouble.value = error.why
      ? `The music did not arrive. ${error.next}`
      : "This browser can't read the music's format. Ticks keep time instead; an MP3 or Ogg file of it would be heard.";
    return ticks;
  }
}
