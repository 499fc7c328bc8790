// Synth: a score becomes sound in the browser; no recording is ever loaded.
import { SoundClock } from "./clock.js";

const AHEAD_SECONDS = 2.5; // a throttled tab runs its timers once a second
const TICK_MS = 200;
const REVERB_SECONDS = 1.8;

const frequencyOf = (pitch) => 440 * 2 ** ((pitch - 69) / 12);

/** A gain that rises, falls to a level and dies away. */
function envelope(context, out, at, { attack, peak, decay, level, hold, release }) {
  const { gain, node } = gainInto(context, out, 0);
  gain.setValueAtTime(0, at);
  gain.linearRampToValueAtTime(peak, at + attack);
  gain.setTargetAtTime(peak * level, at + attack, decay / 3);
  gain.setTargetAtTime(0, at + Math.max(hold, attack), release / 4);
  return { node, end: at + Math.max(hold, attack) + release * 1.5 };
}

function gainInto(context, out, value) {
  const node = new GainNode(context, { gain: value });
  node.connect(out);
  return { gain: node.gain, node };
}

function oscillate(context, out, type, frequency, at, end, detune = 0) {
  const oscillator = new OscillatorNode(context, { type, frequency, detune });
  oscillator.connect(out);
  oscillator.start(at);
  oscillator.stop(end);
  return oscillator;
}

function filterInto(context, out, type, frequency, Q = 0.7) {
  const filter = new BiquadFilterNode(context, { type, frequency, Q });
  filter.connect(out);
  return filter;
}

function noise(studio, out, at, end) {
  const source = new AudioBufferSourceNode(studio.context, { buffer: studio.noise, loop: true });
  source.connect(out);
  source.start(at, (at * 7.3) % 1);
  source.stop(end);
}

/** Each preset: (studio, out, at seconds, duration seconds, pitch, velocity). */
const PRESETS = {
  kick({ context }, out, at, _duration, _pitch, velocity) {
    const shape = { attack: 0.002, peak: velocity * 0.5, decay: 0.2, level: 0.2, hold: 0.12, release: 0.18 };
    const { node, end } = envelope(context, out.dry, at, shape);
    const body = oscillate(context, node, "sine", 150, at, end);
    body.frequency.exponentialRampToValueAtTime(46, at + 0.09);
  },
  snare(studio, out, at, _duration, _pitch, velocity) {
    const { context } = studio;
    const shape = { attack: 0.001, peak: velocity * 0.42, decay: 0.12, level: 0.1, hold: 0.06, release: 0.16 };
    const { node, end } = envelope(context, out.dry, at, shape);
    node.connect(out.wet);
    noise(studio, filterInto(context, node, "bandpass", 2_100, 0.6), at, end);
    oscillate(context, node, "triangle", 190, at, at + 0.1);
  },
  hat(studio, out, at, _duration, _pitch, velocity) {
    const { context } = studio;
    const shape = { attack: 0.001, peak: velocity * 0.35, decay: 0.03, level: 0.05, hold: 0.02, release: 0.05 };
    const { node, end } = envelope(context, out.dry, at, shape);
    noise(studio, filterInto(context, node, "highpass", 7_500), at, end);
  },
  bass({ context }, out, at, duration, pitch, velocity) {
    const shape = { attack: 0.008, peak: velocity * 0.15, decay: 0.2, level: 0.7, hold: duration * 0.9, release: 0.12 };
    const { node, end } = envelope(context, out.dry, at, shape);
    const filter = filterInto(context, node, "lowpass", 1_400, 1.2);
    filter.frequency.setTargetAtTime(420, at, 0.12);
    oscillate(context, filter, "sawtooth", frequencyOf(pitch), at, end);
    oscillate(context, node, "sine", frequencyOf(pitch), at, end);
  },
  pad({ context }, out, at, duration, pitch, velocity) {
    const shape = { attack: 0.35, peak: velocity * 0.06, decay: 0.5, level: 0.9, hold: duration, release: 0.9 };
    const { node, end } = envelope(context, out.wet, at, shape);
    node.connect(out.dry);
    const filter = filterInto(context, node, "lowpass", 700, 0.4);
    filter.frequency.linearRampToValueAtTime(1_500, at + duration);
    oscillate(context, filter, "sawtooth", frequencyOf(pitch), at, end, -7);
    oscillate(context, filter, "sawtooth", frequencyOf(pitch), at, end, 7);
  },
  pluck({ context }, out, at, duration, pitch, velocity) {
    const shape = { attack: 0.003, peak: velocity * 0.3, decay: 0.3, level: 0.25, hold: duration, release: 0.3 };
    const { node, end } = envelope(context, out.dry, at, shape);
    node.connect(out.wet);
    const filter = filterInto(context, node, "lowpass", 4_200, 2);
    filter.frequency.setTargetAtTime(1_100, at, 0.12);
    oscillate(context, filter, "sawtooth", frequencyOf(pitch), at, end);
    oscillate(context, filter, "triangle", frequencyOf(pitch + 12), at, end, 4);
  },
  lead({ context }, out, at, duration, pitch, velocity) {
    const shape = { attack: 0.012, peak: velocity * 0.19, decay: 0.25, level: 0.65, hold: duration * 0.92, release: 0.22 };
    const { node, end } = envelope(context, out.dry, at, shape);
    node.connect(out.wet);
    const filter = filterInto(context, node, "lowpass", 3_400, 0.8);
    oscillate(context, filter, "square", frequencyOf(pitch), at, end, -4);
    const voice = oscillate(context, filter, "sawtooth", frequencyOf(pitch), at, end, 5);
    if (duration < 0.45) return;
    const depth = gainInto(context, voice.detune, 0);
    depth.gain.linearRampToValueAtTime(14, at + duration * 0.7);
    oscillate(context, depth.node, "sine", 5.4, at, end);
  },
  bell({ context }, out, at, duration, pitch, velocity) {
    const shape = { attack: 0.002, peak: velocity * 0.3, decay: 0.5, level: 0.3, hold: duration, release: 0.7 };
    const { node, end } = envelope(context, out.dry, at, shape);
    node.connect(out.wet);
    const carrier = oscillate(context, node, "sine", frequencyOf(pitch), at, end);
    const depth = gainInto(context, carrier.frequency, frequencyOf(pitch) * 1.6);
    depth.gain.setTargetAtTime(0, at, 0.16);
    oscillate(context, depth.node, "sine", frequencyOf(pitch) * 2, at, end);
  },
};

