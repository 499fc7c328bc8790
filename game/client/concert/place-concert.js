// Concert: those nearby and mine; a poster, the performer's desk, and the page of who listens.
import { html, useEffect } from "../html.js";
import * as state from "../daemon/state.js";
import { attend, concertOf, hasNoSeat, isLineOpen, list, ownSeat, refresh, trouble } from "./concerts.js";
import { Desk } from "./desk.js";
import { JoinView } from "./join-view.js";
import { KeepView } from "./keeping.js";
import { Overview } from "./listing.js";
import { Poster } from "./poster.js";
import { Spectator } from "./spectator.js";
import { Start } from "./starting.js";

const LOOK_MS = 3_000;

function Missing() {
  const isGone = list.value !== null;
  return html`<section class="concert"><h1 tabindex="-1">Concert</h1>
    <p class="waiting" role="status">${isGone
      ? "This concert is not known here any more. Whoever gathers it has forgotten it, or it was long ago."
      : "Looking for the concert; usually 1 s."}</p>
    ${isGone && !state.isGuest && html`<p class="row"><button onClick=${() => state.goTo("concert")}>All concerts</button></p>`}</section>`;
}

/** Which view a part of the place is. */
function View() {
  if (state.isGuest && hasNoSeat.value) return html`<${JoinView} />`;
  const wanted = state.part.value;
  if (state.isGuest && wanted === "keep") return html`<${KeepView} />`;
  if (!state.isGuest && wanted === "start" && state.isOwner.value) return html`<${Start} />`;
  const [view, id] = state.isGuest ? ["seat", ownSeat.value] : wanted.split("/");
  if (!id) return html`<${Overview} />`;
  const concert = concertOf(id);
  if (!concert) return html`<${Missing} />`;
  if (view === "poster" && state.isOwner.value) return html`<${Poster} key=${id} concert=${concert} />`;
  if (view === "desk" && state.isOwner.value && concert.is_mine) return html`<${Desk} key=${id} concert=${concert} />`;
  return html`<${Spectator} key=${id} concert=${concert} />`;
}

export function ConcertPlace() {
  useEffect(() => {
    attend(true);
    if (state.token) refresh();
    const isLooking = () => !isLineOpen.value && !document.hidden && state.token && !hasNoSeat.value; // else changes come by themselves
    const timer = setInterval(() => isLooking() && refresh(), LOOK_MS);
    return () => {
      clearInterval(timer);
      attend(false);
    };
  }, []);
  useEffect(() => void (trouble.value = null), [state.part.value]);
  return html`<${View} />`;
}
