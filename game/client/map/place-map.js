// Map: who belongs together and who parted; stakes, forks and reports; and the acts on them.
import { html, useEffect, useRef } from "../html.js";
import * as state from "../daemon/state.js";
import { acting, disputes, found, keepLooking, phases, silence, told } from "./disputes.js";
import { ForksPart, MendDialog, OwnFork } from "./forks.js";
import { PartedPart } from "./parted.js";
import { DivergeDialog, MakeUpDialog } from "./parting.js";
import { PeopleList } from "./people-list.js";
import { PersonCard } from "./person-card.js";
import { PhaseMap } from "./phase-map.js";
import { ReportsPart } from "./reports.js";
import { StakeDialog, StakesPart, UnstakeDialog } from "./stakes.js";

function Nobody() {
  return html`<div class="card nobody">
    <p><b>Nobody else is on the map yet.</b></p>
    <p class="quiet">It fills by itself: whoever is connected appears here, and who witnesses you, or whom you witness or rate, comes near to you.
      Open this page on a second machine in your network, or start practice neighbours, and play.</p>
    <button onClick=${() => state.goTo("play")}>Go and play</button>
  </div>`;
}

function MapPart() {
  const seen = phases.value;
  if (!seen) return html`<p class="waiting">${silence.value ? "The map is drawn when the daemon answers." : "Drawing the map; usually 1 s."}</p>`;
  if (!seen.people.some((one) => !one.is_me)) return html`<${Nobody} />`;
  return html`<div class="map-columns"><${PhaseMap} seen=${seen} /><${PersonCard} seen=${seen} /></div>
    <p class="quiet intro">Who stands together acknowledged one another; a bigger face is nearer to you. A line with a gap: two have parted, and the bar is
      on the side of who did. Touch somebody to see their ties.</p>
    <${PeopleList} seen=${seen} />`;
}

const count = {
  parted: ({ divergences, diverged_from_you: fromYou }) => divergences.length + fromYou.length,
  stakes: ({ stakes }) => stakes.length,
  forks: ({ forks }) => forks.length,
  reports: ({ reports }) => reports.length,
};
const PARTS = [
  ["people", "People", MapPart],
  ["parted", "Parted", PartedPart],
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
    const stop = keepLooking();
    return () => {
      stop();
      acting.value = told.value = null;
    };
  }, []);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [state.part.value]);
  const [current, , View] = PARTS.find(([name]) => name === state.part.value) ?? PARTS[0];
  const open = (event, name) => {
    event.preventDefault();
    told.value = null;
    state.goTo("map", name);
  };
  const isUnread = current !== "people" && !disputes.value;
  return html`<section class="map">
    <h1 tabindex="-1" ref=${heading}>Map</h1>
    <nav aria-label="Map" class="parts">
      ${PARTS.map(([name, label]) => html`<a key=${name} href="#map" aria-current=${name === current ? "page" : undefined}
        onClick=${(event) => open(event, name)}>${label}${count[name]?.(found.value) > 0 && html` <span class="number">${count[name](found.value)}</span>`}</a>`)}
    </nav>
    ${silence.value && html`<p class="refusal" role="status">${silence.value} What is shown may be old.</p>`}
    <${Told} />
    <${OwnFork} />
    ${isUnread ? html`<p class="waiting">Reading what is disputed; usually 1 s.</p>` : html`<${View} />`}
    <${Asking} />
  </section>`;
}
