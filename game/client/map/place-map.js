// Map: who is how near and who a person is, what clusters make of one another; who parted, stakes, forks and reports.
import { html, useEffect, useRef } from "../html.js";
import * as state from "../daemon/state.js";
import { PersonPage } from "../people/person-page.js";
import * as trust from "../people/trust.js";
import { AroundPart } from "./around-part.js";
import { ClustersPart } from "./clusters.js";
import { acting, disputes, found, keepLooking, silence, told } from "./disputes.js";
import { ForksPart, MendDialog, OwnFork } from "./forks.js";
import { DivergeDialog, MakeUpDialog } from "./parting.js";
import { PersonActs } from "./person-card.js";
import { ReportsPart } from "./reports.js";
import { StakeDialog, StakesPart, UnstakeDialog } from "./stakes.js";
import { TogetherPart } from "./together.js";

const count = {
  parted: ({ divergences, diverged_from_you: fromYou }) => divergences.length + fromYou.length,
  stakes: ({ stakes }) => stakes.length,
  forks: ({ forks }) => forks.length,
  reports: ({ reports }) => reports.length,
};
const PERSON = /^people(\/|$)/; // before the key of somebody, as a part
const WITHOUT_DISPUTES = ["around", "clusters", "parted"];
const PARTS = [
  ["around", "Around you", AroundPart],
  ["clusters", "Clusters", ClustersPart],
  ["parted", "Parted", TogetherPart],
  ["stakes", "Stakes", StakesPart],
  ["forks", "Forks", ForksPart],
  ["reports", "Reports", ReportsPart],
];

/** The act that is asked about, by the name it has in `acting`. */
const DIALOGS = { diverge: DivergeDialog, "make up": MakeUpDialog, stake: StakeDialog, unstake: UnstakeDialog, mend: MendDialog };

function Asking() {
  const act = acting.value;
  return act && html`<${DIALOGS[act.what]} ...${act} />`;
}

function Told() {
  const done = told.value;
  return html`<div role="status">${done && html`<p class="good-news row"><span>${done.words}</span>
    ${done.undo && html`<button onClick=${() => (acting.value = done.undo)}>Take it back…</button>`}</p>`}</div>`;
}

export function MapPlace() {
  const heading = useRef(null);
  useEffect(() => {
    const stops = [keepLooking(), trust.keepLooking()];
    return () => {
      stops.forEach((stop) => stop());
      acting.value = told.value = null;
    };
  }, []);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [state.part.value]);
  const isPerson = PERSON.test(state.part.value);
  const who = state.part.value.replace(PERSON, "");
  const [current, , View] = PARTS.find(([name]) => name === state.part.value) ?? PARTS[0];
  const open = (event, name) => {
    event.preventDefault();
    told.value = null;
    state.goTo("map", name);
  };
  const isUnread = !WITHOUT_DISPUTES.includes(current) && !disputes.value;
  const said = silence.value || trust.silence.value;
  return html`<section class="map">
    ${!isPerson && html`<h1 tabindex="-1" ref=${heading}>Map</h1>`}
    <nav aria-label="Map" class="parts">
      ${PARTS.map(([name, label]) => html`<a key=${name} href="#map" aria-current=${name === current && !isPerson ? "page" : undefined}
        onClick=${(event) => open(event, name)}>${label}${count[name]?.(found.value) > 0 && html` <span class="number">${count[name](found.value)}</span>`}</a>`)}
    </nav>
    ${said && html`<p class="refusal" role="status">${said} What is shown may be old.</p>`}
    <${Told} />
    <${OwnFork} />
    ${isPerson ? html`<${PersonPage} key=${who} id=${who} heading=${heading}><${PersonActs} id=${who} /></${PersonPage}>`
      : isUnread ? html`<p class="waiting">Reading what is disputed; usually 1 s.</p>` : html`<${View} />`}
    <${Asking} />
  </section>`;
}
