// Plan: where things are on a stage of some size; which way notes come, and how near they look.
const FAR_SCALE = 0.6; // width of the lanes at the far end, of that at the line
const DEPTH = 0.45; // how much nearer things seem to hurry
const MAX_LANE_WIDTH = 116;
const LOW = 240; // a stage that is lower shows what is played, and nobody plays on it
const MAX_NARROW_WIDTH = 92; // from six lanes on: eyes shouldn't have to travel

/** `scroll` is that of the settings; `topY` is where notes appear, `nearY` the edge behind the line. */
export function planOf(width, height, keys, scroll) {
  const isUp = scroll.direction === "up";
  const isFlat = scroll.view === "flat";
  const laneWidth = Math.min(keys < 6 ? MAX_LANE_WIDTH : MAX_NARROW_WIDTH, (width - 8) / keys);
  const isLow = height < LOW;
  const radius = Math.min(laneWidth * 0.34, isLow ? height * 0.17 : 38);
  const centre = width / 2;
  const margin = isLow ? height * 0.24 : Math.max(84, Math.min(150, height * 0.17));
  const lineY = isUp ? margin : height - margin;
  const topY = isUp ? height : 0;
  const farScale = isFlat ? 1 : FAR_SCALE;
  const depth = isFlat ? 0 : DEPTH;
  const scale = (y) => farScale + ((1 - farScale) * (y - topY)) / (lineY - topY);
  return {
    width, height, keys, laneWidth, radius, centre, lineY, topY, scale,
    nearY: isUp ? 0 : height,
    ahead: isUp ? -1 : 1, // the sign of the way notes go
    labelY: isUp ? Math.max(18, lineY - radius - 28) : Math.min(height - 20, lineY + radius + 30),
    edge: (lane, y) => centre + (lane - keys / 2) * laneWidth * scale(y),
    middle: (lane, y) => centre + (lane + 0.5 - keys / 2) * laneWidth * scale(y),
    /** The y of something that is `ahead` of the line, 1 being the far end. */
    yAt: (ahead) => {
      const near = Math.max(ahead, -0.5);
      return lineY - ((lineY - topY) * near * (1 + depth)) / (1 + depth * near);
    },
    /** Words stand between the far end (0) and the line (1). */
    wordY: (share) => topY + (lineY - topY) * share,
  };
}

/**
 * Places along the lanes. Constant: as far apart as they are in time. By beats: as far apart as they are in
 * beats, so that the picture hurries and rests with the music; the tempo that lasts longest is the measure.
 */
export class Places {
  #times;
  #speeds;
  #sums;

  /** `timing` is [[time_us, beat_us]], `endUs` where the chart ends. */
  constructor(timing, endUs, isByBeats) {
    const points = isByBeats ? timing : timing.slice(0, 1);
    const lasting = new Map();
    points.forEach(([from, beat], point) => {
      const until = points[point + 1]?.[0] ?? Math.max(endUs, from + 1);
      lasting.set(beat, (lasting.get(beat) ?? 0) + until - from);
    });
    const [measure] = [...lasting].reduce((longest, one) => (one[1] > longest[1] ? one : longest));
    this.#times = Float64Array.from(points, ([from]) => from);
    this.#speeds = Float64Array.from(points, ([, beat]) => Math.min(8, Math.max(1 / 8, measure / beat)));
    this.#sums = new Float64Array(points.length);
    for (let point = 1; point < points.length; point++) {
      const spanUs = this.#times[point] - this.#times[point - 1];
      this.#sums[point] = this.#sums[point - 1] + spanUs * this.#speeds[point - 1];
    }
  }

  /** The place of a moment (us), in microseconds of the main tempo. */
  at(us) {
    let low = 0;
    let high = this.#times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#times[middle] <= us) low = middle;
      else high = middle - 1;
    }
    return this.#sums[low] + (us - this.#times[low]) * this.#speeds[low];
  }
}
