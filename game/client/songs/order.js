// Order: which songs are shown, and which comes first.

const foldedTexts = new WeakMap();
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function textOf(song) {
  if (!foldedTexts.has(song)) foldedTexts.set(song, folded(`${song.title} ${song.artist}`));
  return foldedTexts.get(song);
}

/** Stars of the hardest chart with so many lanes (or any, without); -1 when nothing is rated. */
export const hardest = (song, lanes) =>
  song.charts.reduce((most, { keys, stars }) => ((!lanes || keys === lanes) && stars !== null ? Math.max(most, stars) : most), -1);

const byTitle = (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true, sensitivity: "base" });
const SORTS = {
  title: () => byTitle,
  difficulty: (lanes) => (a, b) => hardest(a, lanes) - hardest(b, lanes),
  length: () => (a, b) => a.duration_ms - b.duration_ms,
  newest: () => (a, b) => b.added_ms - a.added_ms,
  bpm: () => (a, b) => a.bpm - b.bpm,
};
export const SORT_NAMES = [["title", "by title"], ["difficulty", "easiest first"], ["length", "shortest first"], ["newest", "newest first"], ["bpm", "slowest first"]];

/** Songs that have all the words and a chart with so many lanes (0: any), sorted. */
export function arranged(songs, { words, sort, lanes }) {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  const compare = (SORTS[sort] ?? SORTS.title)(lanes);
  return songs
    .filter((song) => !lanes || song.charts.some(({ keys }) => keys === lanes))
    .filter((song) => wanted.every((word) => textOf(song).includes(word)))
    .sort((a, b) => compare(a, b) || byTitle(a, b));
}
