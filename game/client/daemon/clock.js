// Clock: one moment on three clocks: the page's, the daemon's, the sound card's.
const KEPT_SAMPLES = 32; // about half a minute of pings: old enough to be rare, young enough not to drift
const KEPT_PAIRS = 9; // a median of nine readings hides the odd one

/** Page time (performance.now, event.timeStamp; ms) against the daemon's clock (us). */
export class DaemonClock {
  #samples = [];
  #best = null;

  /** A ping sent and its answer received (page ms), and what the daemon's clock said between (us). */
  add(sentMs, receivedMs, nowUs) {
    const roundTripMs = receivedMs - sentMs;
    const offsetMs = nowUs / 1_000 - (sentMs + receivedMs) / 2;
    this.#samples.push({ roundTripMs, offsetMs });
    if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift();
    // The quickest round trip leaves the least room for the answer to be anywhere but in the middle.
    this.#best = this.#samples.reduce((best, sample) =>
      sample.roundTripMs < best.roundTripMs ? sample : best,
    );
  }

  /** A restarted daemon has another clock. */
  reset() {
    this.#samples = [];
    this.#best = null;
  }

  get isKnown() {
    return this.#best !== null;
  }

  get roundTripMs() {
    return this.#best?.roundTripMs ?? Infinity;
  }

  toPageMs(daemonUs) {
    return daemonUs / 1_000 - this.#best.offsetMs;
  }
}

/** Page time (ms) to the time of an AudioContext (s), as it is heard rather than as it is computed. */
export class SoundClock {
  #context;
  #differences = [];

  constructor(context) {
    this.#context = context;
  }

  /** Takes one reading; call it a few times a second. */
  read() {
    const { contextTime, performanceTime } = this.#context.getOutputTimestamp?.() ?? {};
    const isRunning = contextTime > 0 && performanceTime > 0;
    const latency = this.#context.outputLatency || this.#context.baseLatency || 0;
    const difference = isRunning
      ? contextTime - performanceTime / 1_000
      : this.#context.currentTime - latency - performance.now() / 1_000;
    this.#differences.push(difference);
    if (this.#differences.length > KEPT_PAIRS) this.#differences.shift();
  }

  toSoundSeconds(pageMs) {
    const ordered = [...this.#differences].sort((a, b) => a - b);
    return pageMs / 1_000 + ordered[ordered.length >> 1];
  }
}
