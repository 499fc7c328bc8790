// Rollover: which keys a keyboard drops when they are held together, found by holding them.
//
// Cheap keyboards read a grid of wires: three keys on the corners of a rectangle look like four, so they
// hide one. All keys are tried at once first; only where that fails the hands, pairs and threes follow.
import { presetsOf } from "./layouts.js";

const MAX_TRIPLES = 24;

const isWithin = (small, large) => small.every((code) => large.includes(code));

const pairsOf = (codes) => codes.flatMap((one, position) => codes.slice(position + 1).map((other) => [one, other]));

const triplesOf = (codes) => codes.flatMap((one, position) => pairsOf(codes.slice(position + 1)).map((pair) => [one, ...pair]));

export class Rollover {
  /** `codes` are the keys of the lanes from the left. */
  constructor(codes) {
    this.codes = codes;
    this.passed = []; // lists of codes that were down together
    this.blocked = []; // { codes, missing, extra }: what was held, what never came, what came though nobody pressed it
    this.down = new Set();
    this.seen = new Set();
    this.extra = new Set();
    this.isClearing = false; // until all is let go
    this.queue = [codes];
    this.phase = 0;
    this.#next();
  }

  /** The keys to hold now, or null when all is known. */
  get step() {
    return this.current;
  }

  /** A key moved; returns whether something was settled. */
  key(code, isDown) {
    if (isDown) this.down.add(code);
    else this.down.delete(code);
    if (this.isClearing) {
      if (this.down.size === 0) this.isClearing = false;
      return false;
    }
    if (!this.current || !isDown) return false;
    if (!this.current.includes(code)) this.extra.add(code);
    else this.seen.add(code);
    if (!this.current.every((one) => this.down.has(one))) return false;
    this.passed.push(this.current);
    this.#settle();
    return true;
  }

  /** Nothing more came although all are held: what is missing was dropped. */
  giveUp() {
    if (!this.current || this.isClearing || this.down.size === 0) return false;
    const missing = this.current.filter((code) => !this.down.has(code));
    if (!missing.length) return false;
    this.blocked.push({ codes: this.current, missing, extra: [...this.extra] });
    const came = this.current.filter((code) => this.down.has(code));
    if (came.length > 1) this.passed.push(came);
    this.#settle();
    return true;
  }

  /** The last step again: the fingers were too slow. */
  again() {
    const { last } = this;
    if (!last) return;
    this.blocked = this.blocked.filter(({ codes }) => codes !== last);
    this.passed = this.passed.filter((codes) => codes !== last);
    if (this.current) this.queue.unshift(this.current);
    this.current = last;
    this.last = null;
    this.#clear();
  }

  /** passed, blocked, or open, for two keys. */
  pair(one, other) {
    if (this.blocked.some(({ codes }) => codes.length === 2 && isWithin([one, other], codes))) return "blocked";
    return this.passed.some((codes) => isWithin([one, other], codes)) ? "passed" : "open";
  }

  /** The smallest combinations that were dropped. */
  get smallest() {
    return this.blocked.filter(({ codes }) => !this.blocked.some((other) => other.codes.length < codes.length && isWithin(other.codes, codes)));
  }

  #settle() {
    this.last = this.current;
    this.current = null;
    this.#clear();
    this.#next();
  }

  #clear() {
    this.isClearing = this.down.size > 0;
    this.seen.clear();
    this.extra.clear();
  }

  #next() {
    while (!this.current) {
      while (this.queue.length) {
        const wanted = this.queue.shift();
        const isKnown = this.passed.some((codes) => isWithin(wanted, codes)) || this.blocked.some(({ codes }) => codes.join() === wanted.join());
        if (isKnown) continue;
        this.current = wanted;
        return;
      }
      if (this.phase === 3 || this.passed.includes(this.codes)) return;
      this.queue = this.#plan(++this.phase);
    }
  }

  #plan(phase) {
    const half = this.codes.length >> 1;
    const hands = [this.codes.slice(0, half), this.codes.slice(half)].filter((hand) => hand.length > 2);
    if (phase === 1) return hands;
    if (phase === 2) return pairsOf(this.codes);
    const isFree = (triple) => !this.blocked.some(({ codes }) => codes.length === 2 && isWithin(codes, triple));
    return triplesOf(this.codes).filter(isFree).slice(0, MAX_TRIPLES);
  }
}

/** A layout of as many keys without a combination that was dropped: [name, codes], or null. */
export function suggestLayout(codes, blocked) {
  const isClean = ([, layout]) => !blocked.some((one) => isWithin(one.codes, layout));
  return presetsOf(codes.length).find((preset) => isClean(preset) && preset[1].join() !== codes.join()) ?? null;
}
