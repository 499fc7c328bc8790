// Watch view: somebody's lanes as they play, what the detectors make of it, and your duty beside it.
import { html, useEffect, useRef, useSignal } from "../html.js";
import { DutyCard, Numbers } from "./duty-card.js";
import { Lanes } from "./lanes.js";
import { LaneOfLight } from "./performers.js";
import { Person } from "../people.js";
import { daemonUs, duties, hooks, isOn, nowMs, reads, urgentFirst, watch, watched } from "./nearby.js";
import { goTo } from "../daemon/state.js";
import { nearnessOf, placeOf, songOf } from "./say.js";
import { percent, plural, sentence } from "../words.js";

const SOURCE = { daemonUs, nowMs, hooks };

/** What the detectors make of it so far: in words first. */
function ReadOut({ performance, told }) {
  const read = reads.value[performance.session];
  return html`<section class="card read-out" aria-label="What the detectors say so far">
    <h3>${read ? sentence(read.impression) : "Listening"}</h3>
    ${read ? html`
      ${read.reasons.length > 0 && html`<ul class="noticed">${read.reasons.map((one) => html`<li key=${one}>${sentence(one)}</li>`)}</ul>`}
      <${Numbers} metrics=${read.metrics} anomalyPpm=${read.anomaly_ppm} />
      <p class="quiet">So far in window ${read.window + 1}; read anew every 2 s. It is advice: the ledger holds what people say.</p>`
    : html`<p class="quiet">The first reading comes after a few notes; usually 5 s.</p>`}
    <p class="quiet number">Shown ${(told.behindMs / 1_000).toFixed(1)} s behind, so that it arrives in order${told.accuracy === null ? "" : `; on the notes ${percent(told.accuracy * 1_000_000)} since you look`}.</p>
  </section>`;
}

export function WatchView() {
  const told = useSignal({ behindMs: 400, accuracy: null, presses: 0 });
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => () => watch(null), []);
  const performance = watched.value;
  if (!performance) return null;
  const mine = urgentFirst(duties.value.filter(({ session }) => session === performance.session));
  const isOver = !isOn(performance.session);
  return html`<section class="watching-somebody">
    <header class="row">
      <button onClick=${() => goTo("nearby")}>Back <kbd>Esc</kbd></button>
      <h1 tabindex="-1" ref=${heading}><${Person} person=${performance.performer} /> <span class="quiet">plays</span> <span dir="auto">${songOf(performance)}</span></h1>
      <p class="quiet number">${isOver ? "It is over. What is sealed is being judged." : placeOf(performance, nowMs.value).words}</p>
    </header>
    <${LaneOfLight} performance=${performance} now=${nowMs.value} />
    <div class="watch-columns">
      <${Lanes} performance=${performance} source=${SOURCE} onTell=${(found) => (told.value = found)} />
      <div class="beside">
        <h2 class="unseen">What is said of it</h2>
        ${mine.slice(0, 2).map((duty) => html`<${DutyCard} key=${duty.block} duty=${duty} />`)}
        ${(!isOver || reads.value[performance.session]) && html`<${ReadOut} performance=${performance} told=${told.value} />`}
        <p class="quiet">${plural(performance.openings, "witness", "witnesses")} ready${performance.is_candidate ? ", you among them" : "; you only watch: candidates are asked before it begins"}.${" "}
          ${nearnessOf(performance)} That is a claim, which nobody can prove.</p>
      </div>
    </div>
  </section>`;
}
