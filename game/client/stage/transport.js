// Transport: chart time on the page's clock; it runs at a rate, stands still, and jumps.
export class Transport {
  #isRunning = false;
  #anchorMs = 0;
  #anchorUs = 0;

  /** `rate` is how many chart seconds pass in a second. */
  constructor(rate = 1) {
    this.rate = rate;
  }

  get isRunning() {
    return this.#isRunning;
  }

  /** From now on time runs so that chart moment `us` falls on the page's `pageMs`. */
  run(pageMs, us) {
    this.#isRunning = true;
    this.#anchorMs = pageMs;
    this.#anchorUs = us;
  }

  /** Time stands still at chart moment `us`. */
  stand(us) {
    this.#isRunning = false;
    this.#anchorUs = us;
  }

  /** The chart moment (us) at `pageMs`. */
  usAt(pageMs) {
    return this.#isRunning ? this.#anchorUs + (pageMs - this.#anchorMs) * 1_000 * this.rate : this.#anchorUs;
  }

  /** When (page ms) a chart moment is, while time runs. */
  msAt(us) {
    return this.#anchorMs + (us - this.#anchorUs) / (1_000 * this.rate);
  }
}
