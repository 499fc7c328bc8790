// Policy editor: what counts for you, as cards and sliders, or as text; with what it does to your purse.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { goTo } from "../daemon/state.js";
import { freshConditions } from "./conditions.js";
import { alter, begin, draft, importFile, installed, isChanged, kept, openPolicy, past, preview, problem, ready, save, saving, text, type, undo } from "./policy.js";
import { Preview } from "./preview.js";
import { RuleCard, Times } from "./rule-card.js";
import { jam } from "../words.js";

/** Key, what it means, and what its ends mean. */
const SLIDERS = [
  ["continuity", "What is left of a coin that a stranger held", "nothing", "all of it"],
  ["clusters", "How far you know holders by the part of the map where they belong", "not at all", "as you trust that part"],
  ["close_at", "How near somebody must be for their word to count in full", "everybody by their nearness", "only you yourself"],
  ["strangers", "What a stranger's word counts", "nothing", "as much as yours"],
];
const DISPUTES = [
  ["contested", "Coins that a fork moved twice, on the branch that you don't count"],
  ["reported", "Coins of performances whose reports you believe"],
  ["forked", "Coins that somebody minted after their chain forked"],
];

const percent = (share) => `${Number((share * 100).toFixed(1))} %`;

function Share({ name, label, low, high }) {
  const id = `share-${name}`;
  const value = draft.value.settings[name];
  const set = (event) => alter((next) => (next.settings[name] = Number(event.target.value)), name);
  return html`<div class="share">
    <label for=${id}>${label}</label>
    <input id=${id} type="range" min="0" max="1" step="0.01" value=${value} aria-valuetext=${percent(value)} onInput=${set} />
    <b class="number">${percent(value)}</b>
    <span class="ends quiet" aria-hidden="true"><span>${low}</span><span>${high}</span></span>
    ${name === "strangers" && value > 0 && html`<p class="refusal">Above 0 %, anybody can make coins for you by inventing witnesses.</p>`}
  </div>`;
}

function PluginCard({ use, index }) {
  const change = (key, value) => alter((next) => (next.plugins[index].parameters[key] = value), `plugin ${index} ${key}`);
  return html`<li class="card rule">
    <h3>Plug-in ${use.name}${!installed.value.includes(use.name) && html`<span class="quiet"> · is not installed here, so it changes nothing</span>`}</h3>
    ${Object.entries(use.parameters).map(([key, value]) => {
      const id = `plugin-${index}-${key}`;
      const isNumber = typeof value === "number";
      return html`<div class="condition" key=${key}><label for=${id}>${key.replaceAll("_", " ")}</label>
        <input id=${id} type=${isNumber ? "number" : "text"} step="any" value=${value} disabled=${typeof value === "boolean"}
          onInput=${(event) => change(key, isNumber ? Number(event.target.value) : event.target.value)} /></div>`;
    })}
    <div class="row"><button onClick=${() => alter((next) => next.plugins.splice(index, 1))}>Remove<span class="unseen"> plug-in ${use.name}</span></button></div>
  </li>`;
}

function Cards() {
  const { rules, plugins, settings } = draft.value;
  const add = () => alter((next) => next.rules.push({ times: 1, why: "", conditions: freshConditions(rules) }));
  return html`<h2>Words and ways</h2>
    <div class="card share-list">${SLIDERS.map(([name, label, low, high]) => html`<${Share} key=${name} name=${name} label=${label} low=${low} high=${high} />`)}
      <details><summary>Disputes</summary>${DISPUTES.map(([name, label]) => html`<${Times} key=${name} id=${`dispute-${name}`} label=${label} value=${settings[name]}
        onChange=${(value) => alter((next) => (next.settings[name] = value), name)} />`)}</details></div>
    <h2>Your rules</h2>
    ${rules.length === 0 && html`<p class="quiet">No rules: what counts is whom you trust. Add one to raise, lower or refuse certain coins.</p>`}
    <ul class="rules">${rules.map((rule, index) => html`<${RuleCard} key=${index} rule=${rule} index=${index} />`)}
      ${plugins.map((use, index) => html`<${PluginCard} key=${`plugin ${index}`} use=${use} index=${index} />`)}</ul>
    <p class="row"><button onClick=${add}>Add a rule</button>
      ${!plugins.some((use) => use.name === "fresh") && html`<button onClick=${() => alter((next) => next.plugins.push({ name: "fresh", parameters: { half_life_days: 90 }, why: "" }))}>Let coins fade with age</button>`}</p>`;
}

