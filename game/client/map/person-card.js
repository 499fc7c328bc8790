// Person card: who is looked at on the map, their ties, who parted and why, and what one can do.
import { html } from "../html.js";
import { Person, nameOf } from "../people.js";
import { byId } from "../people/trust.js";
import * as state from "../daemon/state.js";
import { acting, chosen, found, partedFrom, phases } from "./disputes.js";
import { nearness, partingWords } from "./say.js";
import { sentence } from "../words.js";

const MOST_NAMED = 8;

function Named({ label, people }) {
  if (!people.length) return null;
  const more = people.length - MOST_NAMED;
  return html`<div><dt>${label}</dt><dd>${people.slice(0, MOST_NAMED).map((one) => html`<button key=${one.id} class="plain" onClick=${() => (chosen.value = one.id)}>
    <${Person} person=${one} isMe=${one.is_me} /></button>`)}${more > 0 && html` <span class="quiet">and ${more} more</span>`}</dd></div>`;
}

function Acts({ person }) {
  const fork = found.value.forks.some((one) => one.person.id === person.id);
  const parted = partedFrom(person.id);
  return html`<div class="row">
    ${!person.is_me && (parted
      ? html`<button class="main" onClick=${() => (acting.value = { what: "make up", person })}>Make up…</button>`
      : html`<button onClick=${() => (acting.value = { what: "diverge", person })}>Diverge…</button>`)}
    ${fork && html`<button onClick=${() => state.goTo("map", "forks")}>${person.is_me ? "Your fork" : "Their fork"}</button>`}
  </div>`;
}

/** Who parted from somebody or they from whom, and what one can do about it, on the page of that person. */
export function PersonActs({ id }) {
  const { people, arcs } = phases.value ?? { people: [], arcs: [] };
  const person = people.find((one) => one.id === id) ?? byId.value.get(id);
  if (!person) return null;
  return html`<${Partings} people=${people} arcs=${arcs} id=${id} /><${Acts} person=${person} />`;
}

function Partings({ people, arcs, id }) {
  const partings = arcs.filter((arc) => arc.from === id || arc.to === id);
  return partings.length > 0 && html`<ul class="partings">${partings.map((arc) => html`<li key=${arc.from + arc.to}>${sentence(partingWords(people, arc))}.</li>`)}</ul>`;
}

export function PersonCard({ seen }) {
  const { people, arcs } = seen;
  const index = people.findIndex((one) => one.id === chosen.value);
  const person = people[index];
  if (!person) return html`<p class="card quiet looked-at">Touch somebody on the map, or walk there with Tab and the arrow keys.</p>`;
  const known = (person.ties ?? []).map((place) => people[place]).filter(Boolean);
  const by = people.filter((one) => one.ties?.includes(index));
  return html`<section class="card looked-at" aria-label=${person.is_me ? "you" : nameOf(person)}>
    <h2 id="looked-at" tabindex="-1"><${Person} person=${person} isMe=${person.is_me} /></h2>
    ${!person.is_me && html`<p class="quiet number">${sentence(nearness(person.proximity_ppm))}.</p>`}
    <${Partings} people=${people} arcs=${arcs} id=${person.id} />
    <dl class="ties">
      <${Named} label=${person.is_me ? "You acknowledged" : "Acknowledged"} people=${known} />
      <${Named} label="Acknowledged by" people=${by} />
    </dl>
    ${!known.length && !by.length && html`<p class="quiet">No ties yet: nobody witnessed, rated or played with ${person.is_me ? "you" : "them"}.</p>`}
    <p><a class="button" href=${`#people/${person.id}`}>${person.is_me ? "All about you" : "Who is this?"}</a></p>
    <${Acts} person=${person} />
  </section>`;
}
