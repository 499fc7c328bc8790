// Link: the page's line to its daemon; what was played is kept until the daemon has it.
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];
const BATCH_MS = 30; // under the 50 ms that the daemon expects, over what a socket notices
const FIRST_PINGS = 8; // enough for a quick one among them
const PING_MS = 1_000;
const FIRST_PING_MS = 60;
const SILENCE_MS = 6_000;
const MAX_UNACKNOWLEDGED = 4_000; // batches: two minutes of play without a daemon

export class HttpError extends Error {
  constructor(status, path, detail) {
    super(detail || `${path} answered ${status}`);
    this.status = status;
  }
}

/** The token is in the address once; from then on in this tab alone. */
export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token) {
    sessionStorage.setItem("popd.token", token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem("popd.token") ?? "";
}

export async function fetchJson(token, path) {
  const answer = await fetch(`/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new HttpError(answer.status, path, await answer.text().catch(() => ""));
  return answer.json();
}

export class Link {
  #token;
  #clock;
  #onMessage;
  #onState;
  #socket = null;
  #attempt = 0;
  #pingTimer = 0;
  #heardMs = 0;
  #commands = [];
  #batch = [];
  #batchTimer = 0;
  #unacknowledged = [];
  #sequence = 0;

  /** `onMessage(message)` for all but pongs and acks; `onState("open" | "waiting")`. */
  constructor(token, clock, onMessage, onState) {
    this.#token = token;
    this.#clock = clock;
    this.#onMessage = onMessage;
    this.#onState = onState;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}/api/v1/play`;
    const socket = new WebSocket(address, ["popd.v1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#received(JSON.parse(event.data)));
    socket.addEventListener("close", () => socket === this.#socket && this.#closed());
  }

  /** A command; kept for the next connection when there is none. */
  send(message) {
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
    else this.#commands.push(message);
  }

  /** A new session counts its batches from 1. */
  beginSession() {
    this.#batch = [];
    this.#unacknowledged = [];
    this.#sequence = 0;
  }

  /** One key event, [us since the start, lane, 1 or 0]; sent within a batch. */
  sendEvent(event) {
    this.#batch.push(event);
    if (!this.#batchTimer) this.#batchTimer = setTimeout(() => this.flush(), BATCH_MS);
  }

  flush() {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = 0;
    if (!this.#batch.length || this.#unacknowledged.length >= MAX_UNACKNOWLEDGED) return;
    const message = { type: "events", seq: ++this.#sequence, events: this.#batch };
    this.#batch = [];
    this.#unacknowledged.push(message);
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
  }

  get #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #opened() {
    this.#attempt = 0;
    this.#heardMs = performance.now();
    this.#clock.reset();
    for (const message of this.#unacknowledged) this.#socket.send(JSON.stringify(message));
    for (const message of this.#commands.splice(0)) this.#socket.send(JSON.stringify(message));
    this.#ping(0);
    this.#onState("open");
  }

  #ping(count) {
    clearTimeout(this.#pingTimer);
    if (!this.#isOpen) return;
    if (performance.now() - this.#heardMs > SILENCE_MS && !document.hidden) {
      this.#socket.close();
      return;
    }
    this.#socket.send(JSON.stringify({ type: "ping", t: performance.now() }));
    const pause = count < FIRST_PINGS ? FIRST_PING_MS : PING_MS;
    this.#pingTimer = setTimeout(() => this.#ping(count + 1), pause);
  }

  #received(message) {
    const nowMs = performance.now();
    this.#heardMs = nowMs;
    if (message.type === "pong") this.#clock.add(message.t, nowMs, message.now_us);
    else if (message.type === "ack") this.#acknowledged(message.seq);
    else this.#onMessage(message);
  }

  #acknowledged(sequence) {
    const kept = this.#unacknowledged.findIndex((message) => message.seq > sequence);
    this.#unacknowledged.splice(0, kept < 0 ? this.#unacknowledged.length : kept);
  }

  #closed() {
    clearTimeout(this.#pingTimer);
    this.#onState("waiting");
    const pause = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)];
    setTimeout(() => this.connect(), pause);
  }
}
