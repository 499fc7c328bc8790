// Say: scores, methods, states and phases of a concert in words.
import { plural } from "../words.js";

export const PHASES = ["waiting", "open", "locked", "revealed", "closed"];
export const STEP_PPM = 100_000; // one of ten

/** The next phase, what its button says, and what it does to everybody. */
export const NEXT = {
  waiting: ["open", "Open the ratings", "Everybody here can rate, and change their mind until you lock."],
  open: ["locked", "Lock the ratings", "Nobody changes anything any more. What they said stays sealed; you can open again before the reveal."],
  locked: ["revealed", "Reveal", "Everybody sees all ratings, feelings and words at once, with their names where they have one. It can't be taken back."],
  revealed: ["closed", "Close the concert", "What is here is what counts: the coin is made of it. Later ratings are not gathered."],
};

export const tenths = (ppm) => Math.round(ppm / STEP_PPM);
export const outOfTen = (ppm) => `${tenths(ppm)} of 10`;

/** What a score feels like. */
export const FEEL = ["not for me", "hardly", "a little", "here and there", "some of it", "good", "good, and more", "strong", "very strong", "nearly all of it", "entirely"];

/** Which way a score came about, for who gave it. */
export function howOf({ modality, method }, methods) {
  const label = methods.find((one) => one.name === method && one.modality === modality)?.label ?? method;
  switch (modality) {
    case "signal": return `by your tapping (${label})`;
    case "comment": return `by your words (${label})`;
    case "plugin": return `by a plug-in (${label})`;
    default: return "by hand";
  }
}

/** Where one's own rating is. */
export function stateOfMine(mine, host) {
  switch (mine.state) {
    case "held": return `${host} keeps it. Until the reveal only its seal is told, and nobody can read it.`;
    case "told": return "Sealed: the performers know that you said something, and not what.";
    case "revealed": return "It is revealed, and waits to be gathered; usually 10 s.";
    case "gathered": return "It was gathered.";
    default: return `${mine.why || "It was not taken."} ${mine.next || ""}`.trim();
  }
}

export const voicesOf = (count) => plural(count, "voice");
