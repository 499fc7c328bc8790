// Play: the song waits in its light; one press, and people are asked to witness.
import { html, useEffect, useRef } from "../html.js";
import { WindowCard } from "./fate.js";
import { laneLooks, pathOf } from "../stage/lanes.js";
import { labelOf } from "../hands/layouts.js";
import { begin, stopAsking } from "./live.js";
import { Face, nameOf } from "../people.js";
import { Playing } from "./playing.js";
import { bestOf, bestRun, isRacing, plays, setRacing } from "../songs/plays.js";
import { beginPractice } from "./practice.js";
import { soundTrouble } from "../sound/recording-sound.js";
import { Results } from "./results.js";
import { change, layoutOf, settings } from "../settings/settings.js";
import { prepare } from "./show.js";
import { Countdown } from "../rooms/count-in.js";
import { RoomCard, TogetherButton } from "../rooms/together.js";
import { own } from "../rooms/rooms.js";
import { chartOf, chooseChart, playableCharts } from "../songs/choosing.js";
import { levelOf } from "../songs/reading.js";
import * as state from "../daemon/state.js";
import { minutes, plural } from "../words.js";

const NARROWEST_TOUCH = 44; // px a lane
const LONG_TITLE = 40;
const MOST_LISTED = 12; // more songs are better looked for in their own place

export function LaneKeys({ keys, device = "keyboard" }) {
  return html`<ul class="lane-keys" aria-label="Your keys, from the left">
    ${laneLooks(keys).map((look, lane) => html`<li key=${lane}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${pathOf(look.shape, 12, 12, 10)} fill=${look.colour} /></svg>
      <kbd>${labelOf(layoutOf(device, keys)[lane])}</kbd>
    </li>`)}
  </ul>`;
}

/** Charts for as many lanes: by their level and stars. */
function ChartChoice({ song, chart }) {
  const same = song.charts.filter(({ keys }) => keys === chart.keys);
  const facts = [...(same.length > 1 ? [] : [levelOf(chart)]), plural(chart.notes, "note")].join(" · ");
  const choose = (event) => chooseChart(song, same.find(({ id }) => id === event.target.value));
  return html`${same.length > 1 && html`<p class="song-choice"><select aria-label="Chart" disabled=${state.phase.value === "asking"} onChange=${choose}>
      ${same.map((one) => html`<option key=${one.id} value=${one.id} selected=${one === chart}>${levelOf(one)}</option>`)}
    </select></p>`}
    <p class="quiet number chart-facts">${facts}</p>`;
}

/** Who has a best may play against its ghost. */
function RaceChoice({ chart }) {
  const best = plays.value && chart && bestOf(chart.id);
  const run = plays.value && chart && bestRun(chart.id);
  const elsewhere = run?.isElsewhere ? html`<p class="quiet number">Your best, on another device: ${(run.accuracy_ppm / 10_000).toFixed(1)} %</p>` : null;
  if (!best) return elsewhere;
  return html`${elsewhere}<label class="check"><input type="checkbox" checked=${isRacing.value} onChange=${(event) => setRacing(event.target.checked)} />
    <span>Race your best, <span class="number">${(best.accuracy_ppm / 10_000).toFixed(1)} %</span></span></label>`;
}

function KeysChoice({ song }) {
  const choose = (count) => {
    state.keys.value = count;
    localStorage.setItem("popd.keys", String(count));
  };
  const charts = playableCharts(song);
  const offered = charts.filter((chart, position) => charts.findIndex(({ keys }) => keys === chart.keys) === position).sort((a, b) => a.keys - b.keys);
  const isThere = offered.some((chart) => chart.keys === state.keys.value);
  const shown = isThere ? state.keys.value : offered[0]?.keys;
  useEffect(() => {
    if (!isThere && shown) state.keys.value = shown;
  }, [isThere, shown]);
  const chart = shown ? chartOf(song, shown) : null;
  if (!chart) return html`<p class="refusal">No chart of this song is for 4 to 10 lanes. Choose it in Songs, and fit it to as many as you have fingers for.</p>`;
  return html`<fieldset class="choice" disabled=${state.phase.value === "asking"}>
      <legend>How many lanes</legend>
      ${offered.map(({ id, keys }) => html`<label key=${id}>
        <input type="radio" name="keys" checked=${shown === keys} onChange=${() => choose(keys)} />
        <span>${keys} keys</span>
      </label>`)}
    </fieldset>
    <${ChartChoice} song=${song} chart=${chart} />
    <${RaceChoice} chart=${chart} />
    ${soundTrouble.value && html`<p class="refusal" role="status">${soundTrouble.value}</p>`}`;
}

function SongChoice() {
  const songs = state.songs.value ?? [];
  if (songs.length < 2) return null;
  if (songs.length > MOST_LISTED) return html`<p><button onClick=${() => state.goTo("songs")}>Choose another song</button></p>`;
  const choose = (event) => {
    state.song.value = songs.find(({ name }) => name === event.target.value) ?? songs[0];
    localStorage.setItem("popd.song", state.song.value.name);
  };
  return html`<label class="song-choice"><span class="unseen">Song</span><select disabled=${state.phase.value === "asking"} onChange=${choose}>
    ${songs.map(({ name, title }) => html`<option key=${name} value=${name} selected=${name === state.song.value?.name}>${title}</option>`)}
  </select></label>`;
}

