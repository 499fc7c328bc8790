// Together: opening a room or joining one, who is in with which part, ready marks, and the start.
import { html, useEffect, useRef } from "../html.js";
import { Countdown, Within, useCount } from "./count-in.js";
import { Dialog } from "../play/playing.js";
import { Person, nameOf } from "../people.js";
import { chartOf, playableCharts } from "../songs/choosing.js";
import { levelOf } from "../songs/reading.js";
import * as rooms from "./rooms.js";
import * as state from "../daemon/state.js";
import { wakeSound } from "../stage/engine.js";
import { plural } from "../words.js";

export function Refused() {
  const { why, next } = rooms.trouble.value ?? {};
  return why ? html`<p class="refusal" role="alert"><b>${why}</b> ${next}</p>` : null;
}

/** The rooms that one could join; elsewhere than in the panel, also the way there. */
export function RoomsNearby({ isInPanel = false }) {
  const found = rooms.nearby.value;
  if (!found.length) {
    return html`<p class="quiet">No room is open nearby. Open one${isInPanel ? " here" : ""}; whoever is near sees it within 5 s.</p>
      ${!isInPanel && html`<p><button onClick=${openPanel}>Open a room</button></p>`}`;
  }
  return html`<ul class="rooms-nearby">${found.map((room) => html`<li key=${room.id}>
    <div><b dir="auto">${room.title}</b>
      <p><${Person} person=${room.host} /> <span class="quiet">${room.playing ? "they are playing" : plural(room.members, "person is", "people are")}${room.playing ? "" : " in"}</span></p></div>
    <button class="main" aria-disabled=${rooms.isBusy.value} onClick=${() => enter(room)}>Join<span class="unseen"> ${nameOf(room.host)}</span></button>
  </li>`)}</ul>`;
}

async function enter(room) {
  wakeSound();
  await rooms.join(room);
  if (!rooms.own.value) return;
  close();
  state.goTo("play"); // a room is where one plays
}

async function openNow(chart) {
  wakeSound();
  if (await rooms.open(chart)) close();
}

function openPanel() {
  rooms.isPanelOpen.value = true;
  state.goTo("play");
}

const close = () => (rooms.isPanelOpen.value = false);

function Panel() {
  const song = state.song.value;
  const chart = chartOf(song, state.keys.value);
  useEffect(() => void rooms.refresh(), []);
  return html`<${Dialog} label="Play together" onEscape=${close}>
    <h2>Play together</h2>
    <p class="quiet">Each takes a part of one song, and all begin at the same moment. Everybody mints what they play themselves.</p>
    <${Refused} />
    <h3>Open nearby</h3>
    <${RoomsNearby} isInPanel />
    <div class="menu">
      ${chart && html`<button class=${rooms.nearby.value.length ? "" : "main"} aria-disabled=${rooms.isBusy.value} onClick=${() => openNow(chart)}>Open a room <small>${song.title}, ${chart.keys} keys</small></button>`}
      <button onClick=${close}>Not now</button>
    </div>
    <p class="public">People nearby see your name and the song while your room is open. Who played together is public.</p>
  </${Dialog}>`;
}

/** Beside Play: how one gets into a room. */
export function TogetherButton() {
  const open = rooms.nearby.value.length;
  return html`<p><button onClick=${() => (rooms.isPanelOpen.value = true)} aria-haspopup="dialog">Play together${open > 0 && html` <small class="number">${open} open</small>`}</button></p>
    ${rooms.isPanelOpen.value && html`<${Panel} />`}`;
}

