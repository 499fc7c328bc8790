// Line: the concert's socket: taps in batches, and the opinion until it is acknowledged.
import { Lifeline } from "../daemon/lifeline.js";

const BATCH_MS = 250;
const MOST_TAPS = 64; // in a batch

export class ConcertLine extends Lifeline {
  #taps = [];
  #timer = 0;
  #unsent = () => null;

  /** `unsent()` is the opinion that waits for its acknowledgement, as a message, or null. */
  constructor(token, onMessage, unsent) {
    super("concert", token, onMessage);
    this.#unsent = unsent;
  }

  /** A tap at `pageMs`; what is tapped without a line is gone, as applause is. */
  tap(concert, pageMs) {
    if (this.#taps.length < MOST_TAPS) this.#taps.push(Math.round(pageMs));
    this.#timer ||= setTimeout(() => this.#flush(concert), BATCH_MS);
  }

  #flush(concert) {
    this.#timer = 0;
    this.send({ type: "taps", concert, taps_ms: this.#taps });
    this.#taps = [];
  }

  greet() {
    const opinion = this.#unsent();
    if (opinion) this.send(opinion);
  }
}
