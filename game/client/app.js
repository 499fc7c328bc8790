// App: the shell around the places, and what concerns them all.
import { connectMidi } from "./hands/devices.js";
import { keysLocked } from "./daemon/ask.js";
import { html, render } from "./html.js";
import { readPrintedKeys } from "./hands/layouts.js";
import { begin, openLink, stopAsking } from "./play/live.js";
import { ConcertPlace } from "./concert/place-concert.js";
import { openConcerts } from "./concert/concerts.js";
import { refusal } from "./daemon/pairing.js";
import { openNearby } from "./nearby/nearby.js";
import { NearbyPlace } from "./nearby/place-nearby.js";
import { DrawnToast } from "./nearby/toast.js";
import { MapPlace } from "./map/place-map.js";
import { Person } from "./people.js";
import { PlayPlace } from "./play/place-play.js";
import { PursePlace } from "./purse/place-purse.js";
import { SettingsPlace } from "./settings/place-settings.js";
import { SongsPlace } from "./songs/place-songs.js";
import { escapePause } from "./play/playing.js";
import { keepPlays } from "./songs/plays.js";
import { keepRooms, own } from "./rooms/rooms.js";
import { keepFollowing } from "./settings/following.js";
import { settings } from "./settings/settings.js";
import { PENS } from "./settings/setup-own.js";
import { pause } from "./play/show.js";
import * as state from "./daemon/state.js";
import { plural } from "./words.js";

/** name, label, view, whether only the owner sees it */
const PLACES = [
  ["play", "Play", PlayPlace, false],
  ["nearby", "Nearby", NearbyPlace, false],
  ["concert", "Concert", ConcertPlace, false],
  ["map", "Map", MapPlace, true],
  ["songs", "Songs", SongsPlace, false],
  ["purse", "Purse", PursePlace, true],
  ["settings", "Settings", SettingsPlace, false],
];
const PERSON = /^people(\/|$)/; // the page of somebody, within the map
const WITHIN = /^(purse|concert)\/(.+)/; // the page of a coin, of what counts, of a concert
const POSTER = "concert="; // before the secret of a poster, which is taken as the page opens
const TROUBLES = {
  token: [
    "This page has no key to your daemon.",
    "Nothing is lost. Open the address that 'make run' printed: the key is in it.",
  ],
  lent: [
    "This device is not let in any more.",
    "Scan a fresh code: on the computer, open Settings and there Phones.",
  ],
  daemon: [
    "The daemon doesn't answer.",
    "Whatever was sealed is safe with it. Is it still running? This page asks again by itself.",
  ],
};

const isFor = ([name, , , isForOwner]) => (state.isGuest ? name === "concert" : !isForOwner || state.isOwner.value);
const placesNow = () => PLACES.filter(isFor);

function Bar() {
  const identity = state.status.value?.identity;
  return html`<header class="bar">
    <a class="brand" href="#" onClick=${(event) => visit(event, "play")}>popd</a>
    <nav aria-label="Places">
      ${placesNow().map(([name, label]) => html`<a key=${name} href=${`#${name}`} aria-current=${state.place.value === name ? "page" : undefined}
        onClick=${(event) => visit(event, name)}>${label}</a>`)}
    </nav>
    ${state.status.value?.practice && html`<span class="label">practice network</span>`}
    ${identity && html`<${Person} person=${identity} />`}
  </header>`;
}

function GuestBar() {
  const identity = state.status.value?.identity;
  return html`<header class="bar guest-bar"><span class="brand">popd</span>
    ${identity && html`<span class="quiet">guest of <${Person} person=${identity} /></span>`}</header>`;
}

function visit(event, place) {
  event.preventDefault();
  state.goTo(place);
}