function Around() {
  const members = new Set(own.value?.members.filter(({ here }) => here).map(({ person }) => person.id)); // who plays can't witness
  const neighbours = state.status.value?.neighbours?.filter(({ id }) => !members.has(id));
  if (!neighbours) return html`<p class="around quiet">Looking who is around; usually 3 s.</p>`;
  if (!neighbours.length && own.value) return null; // the room says what to do
  if (!neighbours.length) {
    return html`<p class="around">Nobody is nearby yet. Start practice neighbours with popctl up --practice, or reach somebody with --dial.</p>`;
  }
  const practice = neighbours.every((one) => one.practice);
  return html`<div class="around">
    <span class="faces">${neighbours.slice(0, 8).map((one) => html`<span key=${one.id} title=${nameOf(one)}><${Face} id=${one.id} size="28" /></span>`)}</span>
    <span>${plural(neighbours.length, practice ? "practice neighbour" : "neighbour")} will witness you</span>
  </div>`;
}

function Waiting() {
  const { reason, next } = state.refusal.value ?? {};
  if (state.phase.value === "asking") {
    const { value: asked } = state.asked;
    return html`<div class="asking" role="status">
      <span class="pulse" aria-hidden="true"></span>
      <p>Asking ${asked ? plural(asked, "person", "people") : "people"} nearby to witness… usually 2 s</p>
      <button onClick=${stopAsking}>Not now</button>
    </div>`;
  }
  return html`<div class="start">
    ${state.phase.value === "refused" && html`<p class="refusal" role="alert"><b>${reason}</b> ${next}</p>`}
    <${PlayButton} />
  </div>`;
}

function PlayButton() {
  const button = useRef(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  const isReady = state.status.value?.ready && playableCharts(state.song.value).length && state.line.value === "open";
  return html`<button class="main play" ref=${button} onClick=${isReady ? () => begin() : undefined} aria-disabled=${!isReady}>
      ${isReady ? "Play" : "Getting ready…"}
    </button>
    <p class=${isReady ? "quiet hint" : "quiet"}>${isReady ? "or press Enter" : "usually 3 s"}</p>
    <p><button onClick=${() => beginPractice()} aria-disabled=${!state.song.value}>Practise</button></p>
    <${TogetherButton} />
    <p class="public">Live, who witnesses whom, and when you play, is public. Practice stays with you.</p>`;
}

function TouchHint() {
  const isTight = matchMedia("(pointer: coarse)").matches && innerWidth / state.keys.value < NARROWEST_TOUCH;
  return isTight ? html`<p class="refusal">${state.keys.value} lanes are narrow for fingers here: turn your phone, or choose fewer lanes.</p>` : null;
}

function Start() {
  const song = state.song.value;
  useEffect(() => {
    prepare(song, state.keys.value).catch(() => {}); // Play fetches again, and says what is wrong
  }, [song, chartOf(song, state.keys.value)]);
  if (!song) return html`<section class="lit-place"><h1 class="unseen">Play</h1><p class="waiting">${state.trouble.value ? "" : "Fetching the songs…"}</p></section>`;
  return html`<section class="lit-place">
    <header class="song">
      <p class="quiet">${song.artist} presents</p>
      <h1 class=${song.title.length > LONG_TITLE ? "long" : ""} dir="auto">${song.title}</h1>
      <p class="quiet number">${minutes(song.duration_ms)} · ${Math.round(song.bpm)} beats a minute</p>
    </header>
    ${own.value && state.phase.value !== "asking" ? html`<${RoomCard} />` : html`${own.value && html`<${Countdown} />`}<${Waiting} />`}
    ${!own.value && html`<${SongChoice} /><${KeysChoice} song=${song} />`}
    <${LaneKeys} keys=${state.keys.value} />
    <${TouchHint} />
    <${Around} />
    <ol class="how">
      <li>Press a lane's key, or touch it, when its shape reaches the line; keep long ones down.</li>
      <li>White shapes with a number are <b>riffs</b>, thrown in by your witnesses: answer them, it shows that you are here.</li>
      <li>Every ${Math.round(state.windowMs.value / 1_000)} seconds your play is sealed, judged by people nearby, and a coin can arrive.</li>
    </ol>
    <label class="volume">Sound
      <input type="range" min="0" max="1" step="0.05" value=${settings.value.sound.music} onInput=${(event) => change("sound", { music: Number(event.target.value) })} />
    </label>
    ${state.windows.value.length > 0 && state.phase.value === "idle" && html`<div class="last-time">
      <h2>Last time</h2>
      <div class="windows">${state.windows.value.map((one) => html`<${WindowCard} key=${`${one.session}${one.window}`} window=${one} windowMs=${state.windowMs.value} />`)}</div>
    </div>`}
  </section>`;
}

export function PlayPlace() {
  if (state.onStage.value) return html`<${Playing} />`;
  return state.phase.value === "ended" && state.outcome.value ? html`<${Results} />` : html`<${Start} />`;
}
