// Person words: what a belief, a freshness and a likeness of voices are called.
import { plural } from "../words.js";

const BELIEFS = [[0.8, "Almost surely one real person"], [0.5, "Probably one real person"], [0.2, "Perhaps one real person"]];
const HARDLY = "Hardly anything shows that this is one real person";
const LATEST_MS = 8.64e15; // what a calendar knows

/** A share in whole percent; never 0 or 100 unless it is exactly that. */
export function percent(share) {
  if (!(share > 0)) return "0 %";
  return share >= 1 ? "100 %" : `${Math.min(99, Math.max(1, Math.round(share * 100)))} %`;
}

/** How sure the user may be that somebody is one real person, as a sentence. */
export function beliefWords({ belief, n_eff: independent, acknowledged_by: voices, is_me: isMe }) {
  if (!voices.length) return isMe ? "Nobody has acknowledged you yet, so nothing shows others that you are one real person."
    : "Nobody you know of has acknowledged them yet, so nothing shows that they are one real person.";
  const sure = BELIEFS.find(([least]) => belief >= least)?.[1] ?? HARDLY;
  return `${sure}: ${plural(voices.length, "person acknowledges", "people acknowledge")} ${isMe ? "you" : "them"}, as good as
    ${independent.toFixed(1)} independent ones.`.replace(/\s+/g, " ");
}

/** How much a word is worth of one given by hand today: it fades, and what a node says by itself is faint from the start. */
export function freshWords(freshness) {
  if (freshness >= 0.75) return "strong";
  return freshness >= 0.35 ? "fading" : "faint";
}

export function alikeWords(alike) {
  if (alike < 0.2) return "independent";
  return alike < 0.6 ? "partly says what others say" : "says what others say already";
}

const DEEDS = {
  verdict: (whom) => `witnessed ${whom}`,
  witnessed: (whom) => `had ${whom} as a witness`,
  jam: (whom) => `played with ${whom}`,
};

/** What was done to somebody, for a line of the timeline; kinds that this page doesn't know are told as they are. */
export const deedWords = (kind, whom) => (Object.hasOwn(DEEDS, kind) ? DEEDS[kind](whom) : String(kind).replaceAll("_", " "));

const isDate = (ms) => Number.isFinite(ms) && Math.abs(ms) <= LATEST_MS;
export const day = (ms) => (isDate(ms) ? new Date(ms).toLocaleDateString([], { dateStyle: "medium" }) : "a day that no calendar has");
export const month = (ms) => (isDate(ms) ? new Date(ms).toLocaleDateString([], { month: "short", year: "numeric" }) : "some month");
