// Say: what disputes are called on the page.
import { nameOf } from "../people.js";
import { when } from "../words.js";

/** Why one parts from somebody; the ledger knows these words alone. */
export const PARTING = [
  ["unfair_play", "plays unfairly"],
  ["false_witness", "witnesses falsely"],
  ["moved_twice", "moved a coin twice"],
  ["stolen", "took what is somebody else's"],
  ["other", "for reasons of your own"],
];

const REPORTED = {
  not_played_live: "not played live",
  copied: "a copy of another play",
  false_witness: "its witnesses said what they can't have seen",
  stolen: "somebody else's performance",
  other: "something else is wrong with it",
};
export const reportedAs = (reason) => REPORTED[reason] ?? "something is wrong with it";

const LATEST_MS = 8.64e15; // what a calendar knows

/** A moment that somebody claims; theirs may lie beyond any calendar. */
export const moment = (ms) => (Math.abs(ms) <= LATEST_MS ? when(ms) : "a time that no calendar has");

export const calledIn = (people, id) => {
  const one = people.find((person) => person.id === id);
  return one?.is_me ? "you" : nameOf(one ?? { id, name: "" });
};

/** How near somebody is, in the user's eyes. */
export function nearness(ppm) {
  if (ppm <= 0) return "not near to you yet";
  return ppm < 10_000 ? "less than 1 % near, in your eyes" : `${Math.floor(ppm / 10_000)} % near, in your eyes`;
}

/** A community's name: by the user when it is theirs, otherwise by whom the user is nearest to, or its number. */
export function phaseName(members) {
  if (members.some((one) => one.is_me)) return members.length > 1 ? "With you" : "You alone";
  const nearest = members.reduce((best, one) => (one.proximity_ppm > best.proximity_ppm ? one : best));
  if (members.length > 1 && nearest.proximity_ppm <= 0) return `Phase ${nearest.phase + 1}`;
  return members.length > 1 ? `Around ${nameOf(nearest)}` : `${nameOf(nearest)} alone`;
}

/** Members of each phase, the user's first, then the largest. */
export function grouped(people) {
  const groups = new Map();
  for (const person of people) groups.set(person.phase, [...(groups.get(person.phase) ?? []), person]);
  const isOwn = ([, members]) => members.some((one) => one.is_me);
  return [...groups].sort((one, other) => isOwn(other) - isOwn(one) || other[1].length - one[1].length);
}

export const partingWords = (people, arc) =>
  `${calledIn(people, arc.from)} parted from ${calledIn(people, arc.to)} on ${moment(arc.since_ms)}: “${arc.why}”`;
