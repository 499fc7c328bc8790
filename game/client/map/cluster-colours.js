// Cluster colours: one of the seven for each cluster, kept while the page is open; names and sectors tell them too.
import { COLOURS } from "../stage/lanes.js";

const NAMES = ["sky", "orange", "green", "purple", "yellow", "vermilion", "blue"]; // neighbours in it are far apart
export const ALONE = "#9a96a8"; // who belongs to no cluster
const known = new Map();

/** Gives colours to clusters that have none, the least used first. */
export function colourClusters(clusters) {
  for (const { id } of clusters) {
    if (!known.has(id)) known.set(id, NAMES[known.size % NAMES.length]);
  }
}

export const colourName = (id) => known.get(id) ?? "grey";
export const colourOf = (id) => COLOURS[known.get(id)] ?? ALONE;

const hex = (colour) => [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));

/** So much of one colour in another; both as #rrggbb. */
export const mixed = (colour, share, other = "#0d0d13") => {
  const under = hex(other);
  return `#${hex(colour).map((value, index) => Math.round(value * share + under[index] * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
};
