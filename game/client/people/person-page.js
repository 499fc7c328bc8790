// Person page: who somebody is to the user: how near, whether one real person, by whose word, since when, and tied to whom.
import { html, useEffect, useRef, useState } from "../html.js";
import { Person, PersonLink, nameOf } from "../people.js";
import { plural, sentence } from "../words.js";
import { AcknowledgedBy, Timeline } from "./acknowledged.js";
import { Growth } from "./growth.js";
import { Naming } from "./naming.js";
import { near, ringOf } from "./nearness.js";
import { beliefWords, percent } from "./person-words.js";
import { clusterOf, looks, personOf } from "./trust.js";
import { Voices } from "./voices.js";

const MOST_TIES = 12;
const KEY = /^[0-9a-f]{64}$/;
const UNKNOWN = 404;

/** What is known of somebody, read again whenever the map is; [person, the Refusal to say who it is]. */
function usePerson(id) {
  const [[person, refused], set] = useState([null, null]);
  const look = looks.value;
  useEffect(() => {
    if (!KEY.test(id)) return undefined;
    let isOver = false;
    personOf(id).then((one) => !isOver && set([one, null]), (error) => !isOver && set([null, error]));
    return () => (isOver = true);
  }, [id, look]);
  return [person?.id === id ? person : null, refused];
}

function Nearness({ person }) {
  if (person.is_me) return html`<p class="figure"><span class="quiet">This is how your own node sees you. Others see you through their own trust.</span></p>`;
  return html`<details class="figure"><summary><b class="number">${near(person.proximity)}</b> <span class="quiet">${ringOf(person.proximity)}</span></summary>
    <p>Your node walks from you along who acknowledged whom, and this is how often it comes by ${nameOf(person)}: 0 is never, 1 is always. It is how much their word
      counts to you. Somebody else's number for them may differ.</p></details>`;
}

function Cluster({ person }) {
  const cluster = clusterOf(person.cluster);
  const [they, them] = person.is_me ? ["You", "you"] : ["They", "them"];
  return html`<p>${cluster ? html`Cluster: <b>${cluster.name}</b>.` : "In no cluster yet."}
    ${person.is_bridge && ` ${they} are a bridge: people of more than one cluster acknowledge ${them}.`}</p>`;
}

function Personhood({ person }) {
  const words = beliefWords(person);
  const their = person.is_me ? "your" : "their";
  return html`<section><h2>One real person?</h2>
    <p class="belief"><b>${words}</b></p>
    ${person.acknowledged_by.length > 0 && html`<${Voices} voices=${person.acknowledged_by} words=${words} />
      <p class="quiet">A circle for each who acknowledges ${person.is_me ? "you" : "them"}; larger: weighs more. Circles lie over one another where people say what
        the others say already, because one circle of friends is one voice.</p>`}
    <details><summary>Belief ${percent(person.belief)}, by your node: how it is counted</summary>
      <p>Of all whose word counts to you, ${plural(person.acknowledged_by.length, "person", "people")} acknowledged ${person.is_me ? "you" : "them"}. Each weighs by
        ${" "}how fresh their word is (half after 90 days, a tenth where a node spoke by itself) and by ${their} acknowledgers' own standing; those who are alike count together. What is left is
        ${" "}<b class="number">${person.n_eff.toFixed(1)}</b> independent people, and the belief is 1 − e<sup>−${person.n_eff.toFixed(1)}/10</sup>
        ${" "}= <b class="number">${percent(person.belief)}</b>.</p></details>
    ${person.why.length > 0 && html`<h3>Why</h3><ul class="reasons">${person.why.map((line) => html`<li key=${line}>${sentence(line)}</li>`)}</ul>`}
    <h3>How it grew</h3>
    <${Growth} points=${person.growth} />
  </section>`;
}

function Tied({ title, people }) {
  if (!people.length) return null;
  const row = (one) => html`<li key=${one.id}><${PersonLink} person=${one} /></li>`;
  const rest = people.slice(MOST_TIES);
  return html`<div><h3>${title} <span class="quiet number">${people.length}</span></h3><ul class="tied">${people.slice(0, MOST_TIES).map(row)}</ul>
    ${rest.length > 0 && html`<details><summary>${rest.length} more</summary><ul class="tied">${rest.map(row)}</ul></details>`}</div>`;
}

function Ties({ person }) {
  const { to, from } = person.ties;
  const they = person.is_me ? "You" : "They";
  return html`<section><h2>Ties</h2>
    ${to.length + from.length === 0 ? html`<p class="quiet">None yet: a tie begins when somebody witnesses, rates or plays with ${person.is_me ? "you" : "them"}, or the other way round.</p>`
      : html`<div class="both-ways"><${Tied} title=${`${they} acknowledged`} people=${to} /><${Tied} title=${`Acknowledged ${person.is_me ? "you" : "them"}`} people=${from} /></div>`}
  </section>`;
}

/** `children` is what one can do about this person, below who they are. */
export function PersonPage({ id, heading, children }) {
  const [person, refused] = usePerson(id);
  const own = useRef(null);
  useEffect(() => person && own.current?.focus({ preventScroll: true }), [person === null]);
  if (!KEY.test(id) || refused?.status === UNKNOWN) {
    return html`<h1 tabindex="-1" ref=${heading}>Nobody with this key is known here</h1>
      <p class="row"><a class="button" href="#map">To the Map</a></p>`;
  }
  if (!person) {
    return html`<h1 tabindex="-1" ref=${heading}>Somebody</h1>${refused ? html`<p class="refusal" role="alert">${refused.why} ${refused.next}</p>` : html`<p class="waiting">Asking who that is; usually 1 s.</p>`}`;
  }
  return html`<article class="person-page" aria-label=${person.is_me ? "you" : nameOf(person)}>
    <h1 tabindex="-1" ref=${own}><${Person} person=${person} isMe=${person.is_me} /></h1>
    <div class="who card"><${Nearness} person=${person} /><${Cluster} person=${person} /><${Naming} key=${person.id} person=${person} />${children}</div>
    <${Personhood} person=${person} />
    <${Ties} person=${person} />
    <${AcknowledgedBy} person=${person} />
    <${Timeline} person=${person} />
  </article>`;
}