function PartChoice() {
  const song = state.song.value;
  const charts = [...playableCharts(song)].sort((a, b) => a.keys - b.keys);
  const chosen = rooms.partNow();
  if (!chosen && !rooms.isPartTooWide()) return html`<p class="quiet" role="status">The notes are on their way from ${nameOf(rooms.own.value.host)}; usually 3 s.</p>`;
  const choose = (event) => rooms.takePart(charts.find(({ id }) => id === event.target.value));
  const isFixed = rooms.own.value.state !== "gathering" || rooms.isBusy.value;
  return html`<label class="part-choice">Your part
    <select disabled=${isFixed} onChange=${choose}>
      ${!chosen && html`<option value="" disabled selected>${rooms.mine.value.label || "yours"}: not for 4 to 10 lanes, choose another</option>`}
      ${charts.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen?.id}>${plural(one.keys, "key")} · ${levelOf(one)}</option>`)}
    </select></label>`;
}

function Member({ member }) {
  const { person, label, ready, here, connected, playing, ratings, is_me: isMe, is_host: isHost } = member;
  const doing = playing ? "plays" : ready ? "ready" : "not ready yet";
  const word = here ? `${doing}${connected ? "" : " · not connected to you"}` : "left";
  const lit = here && (ready || playing);
  return html`<li class=${here ? "" : "gone"}>
    <${Person} person=${person} isMe=${isMe} />
    <span class="quiet">${label || "no part yet"}${isHost ? " · opened it" : ""}${ratings ? ` · ${plural(ratings, "rating")}` : ""}</span>
    <span class="ready ${lit ? "lit" : ""}"><i aria-hidden="true"></i>${word}</span>
  </li>`;
}

function Actions() {
  const own = rooms.own.value;
  const me = rooms.mine.value;
  const isCounting = useCount() !== null;
  const main = useRef(null);
  useEffect(() => main.current?.focus({ preventScroll: true }), [own.id]);
  const isReady = Boolean(me?.ready);
  const ready = () => {
    wakeSound();
    if (me?.part) rooms.act("ready", { ready: !isReady });
  };
  const readyCount = own.members.filter((one) => one.ready && one.here && one.connected).length;
  const canStart = readyCount >= 2 && !rooms.isBusy.value;
  if (own.state === "gathering") {
    return html`<div class="menu">
      <button class=${isReady ? "" : "main"} ref=${main} aria-pressed=${isReady} aria-disabled=${!me?.part} onClick=${ready}>${isReady ? "Not ready after all" : "I am ready"}</button>
      ${own.is_host && html`<button class=${isReady ? "main" : ""} aria-disabled=${!canStart} onClick=${canStart ? () => rooms.act("start") : undefined}>Count in
        <small>${readyCount < 2 ? "two must be ready" : `${plural(readyCount, "player")} in 8 s`}</small></button>`}
      ${!own.is_host && isReady && html`<p class="quiet">${nameOf(own.host)} counts in.</p>`}
    </div>`;
  }
  if (isCounting && isReady && state.phase.value !== "refused") return null;
  return html`<div class="menu">
    ${own.can_play
      ? html`<button class="main" ref=${main} onClick=${() => rooms.beginTogether({ isAgain: true })}>${isCounting ? "Begin with them" : html`Come in at the next bar <small>about 7 s from now</small>`}</button>`
      : html`<p class="quiet">They are playing. You are in for the next one.</p>`}
  </div>`;
}

/** The room one is in, in place of the Play button. */
export function RoomCard() {
  const own = rooms.own.value;
  const { reason, next } = state.refusal.value ?? {};
  return html`<section class="card room" aria-label="Your room">
    <header><h2>${own.is_host ? "Your room" : html`${nameOf(own.host)}’s room`}</h2>
      ${own.state === "gathering" && html`<p class="quiet">${own.is_host ? "You give the beat" : html`You begin together <${Within} />`}</p>`}</header>
    <${Countdown} />
    ${state.phase.value === "refused" && html`<p class="refusal" role="alert"><b>${reason}</b> ${next}</p>`}
    <${Refused} />
    ${own.advice && html`<p class="refusal" role="status">${own.advice}</p>`}
    <ul class="members">${own.members.map((member) => html`<${Member} key=${member.person.id} member=${member} />`)}</ul>
    <${PartChoice} />
    <${Actions} />
    <p><button onClick=${() => rooms.act("leave")}>Leave the room${own.is_host && html` <small>it closes for all</small>`}</button></p>
    <p class="public">Live, who plays with whom, and who witnesses, is public.</p>
  </section>`;
}
