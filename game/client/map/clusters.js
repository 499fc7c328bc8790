// Clusters: what coins of one community are worth to another, and the people who connect them.
import { html, useRef, useState } from "../html.js";
import { PersonLink } from "../people.js";
import * as state from "../daemon/state.js";
import { between } from "../people/trust.js";
import { plural } from "../words.js";
import { colourClusters, mixed } from "./cluster-colours.js";
import { ClusterMark } from "./cluster-mark.js";

const MOST = 12; // clusters that are shown at first: more is a wall of numbers
const FIRST_BRIDGES = 8;
const LIGHT = "#ffd58a";
const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** The user's own cluster first, the others as large as they are; with where each stands in the answer. */
export function arranged({ clusters, mine }) {
  return clusters.map((cluster, index) => ({ ...cluster, index }))
    .sort((one, other) => (other.id === mine) - (one.id === mine) || other.size - one.size || (one.id < other.id ? -1 : 1));
}

/** A rate in three digits at most. */
export function rateText(rate) {
  if (!Number.isFinite(rate)) return "–";
  if (rate > 0 && rate < 0.01) return "< 0.01";
  return rate >= 100 ? String(Math.round(rate)) : rate.toFixed(2);
}

function rateWords(row, column, rate, mine) {
  const [whom, own] = row.id === mine ? ["you and yours", "your own"] : [row.name, "their own"];
  if (!Number.isFinite(rate)) return `Not known: to ${whom}, ${own} coins are worth nothing yet, so there is nothing to measure by.`;
  if (row.id === column.id) return `To ${whom}, ${own} coins are the measure: 1 is 1.`;
  return `To ${whom}, 1 JAM of ${column.name} is worth ${rateText(rate)} of ${own}.`;
}

/** How light a cell is: all at a rate of 1 and more. */
const shade = (rate) => (Number.isFinite(rate) && rate > 0 ? mixed(LIGHT, 0.06 + 0.34 * Math.min(1, rate), "#13131b") : undefined);

function Matrix({ seen, shown, onLook }) {
  const [[row, column], setAt] = useState([0, Math.min(1, shown.length - 1)]);
  const table = useRef(null);
  const cellAt = (y, x) => table.current.querySelector(`[data-at="${y},${x}"]`);
  const onKeyDown = (event) => {
    const step = KEYS[event.key];
    if (!step || !event.target.dataset.at) return;
    const last = shown.length - 1;
    const next = [row + step[0], column + step[1]].map((value) => Math.min(Math.max(value, 0), last));
    event.preventDefault();
    setAt(next);
    cellAt(...next)?.focus();
  };
  return html`<div class="rates" ref=${table} onKeyDown=${onKeyDown}><table>
    <caption class="unseen">What 1 JAM of the column's coins is worth to the people of the row</caption>
    <thead><tr><td class="corner quiet">to ↓ from →</td>${shown.map((one) => html`<th scope="col" key=${one.id}><${ClusterMark} cluster=${one} /></th>`)}</tr></thead>
    <tbody>${shown.map((one, y) => html`<tr key=${one.id} class=${one.id === seen.mine ? "mine" : ""}>
      <th scope="row"><${ClusterMark} cluster=${one} />${one.id === seen.mine && html` <span class="label">yours</span>`}
        <span class="quiet number">${plural(one.size, "person", "people")}</span></th>
      ${shown.map((other, x) => {
        const rate = seen.rates[one.index]?.[other.index] ?? NaN;
        const look = () => {
          setAt([y, x]);
          onLook(rateWords(one, other, rate, seen.mine));
        };
        return html`<td key=${other.id} class=${`number${one.id === other.id ? " own" : ""}`} data-at=${`${y},${x}`} tabindex=${y === row && x === column ? 0 : -1}
          style=${{ background: shade(rate) }} onFocus=${look} onClick=${look} onMouseEnter=${() => onLook(rateWords(one, other, rate, seen.mine))}>${
          Number.isFinite(rate) ? rateText(rate) : html`<span aria-hidden="true">–</span><span class="unseen">not known</span>`}</td>`;
      })}</tr>`)}</tbody>
  </table></div>`;
}

function Bridges({ seen }) {
  const named = (ids) => ids.map((id) => seen.clusters.find((one) => one.id === id)).filter(Boolean);
  const row = (one) => html`<li key=${one.id}><${PersonLink} person=${one} /> <span class="quiet">between</span>
    ${named(one.clusters).map((cluster, index) => html`${index > 0 && html`<span class="quiet">and</span>`}<${ClusterMark} key=${cluster.id} cluster=${cluster} />`)}</li>`;
  const rest = seen.bridges.slice(FIRST_BRIDGES);
  return html`<section class="bridges"><h2>Who connects them</h2>
    ${seen.bridges.length
      ? html`<ul>${seen.bridges.slice(0, FIRST_BRIDGES).map(row)}</ul>${rest.length > 0 && html`<details><summary>${rest.length} more</summary><ul>${rest.map(row)}</ul></details>`}`
      : html`<p class="quiet">Nobody yet. Whoever plays with, witnesses or rates people of two clusters becomes a bridge, and coins begin to be worth something across it.</p>`}
  </section>`;
}

function NoClusters() {
  return html`<div class="card nobody"><p><b>There is one circle around you, or none: nothing to compare yet.</b></p>
    <p class="quiet">Clusters show by themselves once groups of people witness and rate one another more than others. Play with people, witness whom you are asked
      to witness, and rate concerts; what another cluster's coins are worth to yours then stands here.</p>
    <button onClick=${() => state.goTo("nearby")}>See who is nearby</button></div>`;
}

export function ClustersPart() {
  const [words, setWords] = useState("");
  const [isAll, setAll] = useState(false);
  const seen = between.value;
  if (!seen) return html`<p class="waiting">Reading what clusters make of one another; usually 1 s.</p>`;
  if (seen.clusters.length < 2) return html`<${NoClusters} />`;
  colourClusters(seen.clusters);
  const all = arranged(seen);
  const shown = isAll ? all : all.slice(0, MOST);
  return html`<div class="clusters">
    <div><h2>What their coins are worth</h2>
      <p class="quiet intro">Each row is how one cluster sees the others: what 1 JAM from the column is worth to its people, in JAM of their own. Nobody sets these
        rates; they follow from whom the people of the row trust.</p>
      <${Matrix} seen=${seen} shown=${shown} onLook=${setWords} />
      <p class="rate-words" role="status">${words || "Touch a number to read it as a sentence."}</p>
      ${all.length > MOST && html`<p><button onClick=${() => setAll(!isAll)}>${isAll ? `Only the ${MOST} largest` : `All ${all.length} clusters`}</button></p>`}</div>
    <${Bridges} seen=${seen} />
  </div>`;
}
