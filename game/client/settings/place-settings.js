// Settings: keys, notes, sound and picture, calibration, inputs, devices; each on a page of its own.
import { connectMidi, midi, pads } from "../hands/devices.js";
import { hasHitSounds, wakeSound } from "../stage/engine.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { SCROLL_MS, change, exportText, importText, resetAll, settings } from "./settings.js";
import { CalibratePart } from "./setup-calibrate.js";
import { FittingPart } from "./setup-fitting.js";
import { Choice, KeysPart } from "./setup-keys.js";
import { OwnPart } from "./setup-own.js";
import { PhonePart } from "./setup-phone.js";
import { RolloverPart } from "./setup-rollover.js";
import { previewOn } from "../stage/preview.js";
import { goTo, isOwner, keys as chosenKeys, part } from "../daemon/state.js";

function Slider({ label, unit, min, max, step, value, onInput }) {
  return html`<label class="slider"><span>${label} <b class="number">${unit}</b></span>
    <input type="range" min=${min} max=${max} step=${step} value=${value} onInput=${(event) => onInput(Number(event.target.value))} /></label>`;
}

/** A few bars that play themselves, as the settings have it. */
function Preview() {
  const canvas = useRef(null);
  const { scroll } = settings.value;
  useEffect(() => {
    const preview = previewOn(canvas.current, chosenKeys.value, scroll);
    return () => preview.stop();
  }, [JSON.stringify(scroll), chosenKeys.value]);
  return html`<canvas class="small-stage" ref=${canvas} role="img" aria-label="How notes come with these settings"></canvas>`;
}

function NotesPart() {
  const { mode, ms, direction, view } = settings.value.scroll;
  const set = (fields) => change("scroll", fields);
  return html`<section class="card part">
    <h2>Notes</h2>
    <${Slider} label="A note is in sight for" unit=${`${ms} ms`} min=${SCROLL_MS[0]} max=${SCROLL_MS[1]} step="50" value=${ms} onInput=${(to) => set({ ms: to })} />
    <p class="quiet">Shorter is faster. Riffs are announced in a banner the moment they come, however fast this is. While playing,
      <kbd>F3</kbd> and <kbd>F4</kbd> change it.</p>
    <${Choice} legend="They come" name="direction" options=${[["down", "downwards"], ["up", "upwards"]]} value=${direction} onChange=${(to) => set({ direction: to })} />
    <${Choice} legend="Speed" name="mode" options=${[["constant", "constant"], ["beat", "by the beat"]]} value=${mode} onChange=${(to) => set({ mode: to })} />
    <${Choice} legend="Lanes" name="view" options=${[["deep", "in depth"], ["flat", "flat"]]} value=${view} onChange=${(to) => set({ view: to })} />
    <${Preview} />
  </section>`;
}

function SoundPart() {
  const { sound, picture } = settings.value;
  const percent = (share) => `${Math.round(share * 100)} %`;
  const tryHit = (ticks) => {
    change("sound", { ticks });
    const synth = wakeSound();
    if (hasHitSounds()) synth?.hit();
  };
  return html`<section class="card part">
    <h2>Sound and picture</h2>
    <${Slider} label="Music" unit=${percent(sound.music)} min="0" max="1" step="0.05" value=${sound.music} onInput=${(music) => change("sound", { music })} />
    <${Slider} label="Hit sounds" unit=${percent(sound.hits)} min="0" max="1" step="0.05" value=${sound.hits} onInput=${(hits) => change("sound", { hits })} />
    <${Choice} legend="Hit sounds" name="ticks" options=${[["auto", "unless MIDI plays"], ["on", "always"], ["off", "never"]]} value=${sound.ticks} onChange=${tryHit} />
    <${Choice} legend="Movement" name="motion" options=${[["system", "as the system"], ["reduced", "reduced"], ["full", "all"]]} value=${picture.motion} onChange=${(motion) => change("picture", { motion })} />
    <label class="check"><input type="checkbox" checked=${picture.errors} onChange=${(event) => change("picture", { errors: event.target.checked })} /><span>Show how early and late the last thirty hits were</span></label>
  </section>`;
}

