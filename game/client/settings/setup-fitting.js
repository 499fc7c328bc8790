// Fitting: notes come down one lane after another, and what you press for each becomes its key.
import { listenAll } from "../hands/devices.js";
import { Engine } from "../stage/engine.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { MISS } from "../stage/judge.js";
import { DEVICE_NAMES, labelOf } from "../hands/layouts.js";
import { Runner } from "../stage/runner.js";
import { isReserved, settings } from "./settings.js";
import { apply } from "./setup-keys.js";
import { goTo, keys as chosenKeys } from "../daemon/state.js";
import { Stage } from "../stage/stage.js";

const STEP_US = 1_300_000;
const TRIAL_NOTES = 10;
const TRIAL_STEP_US = 600_000;
const LEAD_US = 1_500_000;
const MIN_SHOWN_US = 350_000; // a press before the note is well in sight was meant for the one before

const chartOf = (keys, notes) => ({
  id: "", title: "", keys, notes, timing: [[0, 600_000]], duration_us: notes.at(-1)[0] + 500_000,
});

/** Each lane's note waits at the line until a key is pressed for it. */
class Fitting {
  constructor(canvas, keys, say, onDone) {
    Object.assign(this, { keys, say, onDone, lane: 0, device: "", layout: [] });
    const notes = Array.from({ length: keys }, (_, lane) => [LEAD_US + lane * STEP_US, lane, 0]);
    this.runner = new Runner({ chart: chartOf(keys, notes), mode: "practice", toUs: Infinity, calibration: settings.value.calibration });
    const { scroll } = settings.value;
    const labels = new Array(keys).fill("");
    this.stage = new Stage(canvas, this.runner.chart, this.runner.judge, { scroll, rate: 1, labels, isCalm: true, hasErrors: false });
    this.stage.onFrame = () => this.tick(performance.now());
    this.runner.transport.run(performance.now(), 0);
    this.stage.start();
    this.stopped = new AbortController();
    listenAll((...raw) => this.hear(...raw), this.stopped.signal);
  }

  get dueUs() {
    return LEAD_US + this.lane * STEP_US;
  }

  tick(pageMs) {
    const us = this.runner.nowUs(pageMs);
    if (us > this.dueUs && this.lane < this.keys) this.runner.transport.stand(this.dueUs);
    return Math.min(us, this.dueUs);
  }

  hear(device, id, isDown, pageMs, event) {
    if (event?.target.closest("button, a") && ["Enter", "Tab"].includes(id)) return;
    if (isReserved(id) || id === "Tab" || this.lane >= this.keys) return;
    event?.preventDefault();
    const us = this.runner.nowUs(pageMs);
    if (!isDown || us < this.dueUs - STEP_US + MIN_SHOWN_US) return;
    if (this.device && device !== this.device) this.say(`Stay on the ${DEVICE_NAMES[this.device].toLowerCase()} for all lanes.`);
    else if (this.layout.includes(id)) this.say(`${labelOf(id)} plays lane ${this.layout.indexOf(id) + 1} already: press another.`);
    else this.take(device, id, pageMs);
  }

  take(device, id, pageMs) {
    this.device = device;
    this.layout.push(id);
    this.runner.judge.press(this.lane, this.dueUs);
    this.runner.judge.release(this.lane, this.dueUs);
    this.stage.options.labels[this.lane] = labelOf(id);
    this.stage.fit();
    this.runner.transport.run(pageMs, this.dueUs);
    this.lane++;
    if (this.lane === this.keys) setTimeout(() => this.onDone(this.device, this.layout), 400);
    else this.say(`${labelOf(id)}. Now the next one.`);
  }

  stop() {
    this.stopped.abort();
    this.stage.stop();
  }
}

/** Ten notes with the new keys. */
function trialOn(canvas, keys, device, layout, onDone) {
  const lanes = Array.from({ length: TRIAL_NOTES }, (_, note) => (note < keys ? (note * 3) % keys : Math.floor(Math.random() * keys)));
  const seen = lanes.map((lane, note) => [LEAD_US + note * TRIAL_STEP_US, lane, 0]);
  const chart = chartOf(keys, seen);
  const runner = new Runner({ chart, mode: "practice", toUs: chart.duration_us, calibration: { ...settings.value.calibration } });
  const engine = new Engine(canvas, runner, null, { layouts: { [device]: layout } });
  runner.onEnd = () => onDone(runner.judge.judged.filter(({ grade }) => grade < MISS).length);
  engine.run(performance.now(), 0);
  return engine;
}

export function FittingPart() {
  const keys = chosenKeys.value;
  const canvas = useRef(null);
  const [said, say] = useState("");
  const [draft, setDraft] = useState(null); // { device, layout }
  const [hits, setHits] = useState(-1);
  const [round, setRound] = useState(0);
  useEffect(() => {
    setHits(-1);
    if (draft) {
      const engine = trialOn(canvas.current, keys, draft.device, draft.layout, setHits);
      return () => engine.stop();
    }
    say("");
    const fitting = new Fitting(canvas.current, keys, say, (device, layout) => setDraft({ device, layout }));
    return () => fitting.stop();
  }, [draft, round]);
  const keep = () => {
    apply(draft.device, keys, draft.layout);
    goTo("settings", "keys");
  };
  const isOver = hits >= 0;
  const task = draft ? (isOver ? `You hit ${hits} of ${TRIAL_NOTES}. Keep these keys?` : "Try them: ten notes.") : said || "As each shape comes down, press the key you would like for it.";
  return html`<section class="card part">
    <h2>Find your ${keys} keys</h2>
    <p class="task" role="status">${task}</p>
    <canvas class="small-stage" ref=${canvas} tabindex="0" role="img" aria-label=${`${keys} lanes`}></canvas>
    <div class="row">
      ${isOver && html`<button class="main" onClick=${keep}>Keep them</button><button onClick=${() => setDraft({ ...draft })}>Try once more</button>`}
      <button onClick=${() => { setDraft(null); setRound(round + 1); }}>From the beginning</button>
      <button onClick=${() => goTo("settings", "keys")}>Leave it</button>
    </div>
  </section>`;
}
