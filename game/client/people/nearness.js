// Nearness: how near somebody is to the user, as an order, in words and on a ring.

/** From which proximity on somebody is called so; the rings of the map. */
export const RINGS = [[0.25, "close"], [0.05, "known"], [0.005, "barely known"]];

/** Everybody, nearest first and the user before all. */
export const byNearness = (people) =>
  [...people].sort((one, other) => other.is_me - one.is_me || other.proximity - one.proximity || (one.id < other.id ? -1 : 1));

/** The number that the user's trust gives somebody. */
export function near(proximity) {
  if (!(proximity > 0)) return "not near you yet";
  return proximity < 0.01 ? "less than 0.01 near you" : `${proximity.toFixed(2)} near you`;
}

/** The ring that somebody stands in; nothing where the number says it already. */
export function ringOf(proximity) {
  if (!(proximity > 0)) return "";
  return RINGS.find(([least]) => proximity >= least)?.[1] ?? "hardly known";
}
