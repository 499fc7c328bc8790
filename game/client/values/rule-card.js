// Rule card: one rule as a sentence with a slider.
import { html } from "../html.js";
import { CONDITIONS, Condition, firstValue } from "./conditions.js";
import { alter, draft } from "./policy.js";
import { plural } from "../words.js";

const LEAST = -1;
const MOST = 3; // farther is written as a number
const BOUND = 1000;

/** What a factor does, in a few words. */
export function effectWords(times) {
  if (times === 0) return "worth nothing to you";
  if (times === 1) return "worth as much as without the rule";
  if (times < 0) return `counts against you, ${plural(-times, "time")}`;
  return times < 1 ? `worth ${Math.round(times * 100)} % to you` : `worth ${Number(times.toFixed(3))} times as much to you`;
}

/** A factor by slider, and exactly. */
export function Times({ id, label, value, onChange }) {
  const set = (event) => {
    const found = Number(event.target.value);
    if (event.target.value !== "" && Number.isFinite(found)) onChange(Math.max(-BOUND, Math.min(BOUND, found)));
  };
  return html`<div class="times">
    <label for=${id}>${label}</label>
    <input id=${id} type="range" min=${LEAST} max=${MOST} step="0.05" value=${value} aria-valuetext=${effectWords(value)} onInput=${set} />
    <input type="number" step="any" min=${-BOUND} max=${BOUND} value=${value} aria-label=${`${label}, as a number`} onChange=${set} />
    <span class="quiet number">${effectWords(value)}</span>
  </div>`;
}

export function RuleCard({ rule, index }) {
  const id = (what) => `rule-${index}-${what}`;
  const keys = Object.keys(rule.conditions);
  const change = (what, of) => alter((next) => what(next.rules[index]), of && `${index} ${of}`);
  const free = CONDITIONS.filter(([key]) => !keys.includes(key));
  const add = (event) => {
    const key = event.target.value;
    if (key) change((next) => (next.conditions[key] = firstValue(key)));
    event.target.value = "";
  };
  const remove = (key) => change((next) => delete next.conditions[key]);
  const count = draft.value.rules.length;
  const move = (by) => alter((next) => next.rules.splice(index + by, 0, next.rules.splice(index, 1)[0]));
  return html`<li class="card rule">
    <h3>Rule ${index + 1}<span class="quiet"> · a coin that</span></h3>
    ${keys.map((key) => html`<${Condition} key=${key} id=${id(key)} name=${key} value=${rule.conditions[key]}
      onChange=${(value) => change((next) => (next.conditions[key] = value), key)} onRemove=${() => remove(key)} />`)}
    <div class="condition"><label for=${id("add")}>${keys.length ? "and" : "…"}</label>
      <select id=${id("add")} onChange=${add}><option value="">${keys.length ? "also…" : "choose what it has to be like"}</option>
        ${free.map(([key, words]) => html`<option key=${key} value=${key}>${words}</option>`)}</select></div>
    <${Times} id=${id("times")} label="is then" value=${rule.times} onChange=${(value) => change((next) => (next.times = value), "times")} />
    <div class="condition"><label for=${id("why")}>because</label>
      <input id=${id("why")} type="text" maxlength="280" placeholder="your reason, if you like" value=${rule.why}
        onInput=${(event) => change((next) => (next.why = event.target.value), "why")} /></div>
    <div class="row">
      <button onClick=${() => alter((next) => next.rules.splice(index, 1))}>Remove<span class="unseen"> rule ${index + 1}</span></button>
      ${index > 0 && html`<button onClick=${() => move(-1)}>Earlier<span class="unseen">: rule ${index + 1}</span></button>`}
      ${index < count - 1 && html`<button onClick=${() => move(1)}>Later<span class="unseen">: rule ${index + 1}</span></button>`}
    </div>
  </li>`;
}
