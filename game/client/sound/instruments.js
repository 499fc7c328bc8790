// Instruments: how each voice of a score sounds, and the clicks that keep time.
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
export const PRESETS = {
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
export function noiseBuffer(context, seconds, decay) {
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

/** A click under 10 ms: a hit, a beat. */
export function clickBuffer(context, frequency, milliseconds) {
  const length = Math.ceil((milliseconds / 1_000) * context.sampleRate);
  const buffer = new AudioBuffer({ length, numberOfChannels: 1, sampleRate: context.sampleRate });
  const data = buffer.getChannelData(0);
  for (let i = 0; i < length; i++) {
    data[i] = Math.sin((2 * Math.PI * frequency * i) / context.sampleRate) * (1 - i / length) ** 2;
  }
  return buffer;
}
