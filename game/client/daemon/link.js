// Link: the page's line to its daemon; what was played is kept until the daemon has it.
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];
const BATCH_MS = 30; // under the 50 ms that the daemon expects, over what a socket notices
const FIRST_PINGS = 8; // enough for a quick one among them
const PING_MS = 1_000;
const FIRST_PING_MS = 60;
const SILENCE_MS = 6_000;
const MAX_OUTBOX = 4_000; // messages: two minutes of play without a daemon
const STORE_MS = 500;
const STORE_KEY = "popd.unsent";

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
  #batch = [];
  #batchTimer = 0;
  #storeTimer = 0;
  #outbox = []; // in order: commands until they are sent, batches of presses until they are acknowledged
  #sequence = 0;
  #isStored = false;

  /** `onMessage(message)` for all but pongs and acks; `onState("open" | "waiting")`; `onUnsent(presses that wait)`. */
  constructor(token, clock, onMessage, onState, onUnsent = () => {}) {
    this.#token = token;
    this.#clock = clock;
    this.#onMessage = onMessage;
    this.#onState = onState;
    this.onUnsent = onUnsent;
    this.#restore();
    addEventListener("pagehide", () => {
      this.flush();
      this.#store();
    });
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
    else this.#outbox.push(message);
  }

  /** A new session counts its batches from 1; what the last one still owes goes first. */
  beginSession() {
    this.flush();
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
    if (!this.#batch.length || this.#outbox.length >= MAX_OUTBOX) return;
    const message = { type: "events", seq: ++this.#sequence, events: this.#batch };
    this.#batch = [];
    this.#outbox.push(message);
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
    else this.onUnsent(this.unsent);
    this.#storeTimer ||= setTimeout(() => this.#store(), STORE_MS); // most are acknowledged long before
  }

  /** Presses (not releases) that the daemon hasn't acknowledged. */
  get unsent() {
    const isPress = (event) => event[2] === 1;
    return this.#outbox.reduce((sum, { events }) => sum + (events?.filter(isPress).length ?? 0), this.#batch.filter(isPress).length);
  }

  /** A page that is loaded anew still delivers what waits. */
  #store() {
    clearTimeout(this.#storeTimer);
    this.#storeTimer = 0;
    this.onUnsent(this.unsent);
    const batches = this.#outbox.filter(({ type }) => type === "events");
    if (!batches.length && !this.#isStored) return;
    this.#isStored = batches.length > 0;
    try {
      if (this.#isStored) sessionStorage.setItem(STORE_KEY, JSON.stringify(batches));
      else sessionStorage.removeItem(STORE_KEY);
    } catch {
      // a full store: they are kept as long as the page lives
    }
  }

  #restore() {
    const isKey = (event) => Array.isArray(event) && event.length === 3 && event.every(Number.isInteger);
    const isBatch = (one) => one?.type === "events" && Number.isInteger(one.seq) && Array.isArray(one.events) && one.events.every(isKey);
    try {
      const stored = JSON.parse(sessionStorage.getItem(STORE_KEY) ?? "[]");
      if (Array.isArray(stored)) this.#outbox = stored.filter(isBatch).slice(0, MAX_OUTBOX);
    } catch {
      this.#outbox = []; // nothing that we wrote
    }
    this.#isStored = sessionStorage.getItem(STORE_KEY) !== null;
    if (this.#outbox.length) this.onUnsent(this.unsent);
  }

  get #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #opened() {
    this.#attempt = 0;
    this.#heardMs = performance.now();
    this.#clock.reset();
    for (const message of this.#outbox) this.#socket.send(JSON.stringify(message));
    this.#outbox = this.#outbox.filter(({ type }) => type === "events");
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
    const at = this.#outbox.findIndex(({ seq }) => seq === sequence);
    if (at < 0) return;
    this.#outbox.splice(0, at + 1);
    if (this.#isStored) this.#store();
    this.onUnsent(this.unsent);
  }

  #closed() {
    clearTimeout(this.#pingTimer);
    this.#onState("waiting");
    this.onUnsent(this.unsent);
    const pause = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)];
    setTimeout(() => this.connect(), pause);
  }
}
