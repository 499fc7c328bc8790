// Inputs: presses on any device become presses in lanes.
import { listenAll } from "./devices.js";

/** What was played on last: the lanes show its names. */
export let lastDevice = "keyboard";

const SLIDE = 0.25; // of a lane's width: a finger that trembles at an edge presses once

export class Inputs {
  #surface;
  #lanesOf; // { device: Map(binding -> lane) }
  #laneAt;
  #onKey;
  #heldBy = new Map(); // lane -> what holds it down, so that a key and a finger don't let go for each other
  #fingers = new Map(); // pointer -> lane
  #stopped = new AbortController();

  /**
   * `layouts` is { device: [binding of each lane] }; `laneAt(x, margin)` says which lane a place of the surface
   * belongs to, or -1, `margin` being how far (in lanes) one must be inside; `onKey(lane, isDown, pageMs)`.
   */
  constructor(layouts, surface, laneAt, onKey) {
    const entries = Object.entries(layouts).map(([device, layout]) => [device, new Map(layout.map((id, lane) => [id, lane]))]);
    this.#lanesOf = Object.fromEntries(entries);
    this.#surface = surface;
    this.#laneAt = laneAt;
    this.#onKey = onKey;
    const { signal } = this.#stopped;
    const listen = (target, name, handler) => target.addEventListener(name, handler, { signal, passive: false });
    listenAll((...raw) => this.#raw(...raw), signal);
    listen(window, "blur", () => this.releaseAll());
    listen(document, "visibilitychange", () => document.hidden && this.releaseAll());
    listen(surface, "pointerdown", (event) => this.#pointerDown(event));
    listen(surface, "pointermove", (event) => this.#pointerMove(event));
    listen(surface, "pointerup", (event) => this.#pointerUp(event));
    listen(surface, "pointercancel", (event) => this.#pointerUp(event));
    listen(surface, "touchstart", (event) => event.preventDefault()); // no zoom by double tap
    listen(surface, "contextmenu", (event) => event.preventDefault());
  }

  stop() {
    this.releaseAll();
    this.#stopped.abort();
  }

  /** Nobody sees a key go up in another window: what is down goes up now. */
  releaseAll() {
    this.#fingers.clear();
    for (const lane of [...this.#heldBy.keys()]) {
      this.#heldBy.delete(lane);
      this.#onKey(lane, false, performance.now());
    }
  }

  #raw(device, id, isDown, pageMs, event) {
    const lane = this.#lanesOf[device]?.get(id);
    if (lane === undefined || event?.target?.closest?.("dialog, input, select, textarea")) return;
    event?.preventDefault();
    lastDevice = device;
    if (isDown) this.#down(`${device} ${id}`, lane, pageMs);
    else if (isDown === false) this.#up(`${device} ${id}`, pageMs);
  }

  #pointerDown(event) {
    const lane = this.#laneAt(event.clientX, 0);
    event.preventDefault();
    if (lane < 0) return;
    try {
      this.#surface.setPointerCapture(event.pointerId);
    } catch {
      // the finger is already gone
    }
    lastDevice = "touch";
    this.#fingers.set(event.pointerId, lane);
    this.#down(event.pointerId, lane, event.timeStamp);
  }

  /** A finger that slides into another lane presses there, at the moment it came. */
  #pointerMove(event) {
    if (!this.#fingers.has(event.pointerId)) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) {
      const from = this.#fingers.get(event.pointerId);
      const lane = this.#laneAt(move.clientX, SLIDE);
      if (lane < 0 || lane === from) continue;
      this.#up(event.pointerId, move.timeStamp);
      this.#fingers.set(event.pointerId, lane);
      this.#down(event.pointerId, lane, move.timeStamp);
    }
  }

  #pointerUp(event) {
    this.#fingers.delete(event.pointerId);
    this.#up(event.pointerId, event.timeStamp);
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
