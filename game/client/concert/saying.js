// Saying: the opinion that one is making up, and the one that was sent until the daemon has it.
import { signal } from "../html.js";
import * as state from "../daemon/state.js";
import { guestKey, guestSeed } from "./guest-key.js";
import { seat } from "./seat.js";
import { chance, opinionDigest, signAsGuest, toHex } from "./signing.js";

const KEPT = "popd.opinion"; // what waits to be acknowledged
const DRAFT = "popd.draft"; // what is not sent yet
const SALT_SIZE = 16;
export const MOST_FEELINGS = 4;
export const MOST_LETTERS = 280;
const NOTHING = { concert: "", performer: "", score_ppm: null, tags: [], modality: "manual", method: "", comment: "", isOpen: false };

function load(store, key, isRight) {
  try {
    const found = JSON.parse(store.getItem(key) ?? "null");
    return found && isRight(found) ? found : null;
  } catch {
    return null; // nothing that we wrote
  }
}

function save(store, key, value) {
  try {
    if (value) store.setItem(key, JSON.stringify(value));
    else store.removeItem(key);
  } catch {
    // a forbidden store: it lives as long as the page
  }
}

const isDraft = ({ concert, tags, comment }) => typeof concert === "string" && Array.isArray(tags) && typeof comment === "string";
const isKept = ({ seq, concert, body }) => Number.isInteger(seq) && typeof concert === "string" && typeof body === "object";

export const draft = signal({ ...NOTHING, ...load(sessionStorage, DRAFT, isDraft) });
/** { seq, concert, body, why, next } of what was sent last and is not shown by the daemon yet; or null. */
export const kept = signal(load(localStorage, KEPT, isKept));
draft.subscribe((value) => save(sessionStorage, DRAFT, value));
kept.subscribe((value) => save(localStorage, KEPT, value));

/** Changes what one is about to say of a concert. */
export function change(concert, fields) {
  const before = draft.value.concert === concert ? draft.value : { ...NOTHING, concert };
  draft.value = { ...before, ...fields };
}

export const draftOf = (concert) => (draft.value.concert === concert ? draft.value : { ...NOTHING, concert });

/** Makes the draft of a concert what waits to be sent; a guest signs it. */
export function say(concert) {
  const { performer, score_ppm, tags, modality, method, comment } = draftOf(concert.id);
  const words = (comment.trim().toWellFormed?.() ?? comment.trim()).slice(0, MOST_LETTERS);
  const body = { performer: performer || concert.gatherer.id, score_ppm, tags: [...tags].sort(), modality, method, comment: words };
  kept.value = { seq: Date.now(), concert: concert.id, body: state.isGuest ? signed(concert, body) : body, why: "", next: "" };
  change(concert.id, { isOpen: false });
}

function signed(concert, body) {
  const salted = { ...body, salt: toHex(chance(SALT_SIZE)), comment_salt: toHex(chance(SALT_SIZE)) };
  const digest = opinionDigest({ ...salted, session: concert.first }, concert.teller, guestKey());
  return { ...salted, signature: signAsGuest(guestSeed(), seat().network, digest) };
}

/** What waits, as the line sends it; null when nothing does, or it was refused. */
export function unsent() {
  const waits = kept.value;
  return waits && !waits.why ? { type: "opinion", seq: waits.seq, concert: waits.concert, ...waits.body } : null;
}

/** The daemon has it. */
export function settle(seq) {
  if (kept.value?.seq === seq) kept.value = null;
}

export function refuse(seq, why, next) {
  if (kept.value?.seq === seq) kept.value = { ...kept.value, why, next };
}

export const forgetKept = () => (kept.value = null);