function Text() {
  return html`<label for="policy-toml">The same as text (TOML)</label>
    <textarea id="policy-toml" class="toml" rows="22" spellcheck="false" autocapitalize="off" value=${text.value} onInput=${(event) => type(event.target.value)}></textarea>`;
}

function Sharing() {
  const [said, setSaid] = useState("");
  const copy = () => navigator.clipboard.writeText(text.value).then(
    () => setSaid("Copied."),
    () => setSaid("The browser did not let it be copied; download it."),
  );
  const download = () => {
    const address = URL.createObjectURL(new Blob([text.value], { type: "application/toml" }));
    Object.assign(document.createElement("a"), { href: address, download: "policy.toml" }).click();
    URL.revokeObjectURL(address);
  };
  const take = async (event) => {
    const input = event.target;
    const [file] = input.files;
    if (!file) return;
    const why = await importFile(file);
    setSaid(why ? `${file.name} was not taken: ${why} Your draft is as it was.` : `${file.name} is tried out; nothing is kept until you save.`);
    input.value = "";
  };
  return html`<div class="row sharing">
    <button onClick=${copy}>Copy</button><button onClick=${download}>Download</button>
    <label class="file">Import… <input type="file" accept=".toml,text/plain" onChange=${take} /></label>
    <span class="quiet" role="status">${said}</span></div>`;
}

function Head() {
  const { name, about } = draft.value;
  const offered = ready.value.find((one) => one.name === name);
  const choose = (event) => {
    const wanted = ready.value.find((one) => one.name === event.target.value);
    if (wanted) begin(wanted);
  };
  return html`<div class="card policy-head">
    <label for="ready">Begin with</label>
    <select id="ready" value=${offered?.name ?? ""} onChange=${choose}>
      ${!offered && html`<option value="">your own</option>`}
      ${ready.value.map((one) => html`<option key=${one.name} value=${one.name}>${one.name}</option>`)}</select>
    <label for="policy-name">Call it</label>
    <input id="policy-name" type="text" maxlength="64" value=${name} onInput=${(event) => alter((next) => (next.name = event.target.value), "name")} />
    ${about && html`<p class="quiet">${about}</p>`}
  </div>`;
}

export function PolicyEditor() {
  const [isText, setText] = useState(false);
  const heading = useRef(null);
  useEffect(() => void openPolicy(), []);
  useLayoutEffect(() => heading.current?.focus(), []);
  const isSaving = saving.value === "saving";
  const canSave = isChanged.value && !problem.value && !isSaving;
  return html`<section class="purse policy">
    <p><button onClick=${() => goTo("purse")}>← Purse</button></p>
    <h1 ref=${heading} tabindex="-1">What counts for you</h1>
    ${!draft.value
      ? problem.value ? html`<p class="refusal" role="alert">${problem.value}</p>` : html`<p class="waiting">Reading your rules…</p>`
      : html`<div class="policy-page">
        <div class="policy-side"><${Preview} /></div>
        <div class="policy-rules">
          <${Head} />
          <div class="row" role="group" aria-label="How to look at it">
            <button aria-pressed=${!isText} onClick=${() => setText(false)}>Cards</button>
            <button aria-pressed=${isText} onClick=${() => setText(true)}>Text</button>
          </div>
          ${isText ? html`<${Text} />` : html`<${Cards} />`}
          <h2>Share</h2>
          <${Sharing} />
        </div>
        <div class="row keep">
          <button class="main" aria-disabled=${!canSave} onClick=${() => canSave && save()}>${isSaving ? "Saving…" : "Save"}</button>
          <button aria-disabled=${past.value.length === 0} onClick=${undo}>Undo</button>
          ${preview.value && html`<span>your purse: <b class="number">${jam(preview.value.after_ujam)}</b> to you</span>`}
          <span class="quiet" role="status">${saving.value === "saved" ? "It counts now." : isChanged.value ? "Not saved yet." : kept.value && "This counts now."}</span>
        </div>
      </div>`}
  </section>`;
}