function Trouble() {
  if (state.isGuest) return null; // the one place that guests see says it itself
  const isLost = state.line.value !== "open";
  const waiting = state.unsent.value;
  const isLive = state.act.value === "live" && ["playing", "counting", "asking", "paused", "ended"].includes(state.phase.value);
  const [what, next] = TROUBLES[state.trouble.value] ?? [];
  if (isLost && (isLive || waiting > 0)) {
    const isPlaying = ["playing", "counting"].includes(state.phase.value);
    return html`<p class="trouble" role="alert"><b>The line to the daemon broke.</b> Your presses are kept and sent as soon as it is
      back.${isPlaying && " Play on."}</p><p class="trouble more number">${plural(waiting, "press waits", "presses wait")} for the daemon.</p>`;
  }
  if (state.trouble.value === "token" && refusal) {
    return html`<p class="trouble" role="alert"><b>${refusal.why}</b> ${refusal.next}</p>`;
  }
  if (what) return html`<p class="trouble" role="alert"><b>${what}</b> ${next}</p>`;
  if (state.status.value?.elsewhere && !state.onStage.value) {
    return html`<p class="trouble" role="alert"><b>These keys also run elsewhere, which splits your chain.</b> Stop popd on one of the two
      machines, then look at popctl doctor here.</p>`;
  }
  const pen = PENS[state.status.value?.pen];
  if (pen && !state.onStage.value) return html`<p class="trouble" role="status">${pen}</p>`;
  return keysLocked.value && html`<${LockedKeys} />`;
}

/** The purse itself says more of it. */
function LockedKeys() {
  const isSaid = state.place.value === "purse" && state.part.value === "";
  if (isSaid || state.onStage.value) return null;
  return html`<p class="trouble" role="status"><b>${state.isOwner.value ? "Your keys" : "The keys of this daemon"} are locked.</b> You can look and practise, but
    nothing is paid, played for coins or witnessed. ${state.isOwner.value
      ? html`<button class="small" onClick=${() => state.goTo("purse")}>Unlock them</button>` : "Unlock them on its computer, in the purse."}</p>`;
}

function App() {
  const isOnStage = state.onStage.value;
  const wanted = isOnStage ? "play" : state.place.value;
  const places = placesNow();
  const [, , View] = places.find(([name]) => name === wanted) ?? places[0];
  return html`
    ${!isOnStage && (state.isGuest ? html`<${GuestBar} />` : html`<${Bar} />`)}
    <div class="troubles"><${Trouble} /></div>
    <main><${View} /></main>
    <${DrawnToast} />
    <p class="unseen" role="status" aria-live="polite">${state.announcement.value}</p>`;
}

function onKey(event) {
  const phase = state.phase.value;
  if (event.code === "Escape" && ["asking", "counting", "playing"].includes(phase)) {
    event.preventDefault();
    if (event.repeat) return;
    if (phase === "asking") stopAsking();
    else pause();
    return;
  }
  if (event.code === "Escape" && phase === "paused" && !event.repeat && !document.querySelector("dialog[open]")) escapePause();
  const isStart = state.place.value === "play" && !own.value && ["idle", "refused"].includes(phase);
  const isFree =
    (event.code === "Enter" && !event.target.closest("button, a, summary, select")) || // a radio button has no use for Enter
    (event.code === "Space" && event.target === document.body);
  if (isStart && isFree && !event.repeat && state.status.value?.ready && state.song.value && state.line.value === "open") {
    event.preventDefault();
    begin();
  }
}

function readPlace() {
  const name = location.hash.slice(1);
  if (name.startsWith(POSTER)) location.reload();
  else if (PERSON.test(name)) state.goTo("map", name);
  else if (WITHIN.test(name)) state.goTo(...WITHIN.exec(name).slice(1));
  else if (PLACES.some(([known]) => known === name)) state.goTo(name);
}

readPlace();
addEventListener("hashchange", readPlace);
addEventListener("keydown", onKey);
if (!state.isGuest) {
  openLink();
  openNearby();
  state.restoreWindows();
  keepPlays();
  keepRooms();
  keepFollowing();
}
openConcerts();
state.keepLooking();
readPrintedKeys(() => (settings.value = { ...settings.value })); // the labels that are shown change
if (settings.value.devices.midi) connectMidi();
const page = document.getElementById("page");
page.replaceChildren();
render(html`<${App} />`, page);
