// Playing: the stage and what stands around it; the menus of a pause.
import { FateStrip } from "./fate.js";
import { html, useEffect, useRef } from "../html.js";
import { goOn, placeAgain, startOver as startLiveOver } from "./live.js";
import { TogetherStrip } from "../rooms/count-in.js";
import { beginTogether, isOn } from "../rooms/rooms.js";
import { Overview } from "../stage/overview.js";
import * as practice from "./practice.js";
import { change, layoutOf, settings } from "../settings/settings.js";
import { dismiss, end, materialNow, pause, raise } from "./show.js";
import * as state from "../daemon/state.js";
import * as watching from "./watching.js";
import { minutes, plural } from "../words.js";

/** A dialog that holds the focus; `onEscape` is what Escape does. */
export function Dialog({ label, onEscape, children }) {
  const box = useRef(null);
  const isGoing = useRef(false);
  useEffect(() => {
    const { current } = box;
    current.showModal();
    return () => {
      isGoing.current = true;
      current.close();
    };
  }, []);
  const onCancel = (event) => {
    event.preventDefault();
    onEscape();
  };
  const onHeld = (event) => event.code === "Escape" && event.repeat && event.preventDefault(); // still the press that paused
  const onClose = () => isGoing.current || onEscape(); // a browser may close it without asking, at a second Escape
  return html`<dialog ref=${box} aria-label=${label} onCancel=${onCancel} onClose=${onClose} onKeyDown=${onHeld}>${children}</dialog>`;
}

/** What Escape does in a pause. */
export function escapePause() {
  if (state.act.value === "live") end(state.ending.value);
  else if (state.act.value === "practice") practice.resume();
  else watching.back();
}

function Check({ label, checked, onChange }) {
  return html`<label class="check"><input type="checkbox" checked=${checked} onChange=${(event) => onChange(event.target.checked)} /><span>${label}</span></label>`;
}

function LivePause() {
  const isLost = state.line.value !== "open";
  return html`<${Dialog} label="Paused" onEscape=${escapePause}>
    <h2>Paused at ${minutes(state.progress.value.us / 1_000)}</h2>
    <p>Time can't stand still in front of witnesses: this live session ended here. What was sealed stays yours.</p>
    <div class="menu">
      ${isOn.value && html`<button class="main" aria-disabled=${isLost} onClick=${isLost ? undefined : () => beginTogether({ isAgain: true })}>Come back in <small>with the others, at the next bar</small></button>`}
      <button class=${isOn.value ? "" : "main"} aria-disabled=${isLost} onClick=${isLost ? undefined : goOn}>Go on ${isOn.value ? "alone" : "live"} <small>asks witnesses again, from ${minutes(placeAgain() / 1_000)}</small></button>
      <button onClick=${() => practice.beginPractice({ fromUs: placeAgain() })}>Practise from here <small>nobody witnesses, no coin</small></button>
      <button aria-disabled=${isLost} onClick=${isLost ? undefined : startLiveOver}>Start over</button>
      <button onClick=${() => end(state.ending.value)}>Leave <small>to the results; or press Esc</small></button>
    </div>
  </${Dialog}>`;
}

export function SpeedChoice() {
  const { value } = practice.rate;
  return html`<label class="speed">Speed <b class="number">${Math.round(value * 100)} %</b>
    <input type="range" min="0.5" max="1.5" step="0.05" value=${value} onInput=${(event) => practice.setRate(Number(event.target.value))} />
  </label>`;
}

function PracticePause() {
  const { loop } = practice;
  const wishes = settings.value.practice;
  const { us } = state.progress.value;
  return html`<${Dialog} label="Practice, paused" onEscape=${escapePause}>
    <h2>Paused at ${minutes(us / 1_000)}</h2>
    <p class="quiet">Practice: nobody witnesses, no coin.</p>
    <div class="menu"><button class="main" onClick=${practice.resume}>Go on <small>three counts; or press Esc</small></button></div>
    <${SpeedChoice} />
    <div class="row">
      <${Check} label="Metronome" checked=${wishes.metronome} onChange=${(metronome) => change("practice", { metronome })} />
      <${Check} label="Riffs now and then" checked=${wishes.riffs} onChange=${(riffs) => change("practice", { riffs })} />
    </div>
    <p class="quiet">${loop.value
      ? `Repeats ${minutes(loop.value[0] / 1_000)} to ${minutes(loop.value[1] / 1_000)}.`
      : "To repeat a part, drag over it in the strip, or set its ends:"}</p>
    <${PartStrip} />
    <div class="row">
      <button onClick=${() => practice.loopFrom(us)}>A here</button>
      <button onClick=${() => practice.loopTo(us)}>B here</button>
      <button aria-disabled=${!loop.value} onClick=${() => (loop.value = null)}>No repeat</button>
    </div>
    <p class="quiet hint">While you play: <kbd>[</kbd> and <kbd>]</kbd> set the ends, <kbd>\\</kbd> ends the repeat, <kbd>-</kbd> and <kbd>=</kbd> change the
      speed, <kbd>F3</kbd> and <kbd>F4</kbd> how fast notes come, <kbd>⌫</kbd> starts over.</p>
    <div class="menu">
      <button onClick=${practice.startOver}>Start over</button>
      <button onClick=${() => practice.finish("You stopped here.")}>Leave <small>to the results</small></button>
    </div>
  </${Dialog}>`;
}

