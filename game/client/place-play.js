// Play: the song waits in its light; one press, and people are asked to witness.
import { html, useEffect, useRef } from "./html.js";
import { FateStrip, WindowCard } from "./fate.js";
import { labelOf, layoutOf } from "./keys.js";
import { laneLooks, polygon } from "./lanes.js";
import { Face, nameOf } from "./people.js";
import { Results } from "./results.js";
import { begin, prepare, raise, setVolume, stop } from "./show.js";
import * as state from "./state.js";
import { minutes, plural } from "./words.js";

function LaneKeys({ keys }) {
  return html`<ul class="lane-keys" aria-label="Your keys, from the left">
    ${laneLooks(keys).map((look, lane) => html`<li key=${lane}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        ${look.shape === "circle"
          ? html`<circle cx="12" cy="12" r="9" fill=${look.colour} />`
          : html`<polygon points=${polygon(look.shape, 12, 12, 10)} fill=${look.colour} />`}
      </svg>
      <kbd>${labelOf(layoutOf(keys)[lane])}</kbd>
    </li>`)}
  </ul>`;
}

function KeysChoice({ song }) {
  const choose = (count) => {
    state.keys.value = count;
    localStorage.setItem("popd.keys", String(count));
  };
  return html`<fieldset class="choice" disabled=${state.phase.value === "asking"}>
    <legend>How many lanes</legend>
    ${song.charts.map((chart) => html`<label key=${chart.id}>
      <input type="radio" name="keys" checked=${state.keys.value === chart.keys} onChange=${() => choose(chart.keys)} />
      <span>${chart.keys} keys</span>
    </label>`)}
  </fieldset>`;
}

function Around() {
  const neighbours = state.status.value?.neighbours;
  if (!neighbours) return html`<p class="around quiet">Looking who is around; usually 3 s.</p>`;
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
      <button onClick=${stop}>Not now</button>
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
  const isReady = state.status.value?.ready && state.song.value && state.line.value === "open";
  return html`<button class="main play" ref=${button} onClick=${isReady ? begin : undefined} aria-disabled=${!isReady}>
      ${isReady ? "Play" : "Getting ready…"}
    </button>
    <p class=${isReady ? "quiet hint" : "quiet"}>${isReady ? "or press Enter" : "usually 3 s"}</p>
    <p class="public">Who witnesses whom, and when you play, is public.</p>`;
}

function Start() {
  const song = state.song.value;
  useEffect(() => {
    prepare(song, state.keys.value).catch(() => {}); // Play fetches again, and says what is wrong
  }, [song, state.keys.value]);
  if (!song) return html`<section class="lit-place"><p class="waiting">${state.trouble.value ? "" : "Fetching the songs…"}</p></section>`;
  return html`<section class="lit-place">
    <header class="song">
      <p class="quiet">${song.artist} presents</p>
      <h1>${song.title}</h1>
      <p class="quiet number">${minutes(song.duration_ms)} · ${Math.round(song.bpm)} beats a minute</p>
    </header>
    <${Waiting} />
    <${KeysChoice} song=${song} />
    <${LaneKeys} keys=${state.keys.value} />
    <${Around} />
    <ol class="how">
      <li>Press a lane's key, or touch it, when its shape reaches the line; keep long ones down.</li>
      <li>White shapes with a number are <b>riffs</b>, thrown in by your witnesses: answer them, it shows that you are here.</li>
      <li>Every ${Math.round(state.windowMs.value / 1_000)} seconds your play is sealed, judged by people nearby, and a coin can arrive.</li>
    </ol>
    <label class="volume">Sound
      <input type="range" min="0" max="1" step="0.05" value=${state.volume.value} onInput=${(event) => setVolume(Number(event.target.value))} />
    </label>
    ${state.windows.value.length > 0 && state.phase.value === "idle" && html`<div class="last-time">
      <h2>Last time</h2>
      <div class="windows">${state.windows.value.map((one) => html`<${WindowCard} key=${one.window} window=${one} windowMs=${state.windowMs.value} />`)}</div>
    </div>`}
  </section>`;
}

function Playing() {
  const canvas = useRef(null);
  useEffect(() => raise(canvas.current), []);
  const { accuracy } = state.tally.value ?? {};
  return html`<section class="playing">
    <header class="hud">
      <button onClick=${stop}>Stop <kbd>Esc</kbd></button>
      <p class="now">${state.song.value?.title}</p>
      <p class="number">${accuracy == null ? "" : `${(accuracy * 100).toFixed(1)} %`}</p>
    </header>
    <${FateStrip} windows=${state.windows.value} progress=${state.progress.value} />
    <canvas ref=${canvas} tabindex="0" role="img" aria-label="The lanes"></canvas>
  </section>`;
}

export function PlayPlace() {
  switch (state.phase.value) {
    case "counting":
    case "playing":
      return html`<${Playing} />`;
    case "ended":
      return html`<${Results} />`;
    default:
      return html`<${Start} />`;
  }
}
