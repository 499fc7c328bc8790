// Duty card: a block that you were drawn for: what your node would say and why, and your own word.
import { html } from "../html.js";
import { Person } from "../people.js";
import { fault, isOpen, judge, nowMs, pressing, undo } from "./nearby.js";
import { numbersOf, stateOf, suggestionOf } from "./say.js";
import { sentence } from "../words.js";
import { ReportButton } from "./report.js";

const UNDO_MS = 5_000;

export function Numbers({ metrics, anomalyPpm }) {
  return html`<dl class="numbers">${numbersOf(metrics, anomalyPpm).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd class="number">${value}</dd></div>`)}</dl>`;
}

/** Keys are about one block at a time: the one that has to be decided first. */
const Key = ({ duty, name }) => (pressing.value?.block === duty.block ? html`<kbd>${name}</kbd>` : null);

function Choices({ duty }) {
  return html`<div class="row choices" role="group" aria-label="What do you say?">
    <button onClick=${() => judge(duty.block, "accept")}>Accept <${Key} duty=${duty} name="A" /></button>
    <button onClick=${() => judge(duty.block, "reject")}>Reject <${Key} duty=${duty} name="R" /></button>
    <button onClick=${() => judge(duty.block, "cannot_judge")}>Cannot judge <${Key} duty=${duty} name="C" /></button>
  </div>
  <p class="quiet">Your word is public and signed. “Cannot judge” costs nothing, and says nothing.</p>`;
}

function UndoBar({ duty }) {
  const left = Math.max(0, Math.min(1, (duty.until_ms - nowMs.value) / UNDO_MS));
  return html`<div class="row undo-bar">
    <button onClick=${() => undo(duty.block)}>Undo <${Key} duty=${duty} name="Z" /></button>
    <progress max="1" value=${left} aria-label="Time to undo"></progress>
  </div>`;
}

function Behind({ duty }) {
  if (!duty.metrics) return null;
  return html`<details>
    <summary>What is behind it</summary>
    <${Numbers} metrics=${duty.metrics} anomalyPpm=${duty.anomaly_ppm} />
    ${duty.noticed.length > 0 && html`<ul class="noticed">${duty.noticed.map((one) => html`<li key=${one}>${sentence(one)}</li>`)}</ul>`}
    <p class="quiet">${duty.has_seen_frames ? "Everything that your node saw live is in the sealed log." : "What your node saw live is not all in the sealed log."}${" "}
      It held the evidence itself: custody <span class="number">${duty.custody}…</span>, by detectors <span class="number">${duty.model}…</span></p>
  </details>`;
}

export function DutyCard({ duty }) {
  const isAsking = duty.state === "asking";
  return html`<article class="card duty at-${duty.state}" aria-label="A block that you were drawn for">
    <header><h3>You were drawn</h3> <span class="quiet">window ${duty.window + 1}${duty.song && html` of <span dir="auto">${duty.song}</span>`}, by <${Person} person=${duty.performer} /></span></header>
    ${duty.look && html`<p class="look"><b>A person is asked to look.</b> ${duty.look}</p>`}
    ${duty.suggestion && html`<p>${suggestionOf(duty)}</p>`}
    <p role=${isOpen(duty) ? undefined : "status"} class="number">${stateOf(duty, nowMs.value)}</p>
    ${isAsking && html`<${Choices} duty=${duty} />`}
    ${duty.state === "decided" && html`<${UndoBar} duty=${duty} />`}
    ${fault.value && html`<p class="refusal" role="alert">${fault.value}</p>`}
    <${Behind} duty=${duty} />
    ${duty.metrics && html`<${ReportButton} block=${duty.block} performer=${duty.performer} />`}
  </article>`;
}
