// Line: Nearby's own socket: what is watched, whether a person is there, and all that comes back.
import { DaemonClock } from "../daemon/clock.js";

const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];
const FIRST_PINGS = 8;
const FIRST_PING_MS = 60;
const PING_MS = 1_000;
const SILENCE_MS = 6_000;

export class Line {
  clock = new DaemonClock();
  #token;
  #onMessage;
  #socket = null;
  #attempt = 0;
  #pingTimer = 0;
  #heardMs = 0;
  #watched = "";
  #isAttending = false;

  /** `onMessage(message)` for all but pongs; also { type: "line", isOpen } when the line breaks or is back. */
  constructor(token, onMessage) {
    this.#token = token;
    this.#onMessage = onMessage;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/nearby`, ["popd.v1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#received(JSON.parse(event.data)));
    socket.addEventListener("close", () => socket === this.#socket && this.#closed());
  }

  /** Looks at one performance, or at none (""). */
  watch(session) {
    if (session === this.#watched) return;
    if (this.#watched) this.#send({ type: "unwatch", session: this.#watched });
    this.#watched = session;
    if (session) this.#send({ type: "watch", session });
  }

  /** A person is there who judges by hand, or is not any more. */
  attend(isThere) {
    if (isThere === this.#isAttending) return;
    this.#isAttending = isThere;
    this.#send({ type: "attend", on: isThere });
  }

  get #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #send(message) {
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** A new line knows nothing of what was wished on the old one. */
  #opened() {
    this.#attempt = 0;
    this.#heardMs = performance.now();
    this.clock.reset();
    if (this.#watched) this.#send({ type: "watch", session: this.#watched });
    if (this.#isAttending) this.#send({ type: "attend", on: true });
    this.#ping(0);
    this.#onMessage({ type: "line", isOpen: true });
  }

  #ping(count) {
    clearTimeout(this.#pingTimer);
    if (!this.#isOpen) return;
    if (performance.now() - this.#heardMs > SILENCE_MS && !document.hidden) {
      this.#socket.close();
      return;
    }
    this.#send({ type: "ping", t: performance.now() });
    this.#pingTimer = setTimeout(() => this.#ping(count + 1), count < FIRST_PINGS ? FIRST_PING_MS : PING_MS);
  }

  #received(message) {
    const nowMs = performance.now();
    this.#heardMs = nowMs;
    if (message.type === "pong") this.clock.add(message.t, nowMs, message.now_us);
    else this.#onMessage(message);
  }

  #closed() {
    clearTimeout(this.#pingTimer);
    this.#onMessage({ type: "line", isOpen: false });
    const pause = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)];
    setTimeout(() => this.connect(), pause);
  }
}
