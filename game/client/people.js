// People: a name you know them by, and a shape and colour made from their key; never the key first.
import { html } from "./html.js";
import { COLOURS, SHAPES, polygon } from "./stage/lanes.js";
import { isPractice, me } from "./daemon/state.js";

const SHAPE_NAMES = Object.keys(SHAPES).slice(0, 7); // later shapes are for lanes: a face never changes
const COLOUR_NAMES = Object.keys(COLOURS);
const MARKS = ["plain", "dotted", "ringed", "crossed"];

/** The looks of an identity, the same on every page: the key's first bytes choose them. */
export function faceOf(id) {
  const byte = (position) => Number.parseInt(id.slice(position * 2, position * 2 + 2), 16) || 0;
  return {
    shape: SHAPE_NAMES[byte(0) % SHAPE_NAMES.length],
    colour: COLOUR_NAMES[byte(1) % COLOUR_NAMES.length],
    mark: MARKS[byte(2) % MARKS.length],
  };
}

/** What to call somebody who has no name here. */
export function nameOf({ id, name }) {
  if (name) return name;
  const { shape, colour, mark } = faceOf(id);
  return `somebody (${mark} ${colour} ${shape})`;
}

/** What a face is made of, in a square of 24. */
export function FaceShape({ id }) {
  const { shape, colour, mark } = faceOf(id);
  const fill = COLOURS[colour];
  const body =
    shape === "circle"
      ? html`<circle cx="12" cy="12" r="10" fill=${fill} />`
      : html`<polygon points=${polygon(shape, 12, 12, 11)} fill=${fill} />`;
  return html`${body}
    ${mark === "dotted" && html`<circle cx="12" cy="12.5" r="2.6" fill="#09090d" />`}
    ${mark === "ringed" && html`<circle cx="12" cy="12.5" r="4" fill="none" stroke="#09090d" stroke-width="2" />`}
    ${mark === "crossed" && html`<path d="M8.5 12.5h7M12 9v7" stroke="#09090d" stroke-width="2.2" />`}`;
}

export function Face({ id, size = 24 }) {
  return html`<svg class="face" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true"><${FaceShape} id=${id} /></svg>`;
}

/** Practice neighbours are always labelled, unless their name says so already. */
export function Person({ person, isMe = false }) {
  const isUnlabelled = isPractice(person.id) && !/practice/i.test(person.name ?? "");
  return html`<span class="person">
    <${Face} id=${person.id} />
    <bdi class="name">${isMe ? "you" : nameOf(person)}</bdi>
    ${isUnlabelled && html`<span class="label">practice</span>`}
  </span>`;
}

/** Somebody, and the way to the page that says who they are. */
export function PersonLink({ person }) {
  return html`<a class="to-person" href=${`#people/${person.id}`}><${Person} person=${person} isMe=${person.id === me.value} /></a>`;
}
