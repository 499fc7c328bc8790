// Choosing: which chart of a song is played; several may have as many lanes.
import { signal } from "../html.js";
import { isPlayable } from "./reading.js";

const KEY = "popd.charts";
const MAX_REMEMBERED = 500;

function load() {
  try {
    const stored = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    return Object.fromEntries(stored.filter(([, id]) => typeof id === "string").slice(-MAX_REMEMBERED));
  } catch {
    return {}; // nothing that we wrote
  }
}

const choices = signal(load()); // "song lanes" -> chart id, the last chosen last

const keyOf = (song, keys) => `${song.name} ${keys}`;

export const playableCharts = (song) => (song?.charts ?? []).filter(isPlayable);

/** The chart that is played of a song with so many lanes: the one chosen last, or its first; null without any. */
export function chartOf(song, keys) {
  const own = song?.charts.filter((chart) => chart.keys === keys) ?? [];
  const wanted = song && choices.value[keyOf(song, keys)];
  return own.find(({ id }) => id === wanted) ?? own[0] ?? playableCharts(song)[0] ?? null;
}

/** Remembers a chart for its song. */
export function chooseChart(song, chart) {
  const key = keyOf(song, chart.keys);
  const { [key]: _before, ...others } = choices.value;
  choices.value = Object.fromEntries([...Object.entries(others), [key, chart.id]].slice(-MAX_REMEMBERED));
  try {
    localStorage.setItem(KEY, JSON.stringify(choices.value));
  } catch {
    // a full or forbidden store: it holds until the page closes
  }
}
