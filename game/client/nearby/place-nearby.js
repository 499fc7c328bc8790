// Nearby: who performs now, what you were drawn for, and what your node said.
import { html, useEffect, useRef } from "../html.js";
import { DutyCard } from "./duty-card.js";
import { attend, duties, isLineOpen, isOpen, judge, nowMs, pressing, toast, undo, urgentFirst, watched } from "./nearby.js";
import { Performers } from "./performers.js";
import { SaidList } from "./said.js";
import { WatchView } from "./watch-view.js";
import { WhyNothing } from "./why.js";
import { notifying, switchNotifying } from "./notify.js";
import { nameOf } from "../people.js";
import { Refused, RoomsNearby } from "../rooms/together.js";
import * as rooms from "../rooms/rooms.js";
import * as state from "../daemon/state.js";

const CHOICE_KEYS = { a: "accept", r: "reject", c: "cannot_judge" };
const MOST_SHOWN = 4;
const RECENT_MS = 80_000; // how long a block stays in sight after it was drawn

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("dialog, input, select, textarea")) return;
  const duty = pressing.value;
  const choice = CHOICE_KEYS[event.key.toLowerCase()];
  if (choice && duty?.state === "asking") judge(duty.block, choice);
  else if (event.key.toLowerCase() === "z" && duty?.state === "decided") undo(duty.block);
  else if (event.key === "Escape" && state.part.value) state.goTo("nearby");
  else return;
  event.preventDefault();
}

const NOTIFYING = {
  ask: "Tell me when I am drawn",
  on: "Don't notify me when I am drawn",
  off: "Tell me when I am drawn",
};

function Notifying() {
  const label = NOTIFYING[notifying.value];
  if (label) return html`<button class="small" onClick=${switchNotifying}>${label}</button>`;
  return notifying.value === "denied" ? html`<p class="quiet">Your browser does not let this page notify you; its settings do.</p>` : null;
}

function Duties() {
  const recent = urgentFirst(duties.value.filter((duty) => isOpen(duty) || nowMs.value - duty.drawn_ms < RECENT_MS)).slice(0, MOST_SHOWN);
  if (!recent.length) {
    return html`<p class="quiet">Nothing now. While this page is open, a block that you are drawn for waits 60 s for your word; otherwise your node
      answers by itself.</p>`;
  }
  return html`<div class="duties">${recent.map((duty) => html`<${DutyCard} key=${duty.block} duty=${duty} />`)}</div>`;
}

function Rooms() {
  useEffect(() => void rooms.refresh(), []);
  if (rooms.own.value) return html`<p class="quiet">You are in ${rooms.own.value.is_host ? "your own room" : html`a room of ${nameOf(rooms.own.value.host)}`}. <button class="small" onClick=${() => state.goTo("play")}>Go there</button></p>`;
  return html`<${Refused} /><${RoomsNearby} />`;
}

function Overview() {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return html`<section class="nearby">
    <h1 tabindex="-1" ref=${heading}>Nearby</h1>
    ${!isLineOpen.value && html`<p class="refusal" role="status">The line to the daemon is being opened; what is shown may be old.</p>`}
    <h2>Who performs now</h2>
    <${Performers} />
    <h2>Rooms to play in together</h2>
    <${Rooms} />
    ${state.isOwner.value && html`
      <div class="row head"><h2>What you were drawn for</h2><${Notifying} /></div>
      <${Duties} />
      <div class="row head"><h2>What your node said</h2>
        <button class="small" onClick=${() => state.goTo("nearby", "why")}>Why nothing was minted</button></div>
      <${SaidList} />`}
  </section>`;
}

function WhyPart() {
  return html`<section class="nearby">
    <div class="row head"><button onClick=${() => state.goTo("nearby")}>Back <kbd>Esc</kbd></button><h1>Why nothing was minted</h1></div>
    <${WhyNothing} />
  </section>`;
}

export function NearbyPlace() {
  useEffect(() => {
    addEventListener("keydown", onKey);
    attend(true);
    toast.value = null;
    return () => {
      removeEventListener("keydown", onKey);
      attend(false);
    };
  }, []);
  if (state.part.value === "watch" && watched.value) return html`<${WatchView} />`;
  return state.part.value === "why" && state.isOwner.value ? html`<${WhyPart} />` : html`<${Overview} />`;
}
