// Engine: a runner on a canvas: the stage that shows it, the hands that play it, the sound that leads it.
import { midi } from "../hands/devices.js";
import { Inputs, lastDevice } from "../hands/inputs.js";
import { DEVICES, labelOf } from "../hands/layouts.js";
import { beatsAfter } from "./beats.js";
import { isCalm, layoutOf, settings } from "../settings/settings.js";
import { Stage } from "./stage.js";
import { Synth } from "../sound/synth.js";

let synth = null;

/** Within a user's gesture: from then on the page may sound. Null where there is no sound card. */
export function wakeSound() {
  try {
    synth ??= new Synth(settings.value.sound.music);
    synth.resume();
    synth.hitVolume = settings.value.sound.hits;
  } catch {
    synth = null; // the lanes are enough to play by
  }
  return synth;
}

settings.subscribe(({ sound }) => {
  if (!synth) return;
  synth.volume = sound.music;
  synth.hitVolume = sound.hits;
});

/** Who plays a real instrument hears it: hit sounds are then off unless wanted. */
export function hasHitSounds() {
  const { ticks } = settings.value.sound;
  return ticks === "on" || (ticks === "auto" && midi.value.inputs.length === 0);
}

/** What is printed under the lanes: the names of what was played on last; fingers need none. */
function labelsFor(keys) {
  const isTouched = lastDevice === "touch" || (lastDevice === "keyboard" && matchMedia("(hover: none)").matches);
  return isTouched ? new Array(keys).fill("") : layoutOf(lastDevice, keys).map(labelOf);
}

/** A score that sounds a recording (bytes of a sound file), which begins at chart moment `offsetUs`. */
export async function withRecording(score, bytes, offsetUs = 0) {
  const buffer = await wakeSound()?.decode(bytes);
  return buffer ? { ...score, recording: { buffer, offset_us: offsetUs } } : score;
}

export class Engine {
  /** `score` may be null: silence. `layouts` ({ device: bindings }) stand in for those of the settings. */
  constructor(canvas, runner, score, { layouts } = {}) {
    const { chart, rate } = runner;
    const { scroll, picture, calibration } = settings.value;
    this.runner = runner;
    this.score = score;
    this.stage = new Stage(canvas, chart, runner.judge, {
      scroll, rate, labels: layouts ? Object.values(layouts)[0].map(labelOf) : labelsFor(chart.keys), isCalm: isCalm(), hasErrors: picture.errors,
    });
    runner.onRiff = (notes) => (this.stage.riff = notes);
    runner.onGhost = (lane, us) => (this.stage.ghostAt[lane] = us);
    const visualUs = (runner.mode === "watch" ? calibration : runner.calibration).visual_us * rate;
    this.stage.onFrame = () => runner.tick(performance.now()) + visualUs;
    if (runner.mode !== "watch") {
      const usual = () => Object.fromEntries(DEVICES.map((device) => [device, layoutOf(device, chart.keys)]));
      this.inputs = new Inputs(layouts ?? usual(), canvas, (x, margin) => this.stage.laneAt(x, margin), (...key) => this.key(...key));
    }
    this.unsubscribe = settings.subscribe((now) => (this.stage.spanUs = now.scroll.ms * 1_000 * rate));
    this.stage.start();
  }

  key(lane, isDown, pageMs) {
    this.runner.key(lane, isDown, pageMs);
    if (isDown && this.runner.transport.isRunning && hasHitSounds()) synth?.hit();
  }

  /** Chart moment `us` is heard and shown at `pageMs`; the count-in ends at `countUntilUs`. */
  run(pageMs, us, { countUntilUs = us, countStepUs = 1_000_000, hasMetronome = false } = {}) {
    this.runner.transport.run(pageMs, us);
    this.stage.marks.countUntilUs = countUntilUs;
    this.stage.marks.countStepUs = countStepUs;
    const beats = hasMetronome || this.score?.hasTicks ? (from) => beatsAfter(this.runner.chart.timing, from) : null;
    const counts = this.runner.mode === "watch" ? [] : [3, 2, 1].map((count) => countUntilUs - count * countStepUs);
    const { audio_us: aheadUs } = settings.value.calibration;
    if (this.score) synth?.play(this.score, this.runner.transport, { aheadUs, beats, isQuiet: !hasMetronome, counts });
  }

  /** Time stands still at chart moment `us`. */
  stand(us) {
    synth?.stop();
    this.inputs?.releaseAll();
    this.runner.transport.stand(us);
  }

  /** The runner began anew: show its new judge. */
  reload() {
    this.stage.load(this.runner.judge);
  }

  stop() {
    this.unsubscribe();
    synth?.stop();
    this.inputs?.stop();
    this.stage.stop();
  }
}
