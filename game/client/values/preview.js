// Preview: what the draft would do to the purse, while it is being changed.
import { html } from "../html.js";
import { jam, plural } from "../words.js";
import { preview, problem } from "./policy.js";

const SHOWN = 8;

const signed = (ujam) => `${ujam > 0 ? "+" : ""}${jam(ujam)}`;

function Bars({ before, after, most }) {
  const width = (value) => `${Math.max(0, Math.min(100, (100 * value) / (most || 1)))}%`;
  return html`<span class="two-bars" aria-hidden="true"><i class="was" style=${{ width: width(before) }}></i><i class="is" style=${{ width: width(after) }}></i></span>`;
}

function Changes({ changes }) {
  const felt = changes.filter((one, index) => index > 0 || one.change_ujam !== 0);
  if (!felt.length) return null;
  return html`<ul class="changes">${felt.map((one, index) => html`<li key=${index}>
    <b class="number">${signed(one.change_ujam)}</b> <span>by ${one.words}</span>
    <span class="quiet"> · ${one.coins ? plural(one.coins, "coin") : "touches none of your coins"}</span></li>`)}</ul>`;
}

export function Preview() {
  const found = preview.value;
  if (problem.value) return html`<div class="preview card"><h2>Your purse</h2><p class="refusal" role="alert">${problem.value}</p></div>`;
  if (!found) return html`<div class="preview card"><h2>Your purse</h2><p class="quiet">Trying it out…</p></div>`;
  const most = Math.max(...found.coins.map((one) => Math.max(one.before_ujam, one.after_ujam)), 1);
  const changed = found.coins.filter((one) => one.before_ujam !== one.after_ujam);
  const shown = (changed.length ? changed : found.coins).slice(0, SHOWN);
  return html`<div class="preview card">
    <h2>Your purse</h2>
    <p class="sum">worth <b class="number">${jam(found.after_ujam)}</b> to you${found.after_ujam === found.before_ujam
      ? ", as it is now"
      : html` instead of <b class="number">${jam(found.before_ujam)}</b>`}</p>
    <${Changes} changes=${found.changes} />
    ${found.coins.length === 0 && html`<p class="quiet">No coins yet; play, and see here what your rules make of them.</p>`}
    <ul class="previewed">${shown.map((one) => html`<li key=${one.lot + one.path}>
      <span>${one.song || "a coin"} <span class="quiet number">${jam(one.amount_ujam)} JAM</span></span>
      <${Bars} before=${one.before_ujam} after=${one.after_ujam} most=${most} />
      <span class="number">${one.before_ujam === one.after_ujam ? jam(one.after_ujam) : `${jam(one.before_ujam)} → ${jam(one.after_ujam)}`}</span>
    </li>`)}</ul>
    ${found.changed > shown.length && html`<p class="quiet">${plural(found.changed, "coin changes", "coins change")} in all.</p>`}
  </div>`;
}
