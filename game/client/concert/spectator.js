// Spectator: a concert at arm's length in a dark room: who plays, what to do now, and what is waited for.
import { html, useState } from "../html.js";
import { Lanes } from "../nearby/lanes.js";
import { nameOf } from "../people.js";
import { goTo, isGuest, isOwner, mayRate, status } from "../daemon/state.js";
import { Comments } from "./comments.js";
import { isLineOpen, methods, sendKept, source } from "./concerts.js";
import { Energy } from "./crowd.js";
import { Pad } from "./pad.js";
import { Back, Heading, nameOfConcert } from "./parts.js";
import { Performers } from "./performers.js";
import { PhaseLine, Waiting } from "./phases.js";
import { Rating } from "./rating.js";
import { Comparison, Receipt } from "./receipt.js";
import { howOf, outOfTen, stateOfMine } from "./say.js";
import { change, forgetKept, kept } from "./saying.js";

function OnStage({ concert }) {
  if (concert.performance && concert.live) {
    return html`<div class="on-stage"><${Lanes} key=${concert.live} performance=${concert.performance} source=${source}
      isHere=${Boolean(concert.song)} isSmall />
      <p class="now-playing quiet"><span dir="auto">${concert.song}</span></p></div>`;
  }
  return null;
}

/** What went out and is not acknowledged: it waits for the line, or was refused. */
function Unsent({ concert }) {
  const waits = kept.value;
  if (waits?.concert !== concert.id) return null;
  if (waits.why) {
    return html`<div class="refusal" role="alert"><p><b>${waits.why}</b> ${waits.next}</p>
      <p class="row"><button class="small" onClick=${forgetKept}>Put it away</button></p></div>`;
  }
  return html`<div class="card sending" role="status"><p><span class="pulse"
    aria-hidden="true"></span>Your ${outOfTen(waits.body.score_ppm)} is on its way. ${isLineOpen.value
    ? "The host answers; usually 1 s." : "It is kept here, and sent as soon as the line is back."}</p>
    ${isLineOpen.value && html`<p class="row"><button class="small" onClick=${sendKept}>Send it again</button></p>`}</div>`;
}

function Mine({ concert, onChange }) {
  const { mine } = concert;
  const whom = concert.performers.length > 1 ? html` for <bdi>${nameOf(concert.performers.find(({ id }) => id === mine.performer) ?? { id: mine.performer })}</bdi>` : "";
  const host = isGuest ? nameOf(status.value?.identity ?? { id: concert.teller }) : "Your daemon";
  const isRefused = mine.state === "refused";
  return html`<section class="card mine" aria-label="Your rating">
    <p class="mine-score"><b class="number">${outOfTen(mine.score_ppm)}</b>${whom}${mine.tags.length > 0 && html`<span class="quiet"> · ${mine.tags.join(", ")}</span>`}</p>
    <p class="quiet">Scored ${howOf(mine, methods.value)}.${mine.comment && " With words."}</p>
    <p class=${isRefused ? "refusal" : "quiet"} role=${isRefused ? "alert" : "status"}>${stateOfMine(mine, host)}</p>
    ${concert.phase === "open" && html`<p class="row"><button onClick=${onChange}>Change it</button></p>`}
  </section>`;
}

/** What to do while ratings are open: rate, or what became of it. */
function Open({ concert, isChanging, setChanging }) {
  if (!mayRate.value) return html`<p class="quiet">This phone was let in to play. To rate, scan the poster as a guest, or rate on the computer.</p>`;
  if (!concert.first) return html`<p class="awaited quiet" role="status"><span class="pulse"
    aria-hidden="true"></span>Ratings are open. Yours can be given once the first song has begun.</p>`;
  if ((kept.value?.concert === concert.id || concert.mine) && !isChanging) return null;
  const onAway = concert.mine ? () => setChanging(false) : null;
  return html`<${Rating} concert=${concert} onSent=${() => setChanging(false)} onAway=${onAway} />`;
}

function Note({ concert }) {
  if (!concert.is_performer) return null;
  return html`<p class="quiet">${isGuest
    ? "Who let you in performs here: what you say shows, and brings them no coin."
    : "You perform here: your own rating shows, and brings nothing."}</p>`;
}

function Said({ concert }) {
  return concert.comments.some(({ hidden }) => !hidden) ? html`<h2>What people wrote</h2><${Comments} concert=${concert} />` : null;
}

function Foot({ concert }) {
  if (isGuest) return html`<p class="foot row"><button class="small" onClick=${() => goTo("concert", "keep")}>Keep this as yours</button></p>`;
  return isOwner.value ? html`<p class="foot row"><button class="small"
    onClick=${() => goTo("concert", `poster/${concert.id}`)}>Let guests in here</button></p>` : null;
}

export function Spectator({ concert }) {
  const [isTapping, setTapping] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const { phase, mine } = concert;
  const isOver = phase === "revealed" || phase === "closed";
  const canTap = !isOver;
  const isOnItsWay = kept.value?.concert === concert.id && !kept.value.why;
  const changeIt = () => {
    const { performer, score_ppm, tags, modality, method, comment } = mine;
    change(concert.id, { performer, score_ppm, tags, modality, method, comment });
    setChanging(true);
  };
  return html`<section class=${`spectator${isTapping ? " tapping" : ""}`}>
    <header class="seat-head">
      ${!isGuest && html`<p><${Back} /></p>`}
      <${Heading}>${nameOfConcert(concert)}<//>
      ${canTap && html`<button class="small tap-toggle" aria-pressed=${isTapping}
        onClick=${() => setTapping(!isTapping)}>${isTapping ? "Stop tapping" : "Tap along"}</button>`}
      <div class="about"><${Performers} concert=${concert} hasShares=${false} /><${PhaseLine} concert=${concert} brief /></div>
    </header>
    ${!isLineOpen.value && html`<p class="refusal"
      role="status">${isGuest ? "Your host can't be reached right now." : "Your node can't be reached right now."} It is tried again by itself; your seat and what you said are kept.</p>`}
    ${!isOver && html`<${OnStage} concert=${concert} />`}
    ${isTapping && canTap ? html`<${Pad} concert=${concert} />` : html`
      <${Unsent} concert=${concert} />
      ${phase === "open" && html`<${Open} concert=${concert} isChanging=${isChanging} setChanging=${setChanging} />`}
      ${isOver && html`<${Comparison} concert=${concert} /><${Receipt} concert=${concert} />`}
      ${mine && !(phase === "open" && isChanging) && !isOnItsWay && html`<${Mine} concert=${concert} onChange=${changeIt} />`}
      ${!(phase === "open" && (!mine || isChanging)) && html`<${Waiting} concert=${concert} />`}
      ${(phase === "waiting" || phase === "locked") && html`<${Energy} concert=${concert} />`}
      ${phase === "locked" && !mine && !isOnItsWay && html`<p class="quiet">You have not rated this time.</p>`}
      <${Note} concert=${concert} />
      ${isOver && html`<${Said} concert=${concert} />`}
      <${Foot} concert=${concert} />`}
  </section>`;
}
