// People table: everybody the user knows of, nearest first, as many as are asked for, and found by name.
import { html, useState } from "../html.js";
import { PersonLink, nameOf } from "../people.js";
import { clusterOf, known, ordered } from "../people/trust.js";
import { near, ringOf } from "../people/nearness.js";
import { percent } from "../people/person-words.js";
import { plural } from "../words.js";
import { ClusterMark } from "./cluster-mark.js";
import { around, wanted } from "./looking.js";

const FIRST = 24;
const MORE = 200;

/** Who is meant by what somebody typed; everybody when that is nothing. */
export function found(people, text) {
  const sought = text.trim().toLocaleLowerCase();
  return sought ? people.filter((one) => nameOf(one).toLocaleLowerCase().includes(sought)) : people;
}

export function Search({ onFound }) {
  const people = found(ordered.value, wanted.value);
  const isSought = wanted.value.trim() !== "";
  const go = (event) => {
    event.preventDefault();
    if (!isSought || !people.length) return;
    around.value = people[0].id;
    onFound(people[0].id);
  };
  return html`<form class="row search" role="search" onSubmit=${go}>
    <label>Find somebody <input type="search" autocomplete="off" value=${wanted.value} onInput=${(event) => {
      wanted.value = event.target.value;
      onFound("");
    }} /></label>
    <button aria-disabled=${!isSought || !people.length}>Show</button>
    <span class="quiet number" role="status">${isSought ? (people.length ? plural(people.length, "person", "people") : "Nobody has such a name here.") : ""}</span>
  </form>`;
}

function Row({ person }) {
  return html`<tr class=${person.id === around.value ? "looked" : ""}>
    <th scope="row"><${PersonLink} person=${person} /></th>
    <td class="number">${person.is_me ? "yourself" : html`${near(person.proximity)} <span class="quiet">${ringOf(person.proximity)}</span>`}</td>
    <td class="number">${person.n_eff.toFixed(1)} <span class="narrow">independent people </span><span class="quiet">belief ${percent(person.belief)}</span></td>
    <td><${ClusterMark} cluster=${clusterOf(person.cluster)} />${person.is_bridge && html` <span class="label">bridge</span>`}</td>
  </tr>`;
}

export function PeopleTable() {
  const [most, setMost] = useState(FIRST);
  const people = found(ordered.value, wanted.value);
  const left = people.length - most;
  const beyond = known.value.total - known.value.people.length;
  return html`<section class="everybody"><h2>Everybody, nearest first</h2>
    <p class="quiet intro">How near, how many independent people acknowledge them, and the belief that follows that they are one real person, are all as seen by you.</p>
    ${people.length > 0 && html`<table><thead><tr><th scope="col">Who</th><th scope="col">How near you</th><th scope="col">Independent people</th><th scope="col">Cluster</th></tr></thead>
      <tbody>${people.slice(0, most).map((one) => html`<${Row} key=${one.id} person=${one} />`)}</tbody></table>`}
    ${left > 0 && html`<p><button onClick=${() => setMost(most + MORE)}>Show ${Math.min(MORE, left)} more of ${left}</button></p>`}
    ${beyond > 0 && html`<p class="quiet">${plural(beyond, "more person is", "more people are")} farther away than this map shows.</p>`}
  </section>`;
}
