// Beats: where the beats of a chart are.
const MAX_LISTED = 64;

/** The next beats after `fromUs`, at most 64: [us, is it the first of four]. `timing` is [[time_us, beat_us]]. */
export function beatsAfter(timing, fromUs) {
  const found = [];
  for (let point = 0; point < timing.length && found.length < MAX_LISTED; point++) {
    const [origin, beat] = timing[point];
    const endUs = timing[point + 1]?.[0] ?? Infinity;
    const isFirst = point === 0; // before the first point its beats go on backwards
    const first = Math.ceil((fromUs - origin) / beat);
    for (let number = isFirst ? first : Math.max(0, first); found.length < MAX_LISTED; number++) {
      const us = origin + number * beat;
      if (us >= endUs) break;
      found.push([us, number % 4 === 0]);
    }
  }
  return found;
}

/** How long a beat is at a moment. */
export function beatAt(timing, us) {
  let beat = timing[0][1];
  for (const [from, length] of timing) {
    if (from > us) break;
    beat = length;
  }
  return beat;
}

/** The moment some bars (of four beats) before, not before 0. */
export const barsBefore = (timing, us, bars) => Math.max(0, Math.round(us - bars * 4 * beatAt(timing, us)));
