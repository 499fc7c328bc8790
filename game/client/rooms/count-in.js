// Count-in: the seconds until all begin, and who else plays; once on stage, the stage counts.
import { html, useEffect, useState } from "../html.js";
import { Face, nameOf } from "../people.js";
import { isOn, namesOf, others, own } from "./rooms.js";
import * as state from "../daemon/state.js";

const LOOK_MS = 100;

/** Whole seconds until the start; null when it is past or nobody counts. */
export function useCount() {
  const [left, setLeft] = useState(null);
  const t0Us = own.value?.state === "gathering" ? null : own.value?.t0_us;
  useEffect(() => {
    const look = () => {
      const ms = t0Us && state.clock.isKnown ? state.clock.toPageMs(t0Us) - performance.now() : 0;
      setLeft(ms > 0 ? Math.ceil(ms / 1_000) : null);
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [t0Us]);
  return left;
}

/** "±0.4 ms": how far from the host's start one's own may be. */
export function Within() {
  const doubtUs = own.value?.uncertainty_us;
  if (own.value?.is_host || doubtUs == null) return null;
  return html`<span class="number">within ±${(doubtUs / 1_000).toFixed(1)} ms</span>`;
}

/** Big and calm. */
export function Countdown() {
  const left = useCount();
  if (left === null) return null;
  return html`<p class="count-in" role="timer" aria-label=${`${left} seconds until all begin`}>
    <b class="number" key=${left}>${left}</b><span>You begin together <${Within} /></span>
  </p>`;
}

/** A thin strip over the lanes: who else plays. */
export function TogetherStrip() {
  const left = useCount();
  if (!isOn.value || state.act.value !== "live") return null;
  const players = others.value.filter(({ player }) => player);
  const gone = players.filter(({ here }) => !here);
  const apart = players.filter(({ here, connected }) => here && !connected);
  return html`<div class="together-strip">
    <span class="faces">${players.map(({ person, here }) => html`<span key=${person.id} class=${here ? "" : "gone"} title=${nameOf(person)}><${Face} id=${person.id} size="20" /></span>`)}</span>
    <span>with ${namesOf(players, nameOf)}</span>
    ${gone.length > 0 && html`<span class="quiet">${namesOf(gone, nameOf)} left</span>`}
    ${apart.length > 0 && html`<span class="quiet">not connected to you: ${namesOf(apart, nameOf)}</span>`}
    ${left !== null && html`<${Within} />`}
  </div>`;
}
