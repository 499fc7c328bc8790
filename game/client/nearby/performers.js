// Performers: who plays now, each with a thin lane along which their light moves.
import { html } from "../html.js";
import { Person } from "../people.js";
import { goTo } from "../daemon/state.js";
import { nowMs, performances, watch } from "./nearby.js";
import { nearnessOf, placeOf, songOf } from "./say.js";
import { plural } from "../words.js";

/** The lane: a tick where each window ends, and the light where the performer is. */
export function LaneOfLight({ performance, now }) {
  const { share } = placeOf(performance, now);
  const ticks = Array.from({ length: performance.windows - 1 }, (_, number) => ((number + 1) * 1_000) / performance.windows);
  return html`<svg class=${performance.is_heard ? "lane-of-light heard" : "lane-of-light"} viewBox="-12 0 1024 24" preserveAspectRatio="none" aria-hidden="true">
    <path class="way" d="M0 12H1000" />
    <path class="done" d=${`M0 12H${(share * 1_000).toFixed(1)}`} />
    ${ticks.map((x) => html`<path key=${x} class="tick" d=${`M${x.toFixed(1)} 7V17`} />`)}
    <path class="head" d=${`M${(share * 1_000).toFixed(1)} 12h0.1`} />
  </svg>`;
}

function Performer({ performance }) {
  const { words } = placeOf(performance, nowMs.value);
  const look = () => {
    watch(performance);
    goTo("nearby", "watch");
  };
  return html`<li class="card performer">
    <div class="row"><${Person} person=${performance.performer} />
      <button class="main" onClick=${look}>Watch</button></div>
    <p><b dir="auto">${songOf(performance)}</b>${performance.keys > 0 && html`<span class="quiet"> on ${performance.keys} keys</span>`}</p>
    <${LaneOfLight} performance=${performance} now=${nowMs.value} />
    <p class="quiet number">${words}</p>
    ${performance.is_candidate && html`<span class="label">you may be drawn</span>`}
    <p class="quiet">${plural(performance.openings, "witness", "witnesses")} ready. ${nearnessOf(performance)}</p>
  </li>`;
}

export function Performers() {
  const list = performances.value;
  if (!list) return html`<p class="quiet">Listening who performs; usually 1 s.</p>`;
  if (!list.length) {
    return html`<div class="card nobody">
      <p><b>Nobody performs nearby right now.</b></p>
      <p class="quiet">Open this page on a second machine in your network and press Play there, or play yourself: those around you see you here.
        Whoever begins shows up by themselves.</p>
      <button onClick=${() => goTo("play")}>Play</button>
    </div>`;
  }
  return html`<ul class="performers">${list.map((one) => html`<${Performer} key=${one.session} performance=${one} />`)}</ul>`;
}
