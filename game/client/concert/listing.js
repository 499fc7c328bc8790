// Listing: the concerts nearby and one's own; an empty list says how to fill it.
import { html } from "../html.js";
import { Person } from "../people.js";
import { goTo, isOwner } from "../daemon/state.js";
import { isLineOpen, list } from "./concerts.js";
import { Heading, nameOfConcert } from "./parts.js";
import { PhaseLine } from "./phases.js";
import { voicesOf } from "./say.js";

const isMineHere = (concert) => concert.is_mine && isOwner.value;

function Row({ concert }) {
  const { id } = concert;
  const isOver = concert.phase === "closed";
  return html`<li class="card concert-row">
    <div class="row"><${Person} person=${concert.gatherer} isMe=${concert.is_mine} />
      ${isMineHere(concert)
        ? html`<button class="main" onClick=${() => goTo("concert", `desk/${id}`)}>Your desk</button>`
        : html`<button class=${isOver ? "" : "main"} onClick=${() => goTo("concert", `seat/${id}`)}>${isOver ? "Look back" : "Take a seat"}</button>`}</div>
    <h2 dir="auto">${nameOfConcert(concert)}</h2>
    ${concert.tags.length > 0 && html`<p class="quiet" dir="auto">${concert.tags.join(" · ")}</p>`}
    <${PhaseLine} concert=${concert} />
    <p class="quiet number">${voicesOf(concert.crowd.ballots)} so far${concert.song && concert.live && html`; now <span dir="auto">${concert.song}</span>`}</p>
  </li>`;
}

function Nobody() {
  return html`<div class="card nobody">
    <p><b>No concert around you right now.</b></p>
    <p class="quiet">Start one: give it a name, let people in with the poster, and play. Those who listen say what it was worth to them, and a coin is
      made of it. A concert that somebody nearby starts shows up here by itself.</p>
  </div>`;
}

export function Overview() {
  const found = list.value;
  return html`<section class="concert">
    <div class="row head"><${Heading}>Concert<//>
      ${isOwner.value && html`<button class=${found?.length ? "" : "main"} onClick=${() => goTo("concert", "start")}>Start a concert</button>`}</div>
    ${found && !isLineOpen.value && html`<p class="refusal" role="status">Your node can't be reached right now. It is tried again by itself; what is shown may be old.</p>`}
    ${!found && html`<p class="quiet">Looking for concerts; usually 1 s.</p>`}
    ${found && !found.length && html`<${Nobody} />`}
    ${found?.length > 0 && html`<ul class="concert-rows">${found.map((concert) => html`<${Row} key=${concert.id} concert=${concert} />`)}</ul>`}
  </section>`;
}
