// Conditions: what a rule can say of coins and witnesses, in words, and how each is asked for.
import { html } from "../html.js";
import { nameOf } from "../people.js";
import { clusters, people } from "./policy.js";

const MADE_BY = [["person", "a person"], ["machine", "a machine"], ["doubtful", "somebody whom witnesses doubted"]];
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Key, words before its value, kind of input, and what it begins with. */
export const CONDITIONS = [
  ["made_by", "was played by", "made_by", "machine"],
  ["tag", "is tagged", "text", "concert"],
  ["witness", "was vouched for by (their word only)", "person", ""],
  ["minter", "was played for by", "person", ""],
  ["holder", "went through the hands of", "person", ""],
  ["hands_over", "went through more hands than", "number", 3],
  ["older_than_days", "is older than, in days,", "number", 90],
  ["since", "was minted since", "date", ""],
  ["before", "was minted before", "date", ""],
  ["witness_cluster", "was vouched for (their words only) by the cluster", "cluster", ""],
  ["minter_cluster", "comes from the cluster", "cluster", ""],
  ["holder_cluster", "went through the cluster", "cluster", ""],
];
const KINDS = Object.fromEntries(CONDITIONS.map(([key, words, kind, first]) => [key, { words, kind, first }]));

/** did:key of 32 bytes in hexadecimal digits. */
export function didOf(id) {
  let value = BigInt(`0xed01${id}`);
  let digits = "";
  for (; value > 0n; value /= 58n) digits = BASE58[Number(value % 58n)] + digits;
  return `did:key:z${digits}`;
}

export function firstValue(key) {
  const { kind, first } = KINDS[key];
  if (kind === "person") return people.value[0] ? didOf(people.value[0].id) : "";
  if (kind === "cluster") return clusters.value[0]?.id ?? "a name";
  return kind === "date" ? new Date().toISOString().slice(0, 10) : first || "a name";
}

/** What a new rule begins with: the first match that none of `rules` is about alone. */
export function freshConditions(rules) {
  const taken = new Set(rules.map(({ conditions }) => JSON.stringify(conditions)));
  const offered = CONDITIONS.map(([key]) => ({ [key]: firstValue(key) })).filter((one) => !Object.values(one).includes(""));
  return offered.find((one) => !taken.has(JSON.stringify(one))) ?? offered[0];
}

export function Condition({ name, value, id, onChange, onRemove }) {
  const { words, kind } = KINDS[name];
  const change = (event) => onChange(kind === "number" ? Number(event.target.value) : event.target.value);
  const isCluster = clusters.value.some((one) => one.id === value);
  const known = people.value.some((one) => didOf(one.id) === value);
  return html`<div class="condition">
    <label for=${id}>${words}</label>
    ${kind === "made_by" && html`<select id=${id} value=${value} onChange=${change}>
      ${MADE_BY.map(([key, said]) => html`<option key=${key} value=${key}>${said}</option>`)}</select>`}
    ${kind === "person" && html`<select id=${id} value=${value} onChange=${change}>
      ${!known && html`<option value=${value}>${value.slice(0, 20)}…</option>`}
      ${people.value.map((one) => html`<option key=${one.id} value=${didOf(one.id)}>${one.is_me ? "you" : nameOf(one)}</option>`)}</select>`}
    ${kind === "cluster" && html`<select id=${id} value=${value} onChange=${change}>
      ${!isCluster && html`<option value=${value}>${value}</option>`}
      ${clusters.value.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select>`}
    ${kind === "number" && html`<input id=${id} type="number" min="0" max=${name === "hands_over" ? 256 : 36500} value=${value} onInput=${change} />`}
    ${kind === "text" && html`<input id=${id} type="text" maxlength="64" value=${value} onInput=${change} />`}
    ${kind === "date" && html`<input id=${id} type="date" value=${value} onInput=${change} />`}
    <button class="plain" aria-label=${`Remove: ${words}`} onClick=${onRemove}>×</button>
  </div>`;
}
