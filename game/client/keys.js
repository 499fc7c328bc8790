// Keys: what fingers do, as (lane, down or up, when), whatever they do it on.

const LAYOUTS = {
  4: ["KeyD", "KeyF", "KeyJ", "KeyK"],
  5: ["KeyD", "KeyF", "Space", "KeyJ", "KeyK"],
  6: ["KeyS", "KeyD", "KeyF", "KeyJ", "KeyK", "KeyL"],
  7: ["KeyS", "KeyD", "KeyF", "Space", "KeyJ", "KeyK", "KeyL"],
};

/** Places on the keyboard, not letters: the same fingers on every national layout. */
export const layoutOf = (keys) =>
  LAYOUTS[keys] ?? [..."ASDFGHJKLZXCVBNMQW"].slice(0, keys).map((letter) => `Key${letter}`);

export const labelOf = (code) => (code === "Space" ? "Space" : code.replace("Key", ""));

export class Keys {
  #surface;
  #laneAt;
  #onKey;
  #codes = new Map();
  #heldBy = new Map(); // lane -> what holds it down, so that a key and a finger don't let go for each other
  #stopped = new AbortController();

  /** `laneAt(event)` says which lane a pointer on `surface` is in; `onKey(lane, isDown, pageMs)`. */
  constructor(keys, surface, laneAt, onKey) {
    layoutOf(keys).forEach((code, lane) => this.#codes.set(code, lane));
    this.#surface = surface;
    this.#laneAt = laneAt;
    this.#onKey = onKey;
    const { signal } = this.#stopped;
    const listen = (target, name, handler) =>
      target.addEventListener(name, handler, { signal, passive: false });
    listen(window, "keydown", (event) => this.#keyDown(event));
    listen(window, "keyup", (event) => this.#keyUp(event));
    listen(window, "blur", () => this.releaseAll());
    listen(document, "visibilitychange", () => document.hidden && this.releaseAll());
    listen(surface, "pointerdown", (event) => this.#pointerDown(event));
    listen(surface, "pointerup", (event) => this.#up(event.pointerId, event.timeStamp));
    listen(surface, "pointercancel", (event) => this.#up(event.pointerId, event.timeStamp));
    listen(surface, "contextmenu", (event) => event.preventDefault());
  }

  stop() {
    this.releaseAll();
    this.#stopped.abort();
  }

  /** Nobody sees a key go up in another window: what is down goes up now. */
  releaseAll() {
    for (const lane of [...this.#heldBy.keys()]) {
      this.#heldBy.delete(lane);
      this.#onKey(lane, false, performance.now());
    }
  }

  #keyDown(event) {
    const lane = this.#codes.get(event.code);
    if (lane === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.repeat) this.#down(event.code, lane, event.timeStamp);
  }

  #keyUp(event) {
    if (!this.#codes.has(event.code)) return;
    event.preventDefault();
    this.#up(event.code, event.timeStamp);
  }

  #pointerDown(event) {
    const lane = this.#laneAt(event);
    event.preventDefault();
    if (lane < 0) return;
    this.#surface.setPointerCapture?.(event.pointerId);
    this.#down(event.pointerId, lane, event.timeStamp);
  }

  #down(source, lane, pageMs) {
    if (this.#heldBy.has(lane)) return;
    this.#heldBy.set(lane, source);
    this.#onKey(lane, true, pageMs);
  }

  #up(source, pageMs) {
    for (const [lane, holder] of this.#heldBy) {
      if (holder !== source) continue;
      this.#heldBy.delete(lane);
      this.#onKey(lane, false, pageMs);
    }
  }
}
