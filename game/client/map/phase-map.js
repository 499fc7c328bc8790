// Phase map: people where the daemon places them, in soft areas; a broken arc lies between two who parted.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { FaceShape, nameOf } from "../people.js";
import { chosen, isClose } from "./disputes.js";
import { areaOf, brokenArc, fitted, labels, nearestTo, towards } from "./geometry.js";
import { grouped, nearness, partingWords, phaseName } from "./say.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAGES = { PageDown: 1, PageUp: -1 };
const TALLEST = 640;
const NAME_REM = 0.875;

/** The width of an element in pixels, whenever it changes; 0 before it is known. */
function useWidth(box) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return width;
}

const MANY = 24; // more people than that are seen better from near

/** Everybody; or from near, who is in the user's phase and who parted from them or the other way round. */
function peopleShown({ people, arcs }) {
  const me = people.find((one) => one.is_me);
  if (!isClose.value || !me) return people;
  const parted = new Set(arcs.filter((arc) => arc.from === me.id || arc.to === me.id).flatMap((arc) => [arc.from, arc.to]));
  return people.filter((one) => one.phase === me.phase || parted.has(one.id));
}

/** All that doesn't depend on who is looked at. */
function drawing(people, arcs, width) {
  const size = NAME_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const { places, height, radius } = fitted(people, width, Math.min(TALLEST, innerHeight * 0.72), Math.max(56, size * 4));
  const byId = new Map(places.map((place) => [place.id, place]));
  const areas = grouped(places).map(([phase, members]) => ({ phase, members, name: phaseName(members), ...areaOf(members, radius) }));
  const broken = arcs.filter((arc) => byId.has(arc.from) && byId.has(arc.to) && arc.from !== arc.to)
    .map((arc) => ({ arc, ...brokenArc(byId.get(arc.from), byId.get(arc.to)) }));
  const said = places.map((place) => saidOf(place, { people, arcs }));
  const calm = places.map((place, index) => html`<${FaceAt} key=${place.id} place=${place} words=${said[index]} />`); // the same each time: nothing to draw again
  return { size, places, height, byId, areas, broken, said, calm };
}

function named({ places, areas, broken, size }, id, width) {
  const parted = new Set(broken.flatMap(({ arc }) => [arc.from, arc.to]));
  const rank = (one) => (one.id === id) * 4 + one.is_me * 3 + parted.has(one.id) + one.proximity_ppm / 1e6;
  const isKnown = (one) => places.length <= MANY || one.proximity_ppm > 0 || one.is_me || one.id === id || parted.has(one.id);
  const shown = places.filter(isKnown).sort((one, other) => rank(other) - rank(one));
  const ofPerson = (one) => ({ ...one, r: one.r + (one.is_me || one.id === id ? 6 : 0), text: one.is_me ? "you" : nameOf(one), isSure: one.id === id || one.is_me });
  const ofArea = (area) => ({ ...area, id: `phase ${area.phase}`, text: area.name, isAbove: true });
  const [first, ...others] = shown;
  return labels([ofPerson(first), ...areas.filter(({ members }) => members.length > 1).map(ofArea), ...others.map(ofPerson)], places, width, size);
}

function tiesOf(people, byId, id) {
  const own = byId.get(id);
  if (!own) return [];
  const index = people.findIndex((one) => one.id === id);
  const both = people.filter((one, place) => one.id !== id && byId.has(one.id) && (one.ties?.includes(index) || own.ties?.includes(place)));
  return both.map((one) => [own, byId.get(one.id)]);
}

function saidOf(person, { people, arcs }) {
  const partings = arcs.filter((arc) => arc.from === person.id || arc.to === person.id).map((arc) => partingWords(people, arc));
  return [person.is_me ? "you" : `${nameOf(person)}, ${nearness(person.proximity_ppm)}`, ...partings].join("; ");
}

/** Who comes next from near to far, so that keys reach everybody. */
function nextTo(places, place, step) {
  const order = [...places].sort((one, other) => other.is_me - one.is_me || other.proximity_ppm - one.proximity_ppm);
  return order[(order.indexOf(place) + step + order.length) % order.length];
}

