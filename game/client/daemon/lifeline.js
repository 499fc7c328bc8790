// Lifeline: a socket to the daemon that opens itself again, notices silence, and keeps the clock.
import { DaemonClock } from "./clock.js";

const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];
const FIRST_PINGS = 8;
const FIRST_PING_MS = 60;
const PING_MS = 1_000;
const SILENCE_MS = 6_000;

export class Lifeline {
  clock = new DaemonClock();
  #name;
  #token;
  #onMessage;
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #heardMs = 0;
  #isWanted = false;

  /** `onMessage(message)` for all but pongs; also { type: "line", isOpen } when the line breaks or is back. */
  constructor(name, token, onMessage) {
    this.#name = name;
    this.#token = token;
    this.#onMessage = onMessage;
  }

  connect() {
    this.#isWanted = true;
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/${this.#name}`, ["popd.v1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#received(JSON.parse(event.data)));
    socket.addEventListener("close", () => socket === this.#socket && this.#closed());
  }

  /** Is not wanted any more; `connect` opens it again. */
  hangUp() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** A phone that woke up does not wait for the next attempt. */
  hurry() {
    if (!this.#isWanted || (this.#socket && this.#socket.readyState <= WebSocket.OPEN)) return;
    this.#attempt = 0;
    this.connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends, or forgets it where nobody listens. */
  send(message) {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** A new line knows nothing of what was said on the old one: say it again here. */
  greet() {}

  #opened() {
    this.#attempt = 0;
    this.#heardMs = performance.now();
    this.clock.reset();
    this.greet();
    this.#ping(0);
    this.#onMessage({ type: "line", isOpen: true });
  }

  #ping(count) {
    clearTimeout(this.#timer);
    if (!this.isOpen) return;
    if (performance.now() - this.#heardMs > SILENCE_MS && !document.hidden) {
      this.#socket.close();
      return;
    }
    this.send({ type: "ping", t: performance.now() });
    this.#timer = setTimeout(() => this.#ping(count + 1), count < FIRST_PINGS ? FIRST_PING_MS : PING_MS);
  }

  #received(message) {
    const nowMs = performance.now();
    this.#heardMs = nowMs;
    if (message.type === "pong") this.clock.add(message.t, nowMs, message.now_us);
    else this.#onMessage(message);
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#onMessage({ type: "line", isOpen: false });
    const pause = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)] * (0.75 + Math.random() / 2); // a hall of phones does not knock at once
    this.#timer = setTimeout(() => this.connect(), pause);
  }
}
