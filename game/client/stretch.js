// Stretch: a recording at another speed and the same pitch, in overlapping grains.
//
// Overlap-add: short grains of the recording, each at its own speed, faded over one another; the grains
// are read `rate` times as fast as they are played. See Roads, Microsound (2001), chapter 3.
const GRAIN_SECONDS = 0.09;
const CURVE_POINTS = 64;

const risen = Float32Array.from({ length: CURVE_POINTS }, (_, point) => Math.sin((Math.PI * point) / (CURVE_POINTS - 1)) ** 2);

/**
 * Sounds `recording` ({ buffer, offset_us: the chart moment at which it begins }) into `out`. `secondsOf(us)` is
 * when a chart moment is due on the sound card's clock. Returns a source: source(until) schedules, and says if
 * there is more.
 */
export function grains(context, out, { buffer, offset_us: offsetUs = 0 }, secondsOf, fromUs, rate) {
  const endUs = offsetUs + buffer.duration * 1_000_000;
  const stepUs = (GRAIN_SECONDS / 2) * 1_000_000 * rate;
  let nextUs = Math.max(fromUs, offsetUs);
  if (Math.abs(rate - 1) < 1e-6) return whole(context, out, buffer, secondsOf, nextUs, (nextUs - offsetUs) / 1_000_000);
  return (until) => {
    for (; nextUs < endUs && secondsOf(nextUs) < until; nextUs += stepUs) {
      const due = secondsOf(nextUs);
      if (due < context.currentTime) continue;
      const fade = new GainNode(context, { gain: 0 });
      fade.gain.setValueCurveAtTime(risen, due, GRAIN_SECONDS);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(fade).connect(out);
      source.start(due, (nextUs - offsetUs) / 1_000_000, GRAIN_SECONDS);
    }
    return nextUs < endUs;
  };
}

/** At its own speed a recording is played in one piece. */
function whole(context, out, buffer, secondsOf, us, fromSeconds) {
  let isWaiting = fromSeconds < buffer.duration;
  return (until) => {
    const due = secondsOf(us);
    if (!isWaiting || due > until) return isWaiting;
    isWaiting = false;
    const at = Math.max(due, context.currentTime);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(out);
    source.start(at, fromSeconds + at - due);
    return false;
  };
}
