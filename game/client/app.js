// App: the shell around the places, and what concerns them all.
import { html, render } from "./html.js";
import { Person } from "./people.js";
import { PlayPlace } from "./place-play.js";
import { PursePlace } from "./place-purse.js";
import { begin, openLink, stop } from "./show.js";
import * as state from "./state.js";

const PLACES = [
  ["play", "Play", PlayPlace],
  ["purse", "Purse", PursePlace],
];
const TROUBLES = {
  token: [
    "This page has no key to your daemon.",
    "Nothing is lost. Open the address that 'make run' printed: the key is in it.",
  ],
  daemon: [
    "The daemon doesn't answer.",
    "Whatever was sealed is safe with it. Is it still running? This page asks again by itself.",
  ],
};

function Bar() {
  const identity = state.status.value?.identity;
  return html`<header class="bar">
    <a class="brand" href="#" onClick=${(event) => visit(event, "play")}>popd</a>
    <nav aria-label="Places">
      ${PLACES.map(([name, label]) => html`<a key=${name} href=${`#${name}`} aria-current=${state.place.value === name ? "page" : undefined}
        onClick=${(event) => visit(event, name)}>${label}</a>`)}
    </nav>
    ${state.status.value?.practice && html`<span class="label">practice network</span>`}
    ${identity && html`<${Person} person=${identity} />`}
  </header>`;
}

function visit(event, place) {
  event.preventDefault();
  state.goTo(place);
}

function Trouble() {
  const isLost = state.line.value !== "open" && ["playing", "counting", "asking"].includes(state.phase.value);
  const [what, next] = TROUBLES[state.trouble.value] ?? [];
  if (isLost) {
    return html`<p class="trouble" role="alert"><b>The line to the daemon broke.</b> Your presses are kept and sent as soon as it is
      back. Play on.</p>`;
  }
  return what ? html`<p class="trouble" role="alert"><b>${what}</b> ${next}</p>` : null;
}

function App() {
  const isOnStage = ["counting", "playing"].includes(state.phase.value);
  const place = isOnStage ? "play" : state.place.value;
  const [, , View] = PLACES.find(([name]) => name === place);
  return html`
    ${!isOnStage && html`<${Bar} />`}
    <${Trouble} />
    <main><${View} /></main>
    <p class="unseen" role="status" aria-live="polite">${state.announcement.value}</p>`;
}

function onKey(event) {
  const phase = state.phase.value;
  if (event.code === "Escape" && ["asking", "counting", "playing"].includes(phase)) {
    event.preventDefault();
    stop();
    return;
  }
  const isStart = state.place.value === "play" && ["idle", "refused"].includes(phase);
  const isFree =
    (event.code === "Enter" && !event.target.closest("button, a, summary")) || // a radio button has no use for Enter
    (event.code === "Space" && event.target === document.body);
  if (isStart && isFree && !event.repeat && state.status.value?.ready && state.song.value) {
    event.preventDefault();
    begin();
  }
}

function readPlace() {
  const name = location.hash.slice(1);
  if (PLACES.some(([known]) => known === name)) state.goTo(name);
}

readPlace();
addEventListener("hashchange", readPlace);
addEventListener("keydown", onKey);
openLink();
state.keepLooking();
state.restoreWindows();
const page = document.getElementById("page");
page.replaceChildren();
render(html`<${App} />`, page);
