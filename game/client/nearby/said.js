// Said: what your own chain says of others' plays: by your hand, or by your node itself, and why.
import { html, useEffect } from "../html.js";
import { Person } from "../people.js";
import { attested, loadAttested } from "./nearby.js";
import { Numbers } from "./duty-card.js";
import { SAID } from "./say.js";
import { ReportButton } from "./report.js";
import { sentence, when } from "../words.js";

function Word({ word }) {
  const who = word.by_hand ? "You" : "Your node by itself";
  return html`<li class="word ${word.decision}">
    <details>
      <summary><span class="label">${word.by_hand ? "by hand" : "by itself"}</span> ${who} ${SAID[word.decision] ?? word.decision}${" "}
        <span dir="auto">${word.song || "a play"}</span>, window ${word.window + 1},
        by ${word.performer ? html`<${Person} person=${word.performer} />` : "somebody whose block is not kept here any more"}
        <span class="quiet number"> ${when(word.time_ms)}</span></summary>
      <p>${sentence(word.reasons.join("; "))}.</p>
      <${Numbers} metrics=${word.metrics} anomalyPpm=${word.anomaly_ppm} />
      ${word.performer && html`<${ReportButton} block=${word.block} performer=${word.performer} />`}
    </details>
  </li>`;
}

export function SaidList() {
  useEffect(() => {
    loadAttested();
  }, []);
  const words = attested.value;
  if (!words) return html`<p class="quiet">Reading your chain; usually 1 s.</p>`;
  if (!words.length) return html`<p class="quiet">Nothing yet. Whoever performs nearby asks your node to witness; when chance draws it, what it says stands here, with why.</p>`;
  return html`<ul class="words">${words.map((word) => html`<${Word} key=${`${word.attestation}${word.block}`} word=${word} />`)}</ul>`;
}
