// Reports: what people said of performances, of yours first, and what you make of it.
import { html } from "../html.js";
import { ReportButton } from "../nearby/report.js";
import { Person } from "../people.js";
import { found } from "./disputes.js";
import { moment, nearness, reportedAs } from "./say.js";
import { jam, plural, sentence } from "../words.js";
import * as state from "../daemon/state.js";

const FULL_PPM = 1_000_000;

function Word({ word }) {
  const left = word.standing_ppm < FULL_PPM && ` Verifiers you trust contradict them, so their word counts ${Math.floor(word.standing_ppm / 10_000)} % of what it did.`;
  return html`<li><${Person} person=${word} isMe=${word.id === state.me.value} />: ${reportedAs(word.reason)}, ${moment(word.since_ms)}.
    ${word.id !== state.me.value && html` <span class="quiet number">${sentence(nearness(word.proximity_ppm))}.${left}</span>`}</li>`;
}

function Reported({ one }) {
  return html`<li class="card dispute">
    <h3>${one.is_mine ? "Your play" : html`A play by <${Person} person=${one.performer} />`}
      ${" "}<span class="label">${one.is_believed ? "you believe it" : "you don't believe it"}</span></h3>
    <p>${one.words}</p>
    <p class="quiet">${one.minted_ujam ? html`It made <span class="number">${jam(one.minted_ujam)}</span> JAM.` : "It made no coin."}</p>
    <details open=${one.is_mine}><summary>${plural(one.reports.length, "report")}</summary>
      <ul class="words-against">${one.reports.map((word) => html`<${Word} key=${word.id} word=${word} />`)}</ul></details>
    ${one.vouchers.length > 0 && html`<details><summary>${plural(one.vouchers.length, "person", "people")} accepted it</summary>
      <ul>${one.vouchers.map((person) => html`<li key=${person.id}><${Person} person=${person} isMe=${person.id === state.me.value} /></li>`)}</ul></details>`}
    ${!one.is_mine && !one.is_reported_by_me && html`<${ReportButton} block=${one.block} performer=${one.performer} />`}
  </li>`;
}

const GROUPS = [
  ["About your plays", "Nobody has reported a play of yours.", (one) => one.is_mine],
  ["That you made", "None. To report a play, open Nearby: what your node said lists those you witnessed.", (one) => !one.is_mine && one.is_reported_by_me],
  ["That you believe", "None. You believe a report when three people you trust make it, none of whom vouches for another.",
    (one) => !one.is_mine && !one.is_reported_by_me && one.is_believed],
  ["Others", "", (one) => !one.is_mine && !one.is_reported_by_me && !one.is_believed],
];

export function ReportsPart() {
  return GROUPS.map(([title, empty, belongs]) => {
    const ones = found.value.reports.filter(belongs);
    if (!ones.length && !empty) return null;
    return html`<section key=${title}><h2>${title}</h2>
      ${ones.length ? html`<ul class="disputes">${ones.map((one) => html`<${Reported} key=${one.block} one=${one} />`)}</ul>` : html`<p class="quiet">${empty}</p>`}</section>`;
  });
}
