// Synth: a score, or a recording, becomes sound on the transport's time; with a metronome and hit sounds.
import { SoundClock } from "../daemon/clock.js";
import { PRESETS, clickBuffer, noiseBuffer } from "./instruments.js";
import { grains } from "./stretch.js";

const AHEAD_SECONDS = 2.5; // a throttled tab runs its timers once a second
const TICK_MS = 200;
const REVERB_SECONDS = 1.8;
const HIT_MS = 8;
const FADE_SECONDS = 0.05;
const QUIET = 0.4; // of the metronome, for ticks that only keep time
const SHORTEST_REST = 0.15; // seconds of a note that began earlier, worth joining in

export class Synth {
  #context;
  #clock;
  #master;
  #hits;
  #studio;
  #clicks;
  #stopCurrent = () => {};

  /** To be made within a user gesture, otherwise browsers keep it silent. */
  constructor(volume) {
    this.#context = new AudioContext({ latencyHint: "interactive" });
    this.#clock = new SoundClock(this.#context);
    const limiter = new DynamicsCompressorNode(this.#context, { threshold: -8, knee: 8, ratio: 8, release: 0.2 });
    limiter.connect(this.#context.destination);
    this.#master = new GainNode(this.#context, { gain: volume });
    this.#master.connect(limiter);
    this.#hits = new GainNode(this.#context, { gain: 0.5 });
    this.#hits.connect(this.#context.destination);
    this.#studio = { context: this.#context, noise: noiseBuffer(this.#context, 1.5, 0) };
    this.room = noiseBuffer(this.#context, REVERB_SECONDS, 2.6);
    const click = (frequency) => clickBuffer(this.#context, frequency, HIT_MS);
    this.#clicks = { hit: click(1_900), beat: click(1_100), bar: click(1_650) };
  }

  set volume(value) {
    this.#master.gain.setTargetAtTime(value, this.#context.currentTime, 0.02);
  }

  set hitVolume(value) {
    this.#hits.gain.setTargetAtTime(value, this.#context.currentTime, 0.02);
  }

  resume() {
    return this.#context.resume();
  }

  /** A press is heard at once. */
  hit() {
    this.#click(this.#clicks.hit, this.#context.currentTime, this.#hits);
  }

  /** A click that is heard at `pageMs`; `isStrong` is a higher one. */
  clickAt(pageMs, isStrong, aheadUs = 0) {
    this.#clock.read();
    const at = this.#clock.toSoundSeconds(pageMs) - aheadUs / 1_000_000;
    if (at > this.#context.currentTime) this.#click(isStrong ? this.#clicks.bar : this.#clicks.beat, at, this.#master);
  }

  #click(buffer, at, out) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(out);
    source.start(at);
  }

  /**
   * Sounds a score from the transport's moment on; its chart moments are heard when the transport says so, or
   * `aheadUs` earlier where the way to the ear is long. `beats(from)` lists [us, isBar] for a metronome, `isQuiet` or not; `counts`
   * are moments (us) of clicks that count in.
   */
  play(score, transport, { aheadUs = 0, beats = null, isQuiet = false, counts = [] } = {}) {
    this.stop();
    const context = this.#context;
    const dry = new GainNode(context);
    const wet = new GainNode(context, { gain: 0.32 });
    const room = new ConvolverNode(context, { buffer: this.room });
    wet.connect(room).connect(dry).connect(this.#master);
    this.#clock.read();
    const secondsOf = (us) => this.#clock.toSoundSeconds(transport.msAt(us)) - aheadUs / 1_000_000;
    const fromUs = transport.usAt(performance.now());
    const sources = [this.#notes(score, { dry, wet }, secondsOf, fromUs, transport.rate)];
    if (score.recording) sources.push(grains(context, dry, score.recording, secondsOf, fromUs, transport.rate));
    if (beats) {
      const out = new GainNode(context, { gain: isQuiet ? QUIET : 1 });
      out.connect(dry);
      sources.push(this.#metronome(beats, out, secondsOf, fromUs));
    }
    for (const us of counts) {
      const at = secondsOf(us);
      if (at > context.currentTime) this.#click(this.#clicks.bar, at, dry);
    }
    const schedule = () => {
      this.#clock.read();
      const until = context.currentTime + AHEAD_SECONDS;
      if (sources.filter((source) => source(until)).length === 0) clearInterval(timer);
    };
    const timer = setInterval(schedule, TICK_MS);
    schedule();
    this.#stopCurrent = () => {
      clearInterval(timer);
      dry.gain.setTargetAtTime(0, context.currentTime, FADE_SECONDS);
      setTimeout(() => dry.disconnect(), 500);
      this.#stopCurrent = () => {};
    };
  }

  stop() {
    this.#stopCurrent();
  }

  /** Each source schedules what begins before `until` (seconds), and says whether more is to come. */
  #notes(score, out, secondsOf, fromUs, rate) {
    const fromMs = fromUs / 1_000;
    const notes = (score.voices ?? [])
      .flatMap((voice) => voice.notes.map((note) => [PRESETS[voice.synth] ?? PRESETS.pluck, ...note]))
      .filter(([, startMs, durationMs]) => startMs + durationMs > fromMs)
      .sort((a, b) => a[1] - b[1]);
    let next = 0;
    return (until) => {
      for (; next < notes.length && secondsOf(notes[next][1] * 1_000) < until; next++) {
        const [preset, startMs, durationMs, pitch, velocity] = notes[next];
        const due = secondsOf(startMs * 1_000);
        const at = Math.max(due, this.#context.currentTime);
        const left = durationMs / 1_000 / rate - (at - due);
        if (at > due + 0.02 && left < SHORTEST_REST) continue;
        preset(this.#studio, out, at, left, pitch, velocity);
      }
      return next < notes.length;
    };
  }

  #metronome(beats, out, secondsOf, fromUs) {
    let doneUs = fromUs;
    return (until) => {
      const list = beats(doneUs);
      for (const [us, isBar] of list) {
        const at = secondsOf(us);
        if (at > until) return true;
        if (at > this.#context.currentTime) this.#click(isBar ? this.#clicks.bar : this.#clicks.beat, at, out);
        doneUs = us + 1;
      }
      return list.length > 0;
    };
  }
}
