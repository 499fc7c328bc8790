// Poster: readable across a room: what is on, who plays, and how a phone comes in.
import { html, useState } from "../html.js";
import { QrCode } from "../settings/qr.js";
import { isBusy, openDoor, shutDoor } from "./concerts.js";
import { Back, Heading, Refused, nameOfConcert } from "./parts.js";
import { Performers } from "./performers.js";
import { PhaseLine } from "./phases.js";
import { plural } from "../words.js";

function Door({ concert }) {
  const { door } = concert;
  return html`<div class="way-in">
    <${QrCode} rows=${door.rows} label="Code that lets a phone in" />
    <div class="by-hand">
      <p class="quiet">Point a phone's camera here, or open</p>
      <p class="address-big"><code>${door.address.replace(/^http:\/\//, "").replace(/\/$/, "")}</code></p>
      <p class="quiet">and type</p>
      <p class="short-code"><span class="unseen">the code ${[...door.code].join(" ")}</span><code aria-hidden="true">${door.code}</code></p>
    </div>
  </div>`;
}

/** What letting people in does is said before it is done. */
function LetIn({ concert }) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) return html`<div class="let-in"><button class="main" onClick=${() => setAsking(true)}>Let people in…</button>
    <p class="quiet">Nobody can join by phone yet.</p></div>`;
  return html`<div class="card let-in" role="group" aria-label="Let people in">
    <p><b>Other devices of this network can then join as guests.</b> They see this concert and can rate it through your daemon, which signs for them; they
      can't play, spend or see anything of yours. The way there is not encrypted: do it in a network that you trust.</p>
    <p class="row"><button class="main" aria-disabled=${isBusy.value} onClick=${() => openDoor(concert.id)}>Let people in</button>
      <button onClick=${() => setAsking(false)}>Not now</button></p>
  </div>`;
}

function guestsOf({ guests, most }) {
  if (guests >= most) return `All ${most} seats are taken`;
  return guests ? `${plural(guests, "guest")} so far` : "Nobody came in yet";
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

export function Poster({ concert }) {
  const { door } = concert;
  const back = concert.is_mine ? { to: `desk/${concert.id}`, label: "Your desk" } : { to: `seat/${concert.id}`, label: "Back" };
  return html`<section class="poster">
    <div class="row poster-tools"><${Back} ...${back} />
      <button class="small" onClick=${toggleFull}>Full screen</button>
      ${door && html`<button class="small" onClick=${() => shutDoor(concert.id)}>Let nobody in any more</button>`}</div>
    <${Refused} />
    <div class=${door ? "bill" : "bill shut"}>
      <div class="bill-words">
        <p class="quiet tags" dir="auto">${concert.tags.join(" · ")}</p>
        <${Heading}>${nameOfConcert(concert)}<//>
        <${Performers} concert=${concert} hasShares=${false} isPublic />
        <${PhaseLine} concert=${concert} brief />
        ${door?.note && html`<p role="status"><b>${door.note}</b></p>`}
        ${door && html`<p class="guests number" role="status">${guestsOf(door)}</p>`}
      </div>
      ${door ? html`<${Door} concert=${concert} />` : html`<${LetIn} concert=${concert} />`}
    </div>
  </section>`;
}
