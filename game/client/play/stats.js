// Stats: what the errors of a play say, as plain numbers.
import { MISS, WEIGHTS } from "../stage/judge.js";

export const median = (values) => {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  return ordered.length % 2 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
};

/** Mean and standard deviation of errors (us), or null without any. */
export function meanAndSpread(errors) {
  if (!errors.length) return null;
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const spread = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
  return { mean, spread, count: errors.length };
}

/** Grades counted, and the share of their full weight; null when nothing was judged. */
export function graded(judged) {
  const grades = [0, 0, 0, 0, 0, 0];
  for (const { grade } of judged) grades[grade]++;
  const earned = grades.reduce((sum, count, grade) => sum + count * WEIGHTS[grade], 0);
  return { grades, accuracy: judged.length ? earned / (WEIGHTS[0] * judged.length) : null };
}

/** Everything that results show of the judged notes of a play with so many lanes. */
export function statsOf(judged, keys) {
  const hits = judged.filter(({ grade }) => grade < MISS);
  const errors = hits.map(({ error }) => error);
  const lanes = Array.from({ length: keys }, (_, lane) => ({
    ...(meanAndSpread(hits.filter((hit) => hit.lane === lane).map(({ error }) => error)) ?? { mean: 0, spread: 0, count: 0 }),
    missed: judged.filter((note) => note.lane === lane && note.grade === MISS).length,
  }));
  const early = errors.filter((error) => error < 0).length;
  return { ...graded(judged), hits, errors, overall: meanAndSpread(errors), lanes, early, late: errors.length - early };
}

const LEAN_US = 8_000; // under it nobody hears a difference
const WILD_US = 35_000;
const ENOUGH = 20; // hits, before we speak of habits
const LANE_ENOUGH = 8;

/** What would help most, in words: [{ text, action }], at most three; `action` may be calibrate, practise, rollover. */
export function suggestions({ overall, lanes, grades, accuracy }, { riffs, riffsAnswered, isCalibrated, laneName }) {
  const found = [];
  const count = grades.reduce((sum, one) => sum + one, 0);
  if (riffs && riffsAnswered < riffs) {
    found.push({
      text: `${riffsAnswered} of ${riffs} riffs answered. Read the four numbered shapes in the banner from the left; let everything else go.`,
      action: "riffs",
    });
  }
  if (overall && overall.count >= ENOUGH && Math.abs(overall.mean) > LEAN_US) {
    const lean = `You press ${Math.abs(overall.mean / 1_000).toFixed(0)} ms ${overall.mean < 0 ? "early" : "late"}`;
    found.push({ text: isCalibrated ? `${lean}: calibrate once more?` : `${lean}: calibrate?`, action: "calibrate" });
  }
  const odd = lanes.findIndex((lane) => overall && lane.count >= LANE_ENOUGH && Math.abs(lane.mean - overall.mean) > 15_000);
  if (odd >= 0) {
    const apart = (lanes[odd].mean - overall.mean) / 1_000;
    const way = apart < 0 ? "earlier" : "later";
    found.push({ text: `Your ${laneName(odd)} lane comes ${Math.abs(apart).toFixed(0)} ms ${way} than the others.`, action: "practise" });
  }
  const worst = lanes.reduce((most, lane, number) => (lane.missed > lanes[most].missed ? number : most), 0);
  if (count >= ENOUGH && lanes[worst].missed >= 5 && lanes[worst].missed > 0.5 * grades[MISS]) {
    found.push({ text: `Half of your misses are in the ${laneName(worst)} lane. Does your keyboard let its key through?`, action: "rollover" });
  }
  if (overall && overall.count >= ENOUGH && overall.spread > WILD_US) {
    found.push({ text: "Your presses are spread wide: practise slower, and speed up as it settles.", action: "practise" });
  }
  if (!found.length && accuracy !== null && accuracy > 0.97 && count >= ENOUGH) {
    found.push({ text: "That was close to perfect: try more lanes, or a harder chart.", action: "" });
  }
  return found.slice(0, 3);
}