/** Noise for drums, and the decaying noise that stands for a room. */
function noiseBuffer(context, seconds, decay) {
  const length = Math.ceil(seconds * context.sampleRate);
  const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate: context.sampleRate });
  for (let channel = 0; channel < 2; channel++) {
    const data = buffer.getChannelData(channel);
    for (let i = 0; i < length; i++) {
      data[i] = (Math.random() * 2 - 1) * (decay ? (1 - i / length) ** decay : 1);
    }
  }
  return buffer;
}

export class Synth {
  #context;
  #clock;
  #master;
  #studio;
  #stopCurrent = () => {};

  /** To be made within a user gesture, otherwise browsers keep it silent. */
  constructor(volume) {
    this.#context = new AudioContext({ latencyHint: "interactive" });
    this.#clock = new SoundClock(this.#context);
    const limiter = new DynamicsCompressorNode(this.#context, { threshold: -8, knee: 8, ratio: 8, release: 0.2 });
    limiter.connect(this.#context.destination);
    this.#master = new GainNode(this.#context, { gain: volume });
    this.#master.connect(limiter);
    this.#studio = { context: this.#context, noise: noiseBuffer(this.#context, 1.5, 0) };
    this.room = noiseBuffer(this.#context, REVERB_SECONDS, 2.6);
  }

  set volume(value) {
    this.#master.gain.setTargetAtTime(value, this.#context.currentTime, 0.02);
  }

  resume() {
    return this.#context.resume();
  }

  /** Plays `score` so that its time 0 is heard at `startPageMs` on the page's clock. */
  play(score, startPageMs) {
    this.stop();
    const context = this.#context;
    const dry = new GainNode(context);
    const wet = new GainNode(context, { gain: 0.32 });
    const room = new ConvolverNode(context, { buffer: this.room });
    wet.connect(room).connect(dry).connect(this.#master);
    const notes = score.voices
      .flatMap((voice) => voice.notes.map((note) => [PRESETS[voice.synth] ?? PRESETS.pluck, ...note]))
      .sort((a, b) => a[1] - b[1]);
    let next = 0;
    const schedule = () => {
      this.#clock.read();
      const origin = this.#clock.toSoundSeconds(startPageMs);
      const until = context.currentTime + AHEAD_SECONDS;
      for (; next < notes.length && origin + notes[next][1] / 1_000 < until; next++) {
        const [preset, startMs, durationMs, pitch, velocity] = notes[next];
        const at = origin + startMs / 1_000;
        if (at < context.currentTime) continue;
        preset(this.#studio, { dry, wet }, at, durationMs / 1_000, pitch, velocity);
      }
      if (next >= notes.length) clearInterval(timer);
    };
    const timer = setInterval(schedule, TICK_MS);
    schedule();
    this.#stopCurrent = () => {
      clearInterval(timer);
      dry.gain.setTargetAtTime(0, context.currentTime, 0.05);
      setTimeout(() => dry.disconnect(), 500);
      this.#stopCurrent = () => {};
    };
  }

  stop() {
    this.#stopCurrent();
  }
}
