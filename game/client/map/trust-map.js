// Trust map: the user in the middle of everybody they know; whoever is touched shows their ties.
import { html, useEffect, useRef, useState } from "../html.js";
import { Person, nameOf } from "../people.js";
import { byId, clusterOf, known, ordered, personOf } from "../people/trust.js";
import { near, ringOf } from "../people/nearness.js";
import { isCalm } from "../settings/settings.js";
import { around, open } from "./looking.js";
import { sectorsOf } from "./places.js";
import { Sky, hasWebGL } from "./sky.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
const PANS = { ArrowRight: [0.15, 0], ArrowDown: [0, -0.15], ArrowLeft: [-0.15, 0], ArrowUp: [0, 0.15] };
const ZOOM = 1.6;
const REST_MS = 60; // a pointer that only passes asks for no ties

const MOST_DRAWINGS = 4; // a graphics card that forgets the picture more often has no use for it

const canDraw = hasWebGL();

/** Asks for somebody's ties, to people on the map; both ways, the stronger where there are two. */
async function tiesOf(id) {
  const { ties } = await personOf(id);
  const weights = new Map();
  for (const one of [...ties.to, ...ties.from]) weights.set(one.id, Math.max(one.weight, weights.get(one.id) ?? 0));
  return [...weights].map(([other, weight]) => ({ id: other, weight }));
}

/** Lights whoever is touched at once, and their ties as soon as they are known. */
function lighting(sky) {
  let current = null;
  let timer = 0;
  return (id, isSure) => {
    if (id === current) return;
    clearTimeout(timer);
    current = id;
    sky.touch(id);
    if (!id) return;
    const tell = () => tiesOf(id).then((ties) => current === id && sky.touch(id, ties), () => {});
    timer = setTimeout(tell, isSure ? 0 : REST_MS);
  };
}

const said = (person) => (person.is_me ? "you, in the middle" : [nameOf(person), near(person.proximity), ringOf(person.proximity),
  clusterOf(person.cluster)?.name, person.is_bridge && "a bridge between clusters"].filter(Boolean).join(", "));

function Picture({ onReady, onLost }) {
  const box = useRef(null);
  const sky = useRef(null);
  const light = useRef(null);
  useEffect(() => {
    const opened = new Sky(box.current, {
      onHover: (id) => light.current(id ?? (around.value || null), false),
      onChoose: (id) => (around.value = id ?? ""),
      onOpen: open,
      onLost,
      isCalm,
    });
    sky.current = opened;
    light.current = lighting(opened);
    const watcher = new ResizeObserver(() => opened.resize());
    watcher.observe(box.current);
    onReady(opened);
    return () => {
      watcher.disconnect();
      onReady(null);
      opened.stop();
    };
  }, []);
  useEffect(() => {
    const { people, clusters } = known.value;
    sky.current.show(people, ordered.value, (places) => sectorsOf(clusters, people, places));
    light.current(null);
    light.current(around.value || null, true);
  }, [known.value]);
  useEffect(() => light.current(around.value || null, true), [around.value]);
  const people = ordered.value;
  const index = Math.max(0, people.findIndex((one) => one.id === around.value));
  const choose = (to) => {
    const person = people[Math.min(Math.max(to, 0), people.length - 1)];
    around.value = person.id;
    sky.current.lookAt(person.id);
  };
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key in PANS) sky.current.pan(PANS[event.key]);
    else if (event.key in STEPS) choose(around.value ? index + STEPS[event.key] : 0);
    else if (event.key === "Home") choose(0);
    else if (event.key === "End") choose(people.length - 1);
    else if (event.key === "Enter" && around.value) open(around.value);
    else if (event.key === "Escape" && around.value) around.value = "";
    else if (event.key === "+" || event.key === "=") sky.current.zoom(ZOOM);
    else if (event.key === "-") sky.current.zoom(1 / ZOOM);
    else if (event.key === "0") sky.current.fit();
    else return;
    event.preventDefault();
  };
  return html`<div class="sky" ref=${box} role="slider" tabindex="0" aria-label="People around you, nearest first" aria-describedby="sky-keys"
    aria-valuemin="1" aria-valuemax=${people.length} aria-valuenow=${index + 1} aria-valuetext=${said(people[index])}
    onFocus=${(event) => event.target.matches(":focus-visible") && !around.value && choose(0)} onKeyDown=${onKeyDown}></div>`;
}

/** Whoever is looked at, in a few words, and the way to all that is known of them. */
function Around() {
  const person = byId.value.get(around.value);
  if (!person) return html`<p class="card quiet around">Touch somebody to see their ties, or walk with the arrow keys, from near to far. Enter opens who they are.</p>`;
  const cluster = person.cluster && clusterOf(person.cluster);
  return html`<section class="card around" aria-label=${person.is_me ? "you" : nameOf(person)}>
    <h2><${Person} person=${person} isMe=${person.is_me} /></h2>
    ${!person.is_me && html`<p><b class="number">${near(person.proximity)}</b> <span class="quiet">${ringOf(person.proximity)}</span></p>`}
    <p class="quiet">${cluster ? cluster.name : "In no cluster yet"}${person.is_bridge ? "; a bridge between clusters" : ""}. Acknowledged like
      ${" "}<span class="number">${person.n_eff.toFixed(1)}</span> independent people, in your eyes.</p>
    <p><a class="button" href=${`#people/${person.id}`}>${person.is_me ? "All about you" : "Who is this?"}</a></p>
  </section>`;
}

function Controls({ sky }) {
  return html`<div class="sky-controls">
    <button aria-label="Zoom in" onClick=${() => sky.zoom(ZOOM)}>+</button>
    <button aria-label="Zoom out" onClick=${() => sky.zoom(1 / ZOOM)}>−</button>
    <button onClick=${() => sky.fit()}>Fit</button>
  </div>`;
}

/** Follows the search: whom it finds first is looked at. */
function useFinding(sky, sought) {
  useEffect(() => {
    if (sky && sought) sky.lookAt(sought, true);
  }, [sky, sought]);
}

export function TrustMap({ sought }) {
  const [sky, setSky] = useState(null);
  const [drawings, setDrawings] = useState(1);
  useFinding(sky, sought);
  if (!canDraw || drawings > MOST_DRAWINGS) {
    return html`<p class="card no-webgl"><b>This browser can't draw the map: it has no WebGL.</b> Nothing else is missing: the list below tells the same,
      nearest first. To see the picture, turn on hardware acceleration in the browser's settings, or use another browser.</p>`;
  }
  return html`<div class="map-columns">
    <div><div class="sky-frame"><${Picture} key=${drawings} onReady=${setSky} onLost=${() => setDrawings(drawings + 1)} />${sky && html`<${Controls} sky=${sky} />`}</div>
      <p class="quiet intro" id="sky-keys">The nearer to the middle, the more you trust them. Larger: acknowledged by more independent people. Colour and direction: their
        cluster. A ring: a bridge between clusters. Arrow keys walk from near to far, + and − zoom, 0 fits; after a click the wheel zooms too.</p></div>
    <${Around} />
  </div>`;
}