function PartStrip({ isAtOnce = false }) {
  const material = materialNow();
  if (!material) return null;
  const jump = (us) => practice.jumpTo(us);
  return html`<${Overview} notes=${material.chart.notes} durationUs=${practice.songEndUs()} us=${state.progress.value.us} loop=${practice.loop.value}
    onLoop=${isAtOnce ? loopNow : practice.setLoop} onJump=${jump} />`;
}

function loopNow(a, b) {
  practice.setLoop(a, b);
  practice.applyNow();
}

function WatchBar() {
  const { fromUs, toUs } = watching.watched.value ?? { fromUs: 0, toUs: 1 };
  const isPaused = state.phase.value === "paused";
  const { us } = state.progress.value;
  return html`<div class="watch-bar">
    <button onClick=${isPaused ? watching.resume : watching.pause}>${isPaused ? "Show" : "Pause"}</button>
    <input type="range" class="seek" aria-label="Place in the play" aria-valuetext=${minutes(us / 1_000)} min=${fromUs} max=${toUs} step="250000"
      value=${Math.max(fromUs, us)} onInput=${(event) => watching.seek(Number(event.target.value))} />
    <span class="number">${minutes(Math.max(0, us) / 1_000)}</span>
    <label>Speed <select value=${watching.speed.value} onChange=${(event) => watching.setSpeed(Number(event.target.value))}>
      ${watching.SPEEDS.map((one) => html`<option key=${one} value=${one} selected=${one === watching.speed.value}>${Math.round(one * 100)} %</option>`)}
    </select></label>
  </div>`;
}

const lead = (share) => `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)} % to the ghost`;

function Head() {
  const act = state.act.value;
  const isWatching = act === "watch";
  const { accuracy, lead: ahead } = state.tally.value ?? {};
  const title = isWatching ? watching.watched.value?.title : state.song.value?.title;
  return html`<header class="hud">
    ${isWatching ? html`<button onClick=${watching.back}>Back</button>` : html`<button onClick=${pause}>Pause <kbd>Esc</kbd></button>`}
    <div class="now"><h1>${title}</h1>
      ${act === "practice" && html`<span class="label">practice${practice.rate.value === 1 ? "" : ` at ${Math.round(practice.rate.value * 100)} %`}: nobody witnesses, no coin</span>`}
      ${isWatching && html`<span class="label">a recorded play</span>`}
    </div>
    <p class="number">${accuracy == null ? "" : `${(accuracy * 100).toFixed(1)} %`}
      ${ahead != null && html`<small class=${ahead < 0 ? "behind" : "ahead"}>${lead(ahead)}</small>`}
    </p>
  </header>`;
}

const SPEED_STEP_MS = 50;
const SKIP_US = 5_000_000;

const hurry = (by) => change("scroll", { ms: settings.value.scroll.ms + by * SPEED_STEP_MS });

/** What keys do beside the lanes, while time runs; a lane's key is a lane's key. */
function shortcutsNow() {
  const always = { F3: () => hurry(1), F4: () => hurry(-1) };
  if (state.act.value === "watch") {
    return { ...always, Space: watching.toggle, ArrowLeft: () => watching.skip(-SKIP_US), ArrowRight: () => watching.skip(SKIP_US) };
  }
  return state.act.value === "practice" ? { ...always, ...practiceKeys() } : always;
}

function practiceKeys() {
  const { us } = state.progress.value;
  const acts = {
    BracketLeft: () => practice.loopFrom(us),
    BracketRight: () => practice.loopTo(us),
    Backslash: () => (practice.loop.value = null),
    Minus: () => practice.setRate(practice.rate.value - 0.05),
    Equal: () => practice.setRate(practice.rate.value + 0.05),
  };
  const applied = Object.entries(acts).map(([code, act]) => [code, () => { act(); practice.applyNow(); }]);
  return { ...Object.fromEntries(applied), Backspace: practice.startOver };
}

function onShortcut(event) {
  const isWatching = state.act.value === "watch";
  const isOn = isWatching || ["counting", "playing"].includes(state.phase.value);
  if (!isOn || event.target.closest("button, input, select, dialog, .handle")) return;
  if (!isWatching && layoutOf("keyboard", state.keys.value).includes(event.code)) return;
  const act = shortcutsNow()[event.code];
  if (!act) return;
  event.preventDefault();
  if (!event.repeat) act();
}

/** Nobody practises a page that isn't seen. */
function onHidden() {
  if (document.hidden && state.act.value !== "live" && ["counting", "playing"].includes(state.phase.value)) {
    if (state.act.value === "watch") watching.pause();
    else practice.pause();
  }
}

export function Playing() {
  const canvas = useRef(null);
  useEffect(() => {
    raise(canvas.current);
    addEventListener("keydown", onShortcut);
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      document.removeEventListener("visibilitychange", onHidden);
      removeEventListener("keydown", onShortcut);
      dismiss();
    };
  }, []);
  const act = state.act.value;
  const isPaused = state.phase.value === "paused";
  return html`<section class="playing ${act}">
    <${Head} />
    ${act === "live" && html`<${FateStrip} windows=${state.windows.value} progress=${state.progress.value} />`}
    <${TogetherStrip} />
    ${act === "practice" && html`<div class="part-strip"><${PartStrip} isAtOnce /></div>`}
    <canvas ref=${canvas} tabindex="0" role="img" aria-label=${`${plural(materialNow()?.chart.keys ?? 4, "lane")}`}></canvas>
    ${act === "watch" && html`<${WatchBar} />`}
    ${isPaused && act === "live" && html`<${LivePause} />`}
    ${isPaused && act === "practice" && html`<${PracticePause} />`}
  </section>`;
}
