// Words: how amounts, shares, times and states are said.
const MICRO = 1_000_000;

/** 1 JAM is 1,000,000 uJAM; three decimals, always. */
export const jam = (ujam) => (ujam / MICRO).toFixed(3);

/** What of a minted window came to me; all of it where nobody says how it was shared. */
export function ownShare(window) {
  const me = window.values.find((value) => value.is_me)?.id;
  return window.shares.find((share) => share.id === me)?.amount_ujam ?? window.minted_ujam;
}

export const percent = (ppm) => `${Math.floor(ppm / 10_000)} %`;

export function minutes(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const seconds = (milliseconds) => `${Math.round(milliseconds / 1_000)} s`;

const MINUTES_FROM_MS = 100_000; // from here on they are easier to read

/** How long something takes, in seconds or, where it is long, minutes. */
export const lasting = (milliseconds) =>
  milliseconds < MINUTES_FROM_MS ? seconds(milliseconds) : `${Math.round(milliseconds / 60_000)} min`;

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");

export const when = (milliseconds) =>
  new Date(milliseconds).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

export const DECISIONS = {
  accept: "believed it",
  flag: "has doubts",
  reject: "did not believe it",
};

export const ORIGINS = {
  minted: "you played",
  crowd: "a crowd heard you",
  witnessed: "you witnessed",
  received: "somebody gave it to you",
};

export const QUALITIES = [
  ["accuracy_ppm", "accuracy", "how near to the notes you pressed"],
  ["diversity_ppm", "diversity", "how varied lanes and intervals were"],
  ["harmony_ppm", "harmony", "how steady you were on the beat"],
  ["liveness_ppm", "riffs", "how many of the surprise riffs you answered"],
  ["density_ppm", "density", "how much there was to hear"],
];