function FaceAt({ place, words, isChosen = false, isEntry = false }) {
  const { id, x, y, r } = place;
  return html`<g class=${isChosen ? "one chosen" : "one"} data-id=${id} role="button" aria-pressed=${isChosen} aria-label=${words}
    tabindex=${isEntry ? 0 : -1} transform=${`translate(${x.toFixed(1)} ${y.toFixed(1)})`} onFocus=${() => (chosen.value = id)}>
    ${place.is_me && html`<circle class="halo" r=${r + 5} />`}
    <circle class="focus" r=${r + 5} />
    <g transform=${`translate(${-r} ${-r}) scale(${r / 12})`}><${FaceShape} id=${id} /></g>
  </g>`;
}

function Picture({ seen, width }) {
  const svg = useRef(null);
  const isNear = isClose.value;
  const drawn = useMemo(() => drawing(peopleShown(seen), seen.arcs, width), [seen, width, isNear]);
  const id = drawn.byId.has(chosen.value) ? chosen.value : "";
  const entry = id || (drawn.places.find((one) => one.is_me) ?? drawn.places[0]).id;
  const focusOn = (place) => svg.current.querySelector(`[data-id="${CSS.escape(place.id)}"]`)?.focus({ preventScroll: true });
  const onClick = (event) => {
    const box = svg.current.getBoundingClientRect();
    const place = nearestTo(drawn.places, { x: event.clientX - box.left, y: event.clientY - box.top });
    if (place) focusOn(place);
    else chosen.value = "";
  };
  const onKeyDown = (event) => {
    const place = drawn.byId.get(event.target.dataset?.id);
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) focusOn(towards(drawn.places, place, ARROWS[event.key]));
    else if (event.key in PAGES) focusOn(nextTo(drawn.places, place, PAGES[event.key]));
    else if (event.key === "Home") focusOn(drawn.places.find((one) => one.is_me) ?? place);
    else if (event.key === "Enter" || event.key === " ") document.getElementById("looked-at")?.focus();
    else return;
    event.preventDefault();
  };
  const isAside = ({ arc }) => id && arc.from !== id && arc.to !== id;
  return html`<svg ref=${svg} width=${width} height=${drawn.height} viewBox=${`0 0 ${width} ${drawn.height}`} role="group"
    aria-label="Map of people. Arrow keys go from one to the next, Page Down through all of them, Enter to what you can do." onClick=${onClick} onKeyDown=${onKeyDown}>
    ${drawn.areas.map(({ phase, x, y, r }) => html`<circle key=${phase} class="area" cx=${x} cy=${y} r=${r} />`)}
    ${tiesOf(seen.people, drawn.byId, id).map(([one, other]) => html`<path key=${other.id} class="tie" d=${`M${one.x} ${one.y}L${other.x} ${other.y}`} />`)}
    ${drawn.broken.map((one) => html`<g key=${one.arc.from + one.arc.to} class=${isAside(one) ? "parting aside" : "parting"}>
      <path d=${one.halves} /><path class="bar" d=${one.bar} /></g>`)}
    ${drawn.places.map((place, index) => (place.id === entry || place.id === id
      ? html`<${FaceAt} key=${place.id} place=${place} words=${drawn.said[index]} isChosen=${place.id === id} isEntry />`
      : drawn.calm[index]))}
    <g aria-hidden="true">${named(drawn, id, width).map(({ id: of, text, x, y }) => html`<text key=${of} class=${of.startsWith("phase") ? "phase-name" : ""} x=${x} y=${y}>${text}</text>`)}</g>
  </svg>`;
}

export function PhaseMap({ seen }) {
  const box = useRef(null);
  const width = useWidth(box);
  useEffect(() => () => (chosen.value = ""), []);
  const isCrowd = seen.people.length > MANY && seen.people.some((one) => one.is_me);
  return html`<div>
    <div class="phase-map" ref=${box}>${width > 0 && html`<${Picture} seen=${seen} width=${width} />`}</div>
    ${isCrowd && html`<p><button class="small" onClick=${() => (isClose.value = !isClose.value)}>${isClose.value ? "Everybody" : "Only who is around you"}</button></p>`}
  </div>`;
}
