// Keys: which key, button or drum plays which lane.
import { listenAll, midi, pads } from "../hands/devices.js";
import { html, useEffect, useState } from "../html.js";
import { laneLooks, pathOf } from "../stage/lanes.js";
import { DEVICE_NAMES, DEVICES, LANE_COUNTS, labelOf, presetsOf, usualLayout } from "../hands/layouts.js";
import { isReserved, layoutOf, setLayout } from "./settings.js";
import { goTo, keys as chosenKeys } from "../daemon/state.js";

const MAX_UNDO = 50;
const history = []; // [device, keys, layout] before each change

export function apply(device, keys, layout) {
  history.push([device, keys, layoutOf(device, keys)]);
  if (history.length > MAX_UNDO) history.shift();
  setLayout(device, keys, layout);
}

function undo() {
  const last = history.pop();
  if (last) setLayout(...last);
  return last;
}

/** A group of radio buttons that looks like one strip. */
export function Choice({ legend, name, options, value, onChange }) {
  return html`<fieldset class="choice wide"><legend class="seen">${legend}</legend>
    ${options.map(([one, label]) => html`<label key=${one}>
      <input type="radio" name=${name} checked=${one === value} onChange=${() => onChange(one)} /><span>${label}</span>
    </label>`)}
  </fieldset>`;
}

export const Shape = ({ look }) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${pathOf(look.shape, 12, 12, 10)} fill=${look.colour} /></svg>`;

/** While a lane waits for its key, the next press of the device is it; Escape gives up. */
function useCapture(isOn, device, onPress, onCancel) {
  useEffect(() => {
    if (!isOn) return undefined;
    const stop = new AbortController();
    const hear = (heard, id, isDown, _ms, event) => {
      event?.preventDefault();
      if (!isDown) return;
      if (isReserved(id)) onCancel();
      else if (heard === device) onPress(id);
    };
    const timer = setTimeout(() => listenAll(hear, stop.signal)); // not the press that opened this
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [isOn, device]);
}

/** Which lanes are held down, on whatever device, so that a mapping can be felt. */
function useHeld(device, layout, isOff) {
  const [held, setHeld] = useState([]);
  useEffect(() => {
    if (isOff) return undefined;
    const stop = new AbortController();
    const down = new Set();
    const hear = (heard, id, isDown) => {
      const lane = heard === device ? layout.indexOf(id) : -1;
      if (lane < 0 || isDown === null) return;
      if (isDown) down.add(lane);
      else down.delete(lane);
      setHeld([...down]);
    };
    listenAll(hear, stop.signal);
    return () => {
      stop.abort();
      setHeld([]);
    };
  }, [device, layout.join(), isOff]);
  return held;
}

function LaneButtons({ device, keys, layout, waiting, onWait }) {
  const held = useHeld(device, layout, waiting >= 0);
  return html`<ul class="lane-buttons">
    ${laneLooks(keys).map((look, lane) => html`<li key=${lane}>
      <button class=${waiting === lane ? "waits" : held.includes(lane) ? "down" : ""} aria-pressed=${waiting === lane} onClick=${() => onWait(waiting === lane ? -1 : lane)}
        aria-label=${`Lane ${lane + 1}, ${look.name} ${look.shape}: ${labelOf(layout[lane])}`}>
        <${Shape} look=${look} />
        <kbd>${waiting === lane ? "…" : labelOf(layout[lane])}</kbd>
      </button>
    </li>`)}
  </ul>`;
}

const connected = { keyboard: () => "", pad: () => pads.value.join(", "), midi: () => midi.value.inputs.join(", ") };

function Presets({ device, keys, layout }) {
  const presets = device === "keyboard" ? presetsOf(keys) : [["usual", usualLayout(device, keys)]];
  const known = presets.findIndex(([, codes]) => codes.join() === layout.join());
  return html`<label>Layout <select onChange=${(event) => apply(device, keys, presets[event.target.value][1])}>
    ${known < 0 && html`<option selected disabled value="">your own</option>`}
    ${presets.map(([name, codes], number) => html`<option key=${name} value=${number} selected=${number === known}>${name}: ${codes.map(labelOf).join(" ")}</option>`)}
  </select></label>`;
}

export function KeysPart() {
  const nearest = LANE_COUNTS.includes(chosenKeys.value) ? chosenKeys.value : LANE_COUNTS[0];
  const [keys, setKeys] = useState(nearest);
  const [device, setDevice] = useState("keyboard");
  const [waiting, setWaiting] = useState(-1);
  const [clash, setClash] = useState(null); // { id, lane, other }
  const [said, setSaid] = useState("");
  const layout = layoutOf(device, keys);
  const begin = (lane) => {
    setClash(null);
    setSaid("");
    setWaiting(lane);
  };
  const take = (id) => {
    const other = layout.indexOf(id);
    setWaiting(-1);
    if (other === waiting || other < 0) {
      apply(device, keys, layout.map((one, lane) => (lane === waiting ? id : one)));
      setSaid(`Lane ${waiting + 1} is now ${labelOf(id)}.`);
    } else setClash({ id, lane: waiting, other });
  };
  const swap = () => {
    const swapped = [...layout];
    [swapped[clash.lane], swapped[clash.other]] = [clash.id, layout[clash.lane]];
    apply(device, keys, swapped);
    setSaid(`Lanes ${clash.lane + 1} and ${clash.other + 1} have swapped.`);
    setClash(null);
  };
  useCapture(waiting >= 0, device, take, () => setWaiting(-1));
  const isMissing = device !== "keyboard" && !connected[device]();
  return html`<section class="card part">
    <h2>Keys</h2>
    <${Choice} legend="Lanes" name="lanes" options=${LANE_COUNTS.map((count) => [count, String(count)])} value=${keys} onChange=${setKeys} />
    <${Choice} legend="Played on" name="device" options=${DEVICES.map((one) => [one, DEVICE_NAMES[one]])} value=${device} onChange=${setDevice} />
    ${isMissing && html`<p class="quiet">None is connected. ${device === "pad" ? "Plug it in and press one of its buttons." : "See Inputs."}</p>`}
    <${LaneButtons} device=${device} keys=${keys} layout=${layout} waiting=${waiting} onWait=${begin} />
    <p class="said" role="status">${waiting >= 0 ? `Press what is to play lane ${waiting + 1}; Esc leaves it.` : said}</p>
    ${clash && html`<div class="refusal" role="alert"><p><b>${labelOf(clash.id)} plays lane ${clash.other + 1} already.</b></p>
      <p class="row"><button onClick=${swap}>Swap the two</button><button onClick=${() => begin(clash.lane)}>Choose another</button><button onClick=${() => setClash(null)}>Leave it</button></p></div>`}
    <div class="row">
      <${Presets} device=${device} keys=${keys} layout=${layout} />
      <button aria-disabled=${!history.length} onClick=${() => setSaid(undo() ? "Undone." : "There is nothing to undo.")}>Undo</button>
    </div>
    <div class="row">
      <button onClick=${() => { chosenKeys.value = keys; goTo("settings", "fitting"); }}>Find keys by playing</button>
      <button onClick=${() => { chosenKeys.value = keys; goTo("settings", "rollover"); }}>Test the keyboard</button>
    </div>
  </section>`;
}
