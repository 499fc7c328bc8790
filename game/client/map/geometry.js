// Geometry: where people, their areas, broken arcs and names go on a map of a given width, in pixels.

const MOST_APART = 140; // nobody is drawn farther from their neighbour
const RADII = [3.5, 20];
const LEAST_HEIGHT = 280;
const GAP = [0.4, 0.6]; // which part of a broken arc is missing
const BEND = [0.32, 90]; // how far an arc leaves the straight line: a share of its length, and pixels at most
const LETTER = 0.6; // of the size of its text, on average

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const share = (value) => (Number.isFinite(value) ? clamp(value, 0, 1) : 0.5);
const apart = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

function leastApart(points) {
  let least = Infinity;
  points.forEach((point, index) => {
    for (let other = index + 1; other < points.length; other++) least = Math.min(least, apart(point, points[other]));
  });
  return least;
}

/** The edges around the areas of all phases. */
function extent(people, points) {
  const phases = new Map();
  people.forEach(({ phase }, index) => phases.set(phase, [...(phases.get(phase) ?? []), points[index]]));
  const areas = [...phases.values()].map((members) => areaOf(members, 0));
  return [
    Math.min(...areas.map(({ x, r }) => x - r)), Math.max(...areas.map(({ x, r }) => x + r)),
    Math.min(...areas.map(({ y, r }) => y - r)), Math.max(...areas.map(({ y, r }) => y + r)),
  ];
}

/** The people with `x`, `y` in pixels and `r`, and the map's height; `margin` keeps room for names. */
export function fitted(people, width, tallest, margin) {
  const points = people.map(({ x, y }) => ({ x: share(x), y: share(y) }));
  const [left, right, top, bottom] = extent(people, points);
  const least = leastApart(points) || 1e-6;
  const scale = Math.min((width - 2 * margin) / (right - left || 1e-6), (tallest - 2 * margin) / (bottom - top || 1e-6), MOST_APART / least);
  const radius = clamp(least * scale * 0.32, ...RADII);
  const height = Math.max((bottom - top) * scale + 2 * margin, LEAST_HEIGHT);
  const places = people.map((person, index) => ({
    ...person,
    x: width / 2 + (points[index].x - (left + right) / 2) * scale,
    y: height / 2 + (points[index].y - (top + bottom) / 2) * scale,
    r: radius * (person.is_me ? 1.25 : 0.85 + 0.3 * Math.sqrt(share(person.proximity_ppm / 1e6))),
  }));
  return { places, height, radius };
}

/** A circle around the members of a phase. */
export function areaOf(members, radius) {
  const x = members.reduce((sum, one) => sum + one.x, 0) / members.length;
  const y = members.reduce((sum, one) => sum + one.y, 0) / members.length;
  return { x, y, r: Math.max(...members.map((one) => apart(one, { x, y }))) + radius * 1.6 };
}

const between = (one, other, t) => ({ x: one.x + (other.x - one.x) * t, y: one.y + (other.y - one.y) * t });
const at = ({ from, bend, to }, t) => between(between(from, bend, t), between(bend, to, t), t);
const said = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function piece(curve, start, end) {
  const middle = between(between(curve.from, curve.bend, start), between(curve.bend, curve.to, start), end);
  return `M${said(at(curve, start))}Q${said(middle)} ${said(at(curve, end))}`;
}

/** A path from one face to another with a gap in its middle, and a bar before the gap: on the side of who parted. */
export function brokenArc(from, to) {
  const long = apart(from, to) || 1;
  const across = { x: (to.y - from.y) / long, y: -(to.x - from.x) / long };
  const middle = between(from, to, 0.5);
  const out = Math.min(long * BEND[0], BEND[1]);
  const curve = { from, to, bend: { x: middle.x + across.x * out, y: middle.y + across.y * out } };
  const [start, end] = [Math.min((from.r + 3) / long, GAP[0] - 0.05), Math.max(1 - (to.r + 3) / long, GAP[1] + 0.05)];
  const edge = at(curve, GAP[0]);
  const bar = [-7, 7].map((step) => said({ x: edge.x + across.x * step, y: edge.y + across.y * step })).join("L");
  return { halves: `${piece(curve, start, GAP[0])}${piece(curve, GAP[1], end)}`, bar: `M${bar}` };
}

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Where a name of `wide` x `size` may stand: below, above, right and left of what it names. */
const sides = ({ x, y, r, isAbove }, wide, size) => [
  ...(isAbove ? [] : [[x, y + r + size]]),
  [x, y - r - 6],
  [x + r + 6 + wide / 2, y + size * 0.35],
  [x - r - 6 - wide / 2, y + size * 0.35],
];

const cover = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/**
 * Names that cover neither one another nor a face: of `wanted` ({ id, text, x, y, r, isAbove, isSure }, the most important
 * first) those that find room or are sure of it, as { id, text, x, y }; `size` is the height of the text.
 */
export function labels(wanted, places, width, size) {
  const faces = places.map(({ id, x, y, r }) => ({ id, box: [x - r, y - r, x + r, y + r] }));
  const taken = [];
  return wanted.flatMap((one) => {
    const short = shortened(one.text, Math.max(8, Math.floor(width / 2 / (size * LETTER))));
    const wide = short.length * size * LETTER;
    const spots = sides(one, wide, size).map(([x, y]) => [clamp(x, wide / 2 + 2, Math.max(width - wide / 2 - 2, wide / 2 + 2)), y])
      .map(([x, y]) => ({ x, y, box: [x - wide / 2, y - size, x + wide / 2, y + 3] }));
    const isFree = ({ box }) => !taken.some((other) => cover(box, other)) && !faces.some((face) => face.id !== one.id && cover(box, face.box));
    const spot = spots.find(isFree) ?? (one.isSure ? spots[0] : null);
    if (!spot) return [];
    taken.push(spot.box);
    return [{ id: one.id, text: short, x: spot.x, y: spot.y }];
  });
}

/** Whom an arrow key leads to: near, and in its direction; `place` itself when nobody is there. */
export function towards(places, place, [dx, dy]) {
  let best = place;
  let least = Infinity;
  for (const other of places) {
    const along = (other.x - place.x) * dx + (other.y - place.y) * dy;
    const aside = Math.abs((other.x - place.x) * dy - (other.y - place.y) * dx);
    if (other === place || along <= 0.5 || along + 2 * aside >= least) continue;
    least = along + 2 * aside;
    best = other;
  }
  return best;
}

/** Who is nearest to a point, within reach of a fingertip. */
export function nearestTo(places, point, reach = 36) {
  const best = places.reduce((near, one) => (!near || apart(one, point) < apart(near, point) ? one : near), null);
  return best && apart(best, point) <= Math.max(reach, best.r) ? best : null;
}
