// Sky words: the rings and what they are called, the clusters' names around them, and the names of people with room for one.
import { nameOf } from "../people.js";
import { colourOf, mixed } from "./cluster-colours.js";
import { RINGS } from "../people/nearness.js";
import { distanceOf } from "./places.js";

const MOST_NAMES = 36;
const MOST_TRIED = 600;
const MOST_DISCS = 64; // of the nearest, which names don't cover
const NAME_REM = 0.8125;
const LEAST_DOT_PX = 3.2; // smaller stars have no name, unless they are near or touched
const ALWAYS = 9; // the nearest, whatever their size
const MOST_LETTERS = 24;
const ARC_OUT = 0.035;
const FRAME_PX = 8; // that words keep from the frame

const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
const shortened = (text) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text);
const cover = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

const discOf = ({ x, y, r }) => [x - r, y - r, x + r, y + r];

/** The pixels of the middle and of one unit. */
function frameOf(sigma) {
  const middle = sigma.graphToViewport({ x: 0, y: 0 });
  return { ...middle, scale: sigma.getGraphToViewportRatio(), size: sigma.getDimensions() };
}

function write(context, text, x, y, colour) {
  context.strokeStyle = "#09090d";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** One light in the middle, and rings that say in words how near one is. */
export function drawRings(context, sigma, { sectors }) {
  const { x, y, scale, size } = frameOf(sigma);
  context.clearRect(0, 0, size.width, size.height);
  const light = context.createRadialGradient(x, y, 0, x, y, scale * 1.05);
  light.addColorStop(0, "rgb(255 213 138 / 16%)");
  light.addColorStop(0.35, "rgb(255 213 138 / 5%)");
  light.addColorStop(1, "rgb(255 213 138 / 0%)");
  context.fillStyle = light;
  context.fillRect(0, 0, size.width, size.height);
  for (const [proximity] of RINGS) {
    const radius = distanceOf(proximity) * scale;
    context.strokeStyle = "#4a4859";
    context.lineWidth = 1;
    context.setLineDash([2, 6]);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }
  for (const sector of sectors) drawArc(context, sector, { x, y, scale });
}

function drawArc(context, { id, from, to, out }, { x, y, scale }) {
  const radius = (out + ARC_OUT) * scale;
  context.strokeStyle = colourOf(id);
  context.lineWidth = 3;
  context.lineCap = "round";
  context.globalAlpha = 0.75;
  context.beginPath();
  context.arc(x, y, radius, from - 0.02, to + 0.02);
  context.stroke();
  context.globalAlpha = 1;
}

function sectorLabel({ name, middle, out, id }, { x, y, scale }, height) {
  const radius = (out + ARC_OUT) * scale + height;
  return { text: shortened(name), x: x + radius * Math.cos(middle), y: y + radius * Math.sin(middle), turn: Math.cos(middle), colour: mixed(colourOf(id), 0.72, "#f5f2eb") };
}

/** The box of a text beside a point: to its left where `turn` is negative, around it where it is nearly 0. */
function boxOf(context, { text, x, y, turn }, height, size) {
  const wide = context.measureText(text).width;
  const left = Math.min(Math.max(Math.abs(turn) < 0.3 ? x - wide / 2 : turn < 0 ? x - wide : x, FRAME_PX), Math.max(FRAME_PX, size.width - wide - FRAME_PX));
  const middle = Math.min(Math.max(y, height * 0.65 + FRAME_PX), size.height - height * 0.65 - FRAME_PX);
  return { left, middle, box: [left - 3, middle - height * 0.65, left + wide + 3, middle + height * 0.65] };
}

/** Where a ring of so many pixels may be named: above, below, right or left, as far as it is in the frame there. */
export function ringSpots(radius, { x, y, size }, height) {
  const edge = FRAME_PX + height * 0.65;
  const all = [[0, -1], [0, 1], [1, 0], [-1, 0]].map(([across, down]) => ({ x: x + across * radius, y: y + down * radius, turn: 0 }));
  return all.filter((spot) => spot.x >= edge && spot.x <= size.width - edge && spot.y >= edge && spot.y <= size.height - edge);
}

/** Where the name of a dot may stand: right of it, left, below, above, and at its corners. */
const sides = ({ x, y, r }, height) => [
  { x: x + r + 6, y, turn: 1 },
  { x: x - r - 6, y, turn: -1 },
  { x, y: y + r + height * 0.8, turn: 0 },
  { x, y: y - r - height * 0.8, turn: 0 },
  ...[[1, -1], [1, 1], [-1, -1], [-1, 1]].map(([across, down]) => ({ x: x + across * (r * 0.7 + 4), y: y + down * (r * 0.7 + height * 0.6), turn: across })),
];

/** The names of clusters, then of whoever is touched, nearest or large enough, as far as they cover nothing. */
export function drawNames(context, sigma, { sectors, ordered, places, byId }, { touched, lit }) {
  const frame = frameOf(sigma);
  const { size, scale } = frame;
  const height = rem() * NAME_REM;
  const taken = [];
  context.clearRect(0, 0, size.width, size.height);
  context.textBaseline = "middle";
  context.textAlign = "left";
  const put = (spots, { text, colour }, isSure) => {
    const boxes = spots.map((spot) => boxOf(context, { text, ...spot }, height, size));
    const found = boxes.find(({ box }) => !taken.some((other) => cover(box, other))) ?? (isSure ? boxes[0] : null);
    if (!found) return false;
    taken.push(found.box);
    write(context, text, found.left, found.middle, colour);
    return true;
  };
  const spot = (place) => ({ x: frame.x + place.x * scale, y: frame.y + place.y * scale, r: place.r * scale });
  const isSeen = ({ x, y }) => x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20;
  const spots = ordered.slice(0, MOST_DISCS).map(({ id }) => spot(places.get(id)));
  taken.push(...spots.filter(({ r }) => r >= LEAST_DOT_PX).map(discOf));
  const named = (person, at, isSure) =>
    put(sides(at, height), { text: person.is_me ? "you" : shortened(nameOf(person)), colour: person.is_me ? "#ffd58a" : "#f5f2eb" }, isSure);
  context.font = `${height}px system-ui, sans-serif`;
  if (touched && places.has(touched)) {
    const at = spot(places.get(touched));
    context.strokeStyle = "#ffd58a";
    context.lineWidth = 3;
    context.beginPath();
    context.arc(at.x, at.y, at.r + 5, 0, 2 * Math.PI);
    context.stroke();
    named(byId.get(touched), at, true);
  }
  for (const [proximity, text] of RINGS) {
    put(ringSpots(distanceOf(proximity) * scale, frame, height), { text, colour: "#bcb7c6" }, false);
  }
  context.font = `600 ${height}px system-ui, sans-serif`;
  for (const sector of sectors) {
    const label = sectorLabel(sector, frame, height);
    if (isSeen(label)) put([label], label, false);
  }
  context.font = `${height}px system-ui, sans-serif`;
  let shown = 0;
  let tried = 0;
  for (const [index, person] of ordered.entries()) {
    if (shown >= MOST_NAMES || tried >= MOST_TRIED) break;
    if (person.id === touched || (lit && !lit.has(person.id))) continue;
    const at = spot(places.get(person.id));
    if (!isSeen(at) || (at.r < LEAST_DOT_PX && index >= ALWAYS && !lit)) continue;
    tried++;
    shown += named(person, at, false);
  }
}
