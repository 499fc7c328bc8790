// Desk: whoever gathers a concert leads it from here, one step after the other.
import { html, useState } from "../html.js";
import { goTo } from "../daemon/state.js";
import { Comments } from "./comments.js";
import { isBusy, isLineOpen, setPhase } from "./concerts.js";
import { Crowd } from "./crowd.js";
import { Back, Heading, Refused, nameOfConcert } from "./parts.js";
import { Performers } from "./performers.js";
import { PhaseLine, Waiting } from "./phases.js";
import { Comparison, Receipt } from "./receipt.js";
import { NEXT } from "./say.js";

const FINAL = ["revealed", "closed"]; // steps that can't be taken back are asked for once

/** What comes next, as one button, with what it does to everybody. */
function Step({ concert }) {
  const [asked, setAsked] = useState("");
  const [phase, label, about] = NEXT[concert.phase] ?? [];
  if (!phase) return null;
  const isAsking = asked === phase;
  const go = () => (FINAL.includes(phase) && !isAsking ? setAsked(phase) : setPhase(concert.id, phase));
  const said = FINAL.includes(phase) ? `${label}${isAsking ? " now" : "…"}` : label;
  return html`<div class="step">
    <p class=${isAsking ? "asking-once" : "quiet"} id="step-about" role=${isAsking ? "status" : undefined}>${about}</p>
    <p class="row">
      <button class="main big" aria-describedby="step-about" aria-disabled=${isBusy.value} onClick=${go}>${said}</button>
      ${isAsking && html`<button onClick=${() => setAsked("")}>Not yet</button>`}
      ${concert.phase === "locked" && !isAsking && html`<button onClick=${() => setPhase(concert.id, "open")}>Open again</button>`}
    </p>
  </div>`;
}

function Playing({ concert }) {
  if (concert.phase === "closed") return html`<p class="row"><button class="main" onClick=${() => goTo("concert", "start")}>Start another</button></p>`;
  if (concert.live) return html`<p>On stage: <b dir="auto">${concert.song}</b></p>`;
  if (!concert.first) return html`<p class="row"><button onClick=${() => goTo("play")}>Go and play</button>
    <span class="quiet">The first song that you play belongs to this concert; before it, nobody can rate.</span></p>`;
  return html`<p class="row"><button onClick=${() => goTo("play")}>Play another song</button></p>`;
}

export function Desk({ concert }) {
  const isRevealed = FINAL.includes(concert.phase);
  return html`<section class="concert desk">
    <div class="row"><${Back} /><button class="small"
      onClick=${() => goTo("concert", `poster/${concert.id}`)}>Poster${concert.door ? "" : " and door"}</button></div>
    <${Heading}>${nameOfConcert(concert)}<//>
    <${Performers} concert=${concert} />
    ${!isLineOpen.value && html`<p class="refusal" role="status">Your node can't be reached right now. It is tried again by itself; what is shown may be old.</p>`}
    <${Refused} />
    <div class="desk-columns">
      <div class="lead card">
        <${PhaseLine} concert=${concert} />
        <${Waiting} concert=${concert} />
        <${Step} key=${concert.phase} concert=${concert} />
        <${Playing} concert=${concert} />
      </div>
      <${Crowd} concert=${concert} />
    </div>
    ${isRevealed && html`<div class="desk-columns">
      <div class="card"><h2>What it was worth to them</h2><${Comparison} concert=${concert} /></div>
      <${Receipt} concert=${concert} />
    </div>
    <h2>What they wrote</h2>
    <${Comments} concert=${concert} />`}
  </section>`;
}
