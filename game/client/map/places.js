// Places: where people stand around the user: distance is trust, direction is the cluster, and nobody jumps.

const STEEP = 0.01; // the proximity from which on distances shrink evenly with its logarithm
const NEAREST = 0.1; // where full trust stands
const EDGE = 1; // where no trust stands
const KEEPS = { distance: 0.012, angle: 0.03 }; // a place is kept while what it says changed by less
const UNITS = [[32, 0.03], [256, 0.018], [2_048, 0.011], [Infinity, 0.0075]]; // a dot's size, by how many there are
const AIR = 1.2; // between two dots, as a share of their radii
const FIELD = 2.2; // nobody stands farther out
const REACH = 48; // how many dots' widths aside somebody may be moved
const OUTWARD = 2.5; // a step out weighs as much as so many steps aside: distance is what one reads
const CORNER = 0.02; // of the map: whoever belongs into one looks for a spot where the one before found theirs
const BACK = 40; // steps before that, which smaller dots may fit into
const MOST_STRATUM = 6;

const within = (value, low, high, fallback) => (Number.isFinite(value) ? Math.min(Math.max(value, low), high) : fallback);

/** The distance from the middle: smaller for whoever is nearer, 0.1 for all trust and 1 for none. */
export function distanceOf(proximity) {
  const near = within(proximity, 0, 1, 0);
  return EDGE - ((EDGE - NEAREST) * Math.log1p(near / STEEP)) / Math.log1p(1 / STEEP);
}

/** The radius of a dot on a map of so many people. */
export function sizeOf(person, count) {
  const [, unit] = UNITS.find(([most]) => count <= most);
  return unit * (person.is_me ? 1.8 : 0.7 + 0.2 * within(person.stratum, 0, MOST_STRATUM, 0));
}

/** Steps aside and out, the least disturbing first. */
const STEPS = (() => {
  const steps = [];
  for (let out = 0; out <= REACH; out++) {
    for (let aside = -REACH; aside <= REACH; aside++) steps.push([aside, out, Math.hypot(aside, out * OUTWARD)]);
  }
  return steps.sort((one, other) => one[2] - other[2] || one[0] - other[0]);
})();

/** Who stands where, in squares as wide as the widest dot. */
class Ground {
  constructor(widest) {
    this.cell = widest * 2 * AIR;
    this.columns = Math.ceil((FIELD * 2) / this.cell) + 1;
    this.cells = new Array(this.columns * this.columns);
  }

  at(x, y) {
    return Math.floor((y + FIELD) / this.cell) * this.columns + Math.floor((x + FIELD) / this.cell);
  }

  isFree(x, y, r) {
    const middle = this.at(x, y);
    for (let row = -1; row <= 1; row++) {
      for (let column = -1; column <= 1; column++) {
        const cell = this.cells[middle + row * this.columns + column];
        if (cell && cell.some((one) => (one.x - x) ** 2 + (one.y - y) ** 2 < ((one.r + r) * AIR) ** 2)) return false;
      }
    }
    return true;
  }

  take(place) {
    const key = this.at(place.x, place.y);
    (this.cells[key] ??= []).push(place);
  }
}

/**
 * The free spot nearest to where a person belongs; where all is taken, the spot itself. `begun` remembers how many steps
 * others from the same corner needed, because before those all is taken.
 */
function spotFor(wish, ground, begun) {
  const step = wish.r * 1.1;
  const corner = `${Math.round(wish.distance / CORNER)} ${Math.round(wish.angle / CORNER)}`;
  for (let tried = Math.max(0, (begun.get(corner) ?? 0) - BACK); tried < STEPS.length; tried++) {
    const [aside, out] = STEPS[tried];
    const distance = wish.distance + out * step;
    if (distance > FIELD - 0.1) continue;
    const angle = wish.angle + (aside * step) / distance;
    const x = distance * Math.cos(angle);
    const y = distance * Math.sin(angle);
    if (!ground.isFree(x, y, wish.r)) continue;
    begun.set(corner, tried);
    return { ...wish, x, y };
  }
  return { ...wish, x: wish.distance * Math.cos(wish.angle), y: wish.distance * Math.sin(wish.angle) };
}

function wishOf(person, count) {
  const angle = within(person.angle, -1e6, 1e6, 0);
  return { id: person.id, distance: person.is_me ? 0 : distanceOf(person.proximity), angle, r: sizeOf(person, count) };
}

const isKept = (place, wish) =>
  place && place.r === wish.r && Math.abs(place.distance - wish.distance) < KEEPS.distance && Math.abs(place.angle - wish.angle) < KEEPS.angle;

/**
 * Places by id, { id, x, y, r, distance, angle }, around the user at 0, 0: no two overlap while there is room. Whoever
 * stood in `before` stays there, unless they came nearer, went farther or grew; the same people get the same places.
 */
export function placed(people, before = new Map()) {
  const wishes = people.map((person) => wishOf(person, people.length));
  const ground = new Ground(wishes.reduce((widest, { r }) => Math.max(widest, r), 0.001));
  const places = new Map();
  const settle = (place) => {
    places.set(place.id, place);
    ground.take(place);
  };
  const moving = [];
  people.forEach((person, index) => {
    const wish = wishes[index];
    if (person.is_me) settle({ ...wish, x: 0, y: 0 });
    else if (isKept(before.get(wish.id), wish)) settle(before.get(wish.id));
    else moving.push(wish);
  });
  moving.sort((one, other) => one.distance - other.distance || (one.id < other.id ? -1 : 1));
  const begun = new Map();
  for (const wish of moving) settle(spotFor(wish, ground, begun));
  return places;
}

/** Who stands nearest to a point and within reach of it, or null; the distances are those of the places. */
export function nearestPlace(places, x, y, reach) {
  let best = null;
  let least = Infinity;
  for (const place of places.values()) {
    const apart = Math.hypot(place.x - x, place.y - y) - place.r;
    if (apart < least) [best, least] = [place, apart];
  }
  return least <= reach ? best : null;
}

const turned = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));

/** The sector of each cluster that has members on the map: { id, name, from, to, middle, out }, largest first. */
export function sectorsOf(clusters, people, places) {
  const members = Map.groupBy(people.filter((one) => !one.is_me && one.cluster), (one) => one.cluster);
  return clusters.flatMap(({ id, name }) => {
    const spots = (members.get(id) ?? []).map((one) => places.get(one.id)).filter(Boolean);
    if (!spots.length) return [];
    const sum = spots.reduce(([x, y], { x: dx, y: dy }) => { const l = Math.hypot(dx, dy) || 1; return [x + dx / l, y + dy / l]; }, [0, 0]);
    const middle = Math.atan2(sum[1], sum[0]);
    const turns = spots.map(({ x, y }) => turned(Math.atan2(y, x) - middle));
    const out = spots.reduce((most, { x, y, r }) => Math.max(most, Math.hypot(x, y) + r), 0);
    return [{ id, name, middle, from: middle + Math.min(...turns), to: middle + Math.max(...turns), out, count: spots.length }];
  }).sort((one, other) => other.count - one.count);
}
