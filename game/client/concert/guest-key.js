// Guest key: the key that this browser speaks with at concerts, and the 24 words that it can be written down as.
import { sha256 } from "../vendor/noble.js";
import { chance, fromHex, publicKey, toHex } from "./signing.js";

const STORE = "popd.guest";
const SEED_SIZE = 32;
const WORD_BITS = 11;
export const WORD_COUNT = 24;

let held = null; // where nothing can be stored, it lives as long as the page

function stored() {
  const text = localStorage.getItem(STORE) ?? "";
  return /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : null;
}

/** The 32 bytes behind the key; made, and kept in this browser, when there is none yet. */
export function guestSeed() {
  try {
    held ??= stored();
    if (held) return held;
    held = chance(SEED_SIZE);
    localStorage.setItem(STORE, toHex(held));
  } catch {
    held ??= chance(SEED_SIZE); // a forbidden store
  }
  return held;
}

export const guestKey = () => toHex(publicKey(guestSeed()));

/** BIP39: 256 bits and the first eight of their SHA-256, eleven at a time; `list` has 2048 words. */
export function wordsOf(seed, list) {
  const bits = [...seed, sha256(seed)[0]].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: WORD_COUNT }, (_, place) => list[Number.parseInt(bits.slice(place * WORD_BITS, (place + 1) * WORD_BITS), 2)]);
}
