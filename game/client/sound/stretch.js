// Stretch: a recording at another speed and the same pitch.
//
// Waveform-similarity overlap-add: overlapping pieces of the recording, each taken where it continues the one
// before most smoothly, near the place that the speed asks for. See Verhelst and Roelands, ICASSP 1993.
const FRAME = 2_048; // samples; half of it is new in each step
const HOP = FRAME / 2;
const SEEK = 512; // how far from the wanted place a piece may be taken
const COARSE = 8;
const FINE = 2;
const CHUNK_HOPS = 20; // about half a second is computed at a time
const LEAD_SECONDS = 0.02;

const risen = Float32Array.from({ length: FRAME }, (_, sample) => Math.sin((Math.PI * (sample + 0.5)) / FRAME) ** 2);

function mixed(buffer) {
  const first = buffer.getChannelData(0);
  if (buffer.numberOfChannels < 2) return first;
  const second = buffer.getChannelData(1);
  return first.map((value, sample) => value + second[sample]);
}

/** Cuts pieces of a recording so that they go on from one another. */
export class Stretcher {
  #channels;
  #mono;
  #last = null; // where the piece before was taken
  #tails;

  /** `buffer` is an AudioBuffer, `rate` how many seconds of it pass in a second. */
  constructor(buffer, rate) {
    this.rate = rate;
    this.#channels = Array.from({ length: Math.min(2, buffer.numberOfChannels) }, (_, channel) => buffer.getChannelData(channel));
    this.#mono = mixed(buffer);
    this.#tails = this.#channels.map(() => new Float32Array(HOP));
  }

  /** The next `hops` x HOP samples of each channel, for the recording from sample `from` on. */
  chunk(from, hops) {
    const out = this.#channels.map(() => new Float32Array(hops * HOP));
    for (let hop = 0; hop < hops; hop++) this.#add(out, hop * HOP, this.#placeNear(Math.round(from + hop * HOP * this.rate)));
    return out;
  }

  #add(out, at, place) {
    this.#channels.forEach((channel, number) => {
      const tail = this.#tails[number];
      for (let sample = 0; sample < HOP; sample++) {
        out[number][at + sample] = tail[sample] + risen[sample] * (channel[place + sample] ?? 0);
        tail[sample] = risen[HOP + sample] * (channel[place + HOP + sample] ?? 0);
      }
    });
    this.#last = place;
  }

  #placeNear(wanted) {
    if (this.#last === null) return Math.max(0, wanted);
    const coarse = this.#best(wanted, SEEK, COARSE);
    return this.#best(coarse, COARSE, FINE);
  }

  /** Within `reach` of a place, the one that resembles most what would come next. */
  #best(around, reach, step) {
    const next = this.#last + HOP;
    let best = Math.max(0, around);
    let most = -Infinity;
    for (let place = Math.max(0, around - reach); place <= around + reach; place += step) {
      const likeness = this.#likeness(next, place, step * 2);
      if (likeness > most) [most, best] = [likeness, place];
    }
    return best;
  }

  #likeness(a, b, step) {
    const mono = this.#mono;
    let product = 0;
    let energy = 1e-9;
    for (let sample = 0; sample < HOP && b + sample < mono.length && a + sample < mono.length; sample += step) {
      product += mono[a + sample] * mono[b + sample];
      energy += mono[b + sample] * mono[b + sample];
    }
    return product / Math.sqrt(energy);
  }
}

/**
 * Sounds `recording` ({ buffer, offset_us: the chart moment at which it begins }) into `out`. `secondsOf(us)` is
 * when a chart moment is due on the sound card's clock. Returns a source: source(until) schedules, and says if
 * there is more.
 */
export function grains(context, out, { buffer, offset_us: offsetUs = 0 }, secondsOf, fromUs, rate) {
  const startUs = Math.max(fromUs, offsetUs);
  const isAsItIs = Math.abs(rate - 1) < 1e-6;
  return (isAsItIs ? whole : stretched)({ context, out, buffer, secondsOf, startUs, offsetUs, rate });
}

/** At its own speed a recording is played in one piece. */
function whole({ context, out, buffer, secondsOf, startUs, offsetUs }) {
  const fromSeconds = (startUs - offsetUs) / 1_000_000;
  let isWaiting = fromSeconds < buffer.duration;
  return (until) => {
    const due = secondsOf(startUs);
    if (!isWaiting || due > until) return isWaiting;
    isWaiting = false;
    const at = Math.max(due, context.currentTime);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(out);
    source.start(at, fromSeconds + at - due);
    return false;
  };
}

/** Otherwise in chunks, end to end; each begins in the recording where the clock says, so that nothing drifts. */
function stretched({ context, out, buffer, secondsOf, startUs, offsetUs, rate }) {
  const stretcher = new Stretcher(buffer, rate);
  const seconds = (CHUNK_HOPS * HOP) / buffer.sampleRate;
  let us = startUs;
  let at = null;
  return (until) => {
    for (;;) {
      const due = secondsOf(us);
      if (due > until) return true;
      at = Math.max(at ?? due, context.currentTime + LEAD_SECONDS);
      us += (at - due) * rate * 1_000_000;
      const from = ((us - offsetUs) / 1_000_000) * buffer.sampleRate;
      if (from >= buffer.length) return false;
      sound(context, out, stretcher.chunk(from, CHUNK_HOPS), buffer.sampleRate, at);
      at += seconds;
      us += seconds * rate * 1_000_000;
    }
  };
}

function sound(context, out, channels, sampleRate, at) {
  const chunk = new AudioBuffer({ length: channels[0].length, numberOfChannels: channels.length, sampleRate });
  channels.forEach((samples, channel) => chunk.copyToChannel(samples, channel));
  const source = new AudioBufferSourceNode(context, { buffer: chunk });
  source.connect(out);
  source.start(at);
}
