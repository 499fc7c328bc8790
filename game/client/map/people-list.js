// People list: the map in words, phase by phase, and everybody who parted.
import { html } from "../html.js";
import { Person, nameOf } from "../people.js";
import { chosen } from "./disputes.js";
import { grouped, nearness, partingWords, phaseName } from "./say.js";
import { plural, sentence } from "../words.js";

const MOST_OPEN = 24;

function Row({ person }) {
  const look = () => {
    chosen.value = person.id;
    requestAnimationFrame(() => document.getElementById("looked-at")?.focus());
  };
  const label = person.is_me ? "Look at yourself" : `Look at ${nameOf(person)}`;
  return html`<li><button class="plain" aria-label=${label} onClick=${look}><${Person} person=${person} isMe=${person.is_me} /></button>
    ${!person.is_me && html` <span class="quiet number">${nearness(person.proximity_ppm)}</span>`}</li>`;
}

function Phase({ members, name = phaseName(members) }) {
  const sorted = [...members].sort((one, other) => other.is_me - one.is_me || other.proximity_ppm - one.proximity_ppm);
  const [first, rest] = [sorted.slice(0, MOST_OPEN), sorted.slice(MOST_OPEN)];
  return html`<section class="phase">
    <h3>${name} <span class="quiet number">${plural(members.length, "person", "people")}</span></h3>
    <ul>${first.map((one) => html`<${Row} key=${one.id} person=${one} />`)}</ul>
    ${rest.length > 0 && html`<details><summary>${plural(rest.length, "more person", "more people")}</summary>
      <ul>${rest.map((one) => html`<${Row} key=${one.id} person=${one} />`)}</ul></details>`}
  </section>`;
}

function Alone({ people }) {
  if (!people.length) return null;
  return html`<${Phase} members=${people} name="On their own" />`;
}

export function PeopleList({ seen }) {
  const { people, arcs } = seen;
  const groups = grouped(people);
  const isAlone = ([, members]) => members.length === 1 && !members[0].is_me;
  return html`<h2>Who parted from whom</h2>
    ${arcs.length
      ? html`<ul class="partings">${arcs.map((arc) => html`<li key=${arc.from + arc.to}>${sentence(partingWords(people, arc))}.</li>`)}</ul>`
      : html`<p class="quiet">Nobody has parted from anybody.</p>`}
    <h2>Who belongs together</h2>
    <div class="phases">${groups.filter((group) => !isAlone(group)).map(([phase, members]) => html`<${Phase} key=${phase} members=${members} />`)}
      <${Alone} people=${groups.filter(isAlone).flatMap(([, members]) => members)} /></div>
    ${seen.left_out > 0 && html`<p class="quiet">${plural(seen.left_out, "more person is", "more people are")} too far away for this map.</p>`}`;
}
