// Line: Nearby's own socket: what is watched, whether a person is there, and all that comes back.
import { Lifeline } from "../daemon/lifeline.js";

export class Line extends Lifeline {
  #watched = "";
  #isAttending = false;

  constructor(token, onMessage) {
    super("nearby", token, onMessage);
  }

  /** Looks at one performance, or at none (""). */
  watch(session) {
    if (session === this.#watched) return;
    if (this.#watched) this.send({ type: "unwatch", session: this.#watched });
    this.#watched = session;
    if (session) this.send({ type: "watch", session });
  }

  /** A person is there who judges by hand, or is not any more. */
  attend(isThere) {
    if (isThere === this.#isAttending) return;
    this.#isAttending = isThere;
    this.send({ type: "attend", on: isThere });
  }

  greet() {
    if (this.#watched) this.send({ type: "watch", session: this.#watched });
    if (this.#isAttending) this.send({ type: "attend", on: true });
  }
}
