// Bench of the map: draws a town, a tenth of it, and nobody, in turns, and writes what each took as JSON.
//
// bench-map.html?people=5000&ties=30000&frames=200: #result then holds { people, ties, ready, town, tenth, nobody }; each has
// { first_ms, pan: { p50, p95, mean }, zoom }, frames in milliseconds, and, but for nobody, touch.
import { colourClusters } from "./map/cluster-colours.js";
import { sectorsOf } from "./map/places.js";
import { Sky } from "./map/sky.js";
import { byNearness } from "./people/nearness.js";

const wish = new URLSearchParams(location.search);
const read = (name, fallback, most) => Math.min(most, Math.max(1, Math.floor(Number(wish.get(name))) || fallback));
const PEOPLE = read("people", 5_000, 20_000);
const TIES = read("ties", 30_000, 200_000);
const FRAMES = read("frames", 200, 2_000);
const ROUNDS = 5;
const SETTLE = 3; // frames of each turn that still feel the one before
const TOUCHES = 4; // in each turn
const CLUSTERS = 12;

/** A town of so many people and ties, always the same. */
function town(people, ties) {
  let seed = 1;
  const chance = () => ((seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1) / 2 ** 31);
  const known = Array.from({ length: people }, (_, number) => {
    const cluster = Math.floor(chance() * CLUSTERS);
    return {
      id: number.toString(16).padStart(64, "0"), name: `Person ${number}`, is_me: number === 0, proximity: number ? 0.5 * chance() ** 12 : 1,
      stratum: 4 * chance() ** 2, cluster: String(cluster), angle: ((cluster + 0.1 + 0.8 * chance()) * 2 * Math.PI) / CLUSTERS, is_bridge: chance() < 0.03,
    };
  });
  const tied = new Map(known.map(({ id }) => [id, []]));
  for (let tie = 0; tie < ties; tie++) {
    const [one, other] = [known[Math.floor(chance() * people)].id, known[Math.floor(chance() * people)].id];
    tied.get(one).push({ id: other, weight: chance() });
    tied.get(other).push({ id: one, weight: chance() });
  }
  const clusters = Array.from({ length: CLUSTERS }, (_, id) => ({ id: String(id), name: `Cluster ${id}` }));
  colourClusters(clusters);
  return { people: known, tied, clusters };
}

function quantiles(times) {
  const ordered = [...times].sort((a, b) => a - b);
  const at = (share) => Number((ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0).toFixed(3));
  const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  return { p50: at(0.5), p95: at(0.95), mean: Number(mean.toFixed(3)) };
}

const nextFrame = () => new Promise((done) => requestAnimationFrame(done));

/** A map in a box of its own; only the one that is measured is in the page's flow. */
async function opened({ people, tied, clusters }) {
  const box = document.createElement("div");
  box.className = "sky";
  document.getElementById("skies").replaceChildren(box);
  const start = performance.now();
  const sky = new Sky(box, { onHover() {}, onChoose() {}, onOpen() {}, onLost() {}, isCalm: () => true });
  if (people.length) sky.show(people, byNearness(people), (places) => sectorsOf(clusters, people, places));
  await nextFrame();
  await nextFrame();
  return { box, sky, people, tied, times: { first_ms: [performance.now() - start], pan: [], zoom: [], touch: [] } };
}

/** Moves the view frame after frame, and notes how long each took until the next. */
async function move({ sky, times }, kind, count) {
  const camera = sky.sigma.getCamera();
  let before = await nextFrame();
  for (let frame = 0; frame < count + SETTLE; frame++) {
    const turn = (frame % 20) / 20;
    camera.setState(kind === "pan" ? { x: 0.4 + 0.2 * turn, y: 0.5, ratio: 0.8 } : { x: 0.5, y: 0.5, ratio: 0.3 + 0.6 * turn });
    const now = await nextFrame();
    if (frame >= SETTLE) times[kind].push(now - before);
    before = now;
  }
}

/** From a touch to the frame after the one that has the ties. */
async function touch({ sky, people, tied, times }) {
  for (let count = 0; count < TOUCHES; count++) {
    const { id } = people[Math.floor(((times.touch.length + 1) * people.length) / (ROUNDS * TOUCHES + 2))];
    const start = performance.now();
    sky.touch(id);
    await Promise.resolve();
    sky.touch(id, tied.get(id));
    await nextFrame();
    await nextFrame();
    times.touch.push(performance.now() - start);
    sky.touch(null);
    await nextFrame();
  }
}

async function measure(towns) {
  const all = towns.map(() => ({ first_ms: [], pan: [], zoom: [], touch: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [place, one] of towns.entries()) {
      const map = await opened(one);
      await move(map, "pan", Math.ceil(FRAMES / ROUNDS));
      await move(map, "zoom", Math.ceil(FRAMES / ROUNDS));
      if (map.people.length) await touch(map);
      for (const [kind, times] of Object.entries(map.times)) all[place][kind].push(...times);
      map.sky.stop();
    }
  }
  return all.map(({ first_ms: first, pan, zoom, touch: touched }) => ({
    first_ms: quantiles(first).p50, pan: quantiles(pan), zoom: quantiles(zoom), touch: quantiles(touched),
  }));
}

const nobody = { people: [], tied: new Map(), clusters: [] };
const [whole, tenth, empty] = await measure([town(PEOPLE, TIES), town(Math.ceil(PEOPLE / 10), Math.ceil(TIES / 10)), nobody]);
document.getElementById("result").textContent = JSON.stringify({ people: PEOPLE, ties: TIES, ready: true, town: whole, tenth, nobody: empty });
