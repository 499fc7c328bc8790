// Reading: the list of songs as it comes, made into something that can be relied on.

export const FEWEST_LANES = 4;
export const MOST_LANES = 10;
const MAX_LANES = 18;
const MAX_SONGS = 4_000;
const MAX_CHARTS = 64;
const MAX_TITLE = 300;
const MAX_LEVEL = 60;
// What steers text rather than being read: control characters, and marks that turn its direction.
const STEERING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const WORDS = [[1.5, "easy"], [2.5, "medium"], [3.5, "hard"], [5, "very hard"], [Infinity, "extreme"]];

const textOf = (value, most, fallback = "") => (typeof value === "string" ? value.replace(STEERING, " ").trim().slice(0, most) : "") || fallback;
const numberOf = (value, fallback = 0) => (Number.isFinite(value) && value >= 0 ? value : fallback);

function chartFrom(raw) {
  const isChart = raw && /^[0-9a-f]{64}$/.test(raw.id) && Number.isInteger(raw.keys) && raw.keys >= 1 && raw.keys <= MAX_LANES;
  if (!isChart) return null;
  return {
    id: raw.id,
    keys: raw.keys,
    notes: numberOf(raw.notes),
    holds: numberOf(raw.holds),
    duration_ms: numberOf(raw.duration_ms),
    level: textOf(raw.level, MAX_LEVEL),
    stars: Number.isFinite(raw.stars) && raw.stars >= 0 ? raw.stars : null,
  };
}

function songFrom(raw) {
  if (typeof raw?.name !== "string" || !raw.name) return null;
  const charts = (Array.isArray(raw.charts) ? raw.charts.slice(0, MAX_CHARTS) : []).map(chartFrom).filter(Boolean);
  return {
    name: raw.name,
    title: textOf(raw.title, MAX_TITLE, "A song without a name"),
    artist: textOf(raw.artist, MAX_TITLE, "somebody"),
    bpm: numberOf(raw.bpm),
    duration_ms: numberOf(raw.duration_ms),
    charts,
    source: raw.source === "shelf" ? "shelf" : "own",
    has_music: raw.has_music === true,
    music_start_ms: numberOf(raw.music_start_ms),
    preview_ms: numberOf(raw.preview_ms),
    added_ms: numberOf(raw.added_ms),
  };
}

/** Songs that can be shown, in their order; what is no song is left out. */
export const readSongs = (raw) => (Array.isArray(raw) ? raw.slice(0, MAX_SONGS) : []).map(songFrom).filter(Boolean);

export const isPlayable = ({ keys }) => keys >= FEWEST_LANES && keys <= MOST_LANES;

export const starsWord = (stars) => WORDS.find(([below]) => stars < below)[1];

/** Such as "Another · 3.2 stars, hard"; what the level says already isn't said twice. */
export function levelOf({ level, stars }) {
  const word = stars === null ? "" : starsWord(stars);
  const rated = stars === null ? "" : `${stars.toFixed(1)} stars${WORDS.some(([, known]) => known === level) ? "" : `, ${word}`}`;
  return [level, rated].filter(Boolean).join(" · ") || "not rated";
}