const MIDI_SAYS = {
  off: "Not connected.",
  asking: "The browser asks whether this page may.",
  refused: "The browser did not allow it. Allow MIDI for this page in the address bar, then connect again.",
  missing: "This browser has no Web MIDI, or this page was not opened on this computer itself. Chromium and Firefox have it.",
};

function InputsPart() {
  const { state, inputs } = midi.value;
  const connect = async () => {
    await connectMidi();
    change("devices", { midi: midi.value.state === "on" });
  };
  const says = state === "on" ? (inputs.length ? inputs.join(", ") : "Ready; plug an instrument in.") : MIDI_SAYS[state];
  return html`<section class="card part">
    <h2>Inputs</h2>
    <h3>Gamepads</h3>
    <p>${pads.value.length ? pads.value.join(", ") : "None. Plug one in and press one of its buttons."}</p>
    <h3>MIDI</h3>
    <p role="status">${says}</p>
    ${state !== "on" && html`<p><button onClick=${connect}>Connect MIDI</button></p>`}
    <h3>Touch</h3>
    <p>Touch the lanes: each finger its own. Lanes fill the width of a phone; turned sideways they grow.</p>
    <p class="row"><button onClick=${() => goTo("settings", "keys")}>Say what plays which lane</button></p>
  </section>`;
}

function AllPart() {
  const text = useRef(null);
  const [said, setSaid] = useState(null);
  const [isSure, setSure] = useState(false);
  const take = (value) => {
    try {
      importText(value);
      setSaid({ isGood: true, text: "Taken over." });
    } catch (error) {
      setSaid({ isGood: false, text: error.message });
    }
  };
  const copy = async () => {
    text.current.select();
    await navigator.clipboard?.writeText(text.current.value).catch(() => {});
    setSaid({ isGood: true, text: "Copied." });
  };
  const reset = () => {
    if (isSure) resetAll();
    setSaid(isSure ? { isGood: true, text: "All is as on the first day." } : null);
    setSure(!isSure);
  };
  const current = exportText();
  return html`<section class="card part">
    <h2>All settings</h2>
    <p class="quiet">They follow you to your devices, but for calibration and what is plugged in. To carry them elsewhere, copy the text and paste it there.</p>
    <label>Settings as text<textarea ref=${text} rows="8" spellcheck="false" key=${current} defaultValue=${current}></textarea></label>
    <div class="row"><button onClick=${copy}>Copy</button><button onClick=${() => take(text.current.value)}>Take over what stands there</button></div>
    ${said && html`<p class=${said.isGood ? "good-news" : "refusal"} role="status">${said.text}</p>`}
    <p><button onClick=${reset}>${isSure ? "Yes, forget my settings" : "Reset to the beginning"}</button></p>
  </section>`;
}

const PARTS = [
  ["keys", "Keys", KeysPart],
  ["notes", "Notes", NotesPart],
  ["sound", "Sound and picture", SoundPart],
  ["calibrate", "Calibration", CalibratePart],
  ["devices", "Inputs", InputsPart],
  ["own", "Devices", OwnPart],
  ["phone", "Phones", PhonePart],
  ["all", "All settings", AllPart],
];
const OWNERS = ["phone", "own"]; // parts that nobody else sees
const partsNow = () => PARTS.filter(([name]) => isOwner.value || !OWNERS.includes(name));
const TESTS = { rollover: RolloverPart, fitting: FittingPart };

export function SettingsPlace() {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [part.value]);
  const current = part.value || "keys";
  const View = TESTS[current] ?? partsNow().find(([name]) => name === current)?.[2] ?? KeysPart;
  const shown = current in TESTS ? "keys" : current;
  return html`<section class="settings">
    <h1 tabindex="-1" ref=${heading}>Settings</h1>
    <nav aria-label="Settings" class="parts">
      ${partsNow().map(([name, label]) => html`<a key=${name} href="#settings" aria-current=${name === shown ? "page" : undefined}
        onClick=${(event) => { event.preventDefault(); goTo("settings", name); }}>${label}</a>`)}
    </nav>
    <${View} />
  </section>`;
}
