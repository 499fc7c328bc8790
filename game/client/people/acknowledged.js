// Acknowledged: by whom, how much each adds, and what was done when.
import { html } from "../html.js";
import { me } from "../daemon/state.js";
import { PersonLink } from "../people.js";
import { plural } from "../words.js";
import { alikeWords, day, deedWords, freshWords, percent } from "./person-words.js";

const FIRST = 12;

function Voice({ one }) {
  return html`<tr><th scope="row"><${PersonLink} person=${one} /></th>
    <td class="number"><span class="narrow">weight </span>${percent(one.share)}</td>
    <td>${freshWords(one.freshness)} <span class="quiet">${day(one.last_ms)}, ${plural(one.months, "month")}</span></td>
    <td>${alikeWords(one.alike)}</td></tr>`;
}

export function AcknowledgedBy({ person }) {
  const voices = person.acknowledged_by;
  const whom = person.is_me ? "you" : "them";
  if (!voices.length) {
    return html`<section><h2>Who acknowledges ${whom}</h2><p class="quiet">${person.is_me
      ? "Nobody yet. Play while people are nearby: whoever witnesses you by hand, rates you or plays with you appears here."
      : "Nobody whose word counts to you. Witness a play of theirs, rate it, or play together, and you are the first."}</p></section>`;
  }
  const head = html`<thead><tr><th scope="col">Who</th><th scope="col">Weight</th><th scope="col">How strong</th><th scope="col">How alike</th></tr></thead>`;
  const rest = voices.slice(FIRST);
  return html`<section><h2>Who acknowledges ${whom}</h2>
    <div class="voices-table"><table>${head}<tbody>${voices.slice(0, FIRST).map((one) => html`<${Voice} key=${one.id} one=${one} />`)}</tbody></table></div>
    ${rest.length > 0 && html`<details><summary>${rest.length} more, who weigh less</summary><div class="voices-table"><table>${head}
      <tbody>${rest.map((one) => html`<${Voice} key=${one.id} one=${one} />`)}</tbody></table></div></details>`}
  </section>`;
}

function Deed({ deed, whom }) {
  return html`<li><span class="quiet number">${day(deed.time_ms)}</span> <${PersonLink} person=${{ id: deed.from, name: deed.name }} /> ${deedWords(deed.kind, whom)}
    <span class="quiet">${deed.by_hand ? "by hand" : `${deed.from === me.value ? "your" : "their"} node did, by itself`}</span></li>`;
}

export function Timeline({ person }) {
  const rest = person.timeline.slice(FIRST);
  const row = (deed, index) => html`<${Deed} key=${`${deed.time_ms} ${deed.from} ${index}`} deed=${deed} whom=${person.is_me ? "you" : "them"} />`;
  return html`<section><h2>What was said, newest first</h2>
    ${person.timeline.length
      ? html`<ol class="deeds">${person.timeline.slice(0, FIRST).map(row)}</ol>
          ${rest.length > 0 && html`<details><summary>${rest.length} earlier</summary><ol class="deeds">${rest.map(row)}</ol></details>`}`
      : html`<p class="quiet">Nothing yet.</p>`}
  </section>`;
}
