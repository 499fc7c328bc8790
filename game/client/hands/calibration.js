// Calibration: three delays of a set-up, estimated from taps.
//
// What each corrects, and why three:
// - audio_us: how much later a sound reaches the ear than the page reckons (loudspeakers, Bluetooth). Sound is
//   scheduled earlier by it.
// - visual_us: how much later a picture reaches the eye than it is drawn (screen, television). The lanes are
//   drawn as they will be by then.
// - input_us: how much later a press is stamped than the player means it (switch, radio, driver, habit). It
//   alone shifts judged times: judged = raw - input_us. Raw times are what witnesses get.
// A tap to clicks shows audio + input, a tap to flashes visual + input: two sums of three unknowns. So the first
// two tests take off what such a device is known to need (TYPICAL_US), and the third lets one tap to both, with
// the first two already applied: what then remains is the input's, and becomes input_us.
import { median } from "../play/stats.js";
import { MAX_OFFSET_US } from "../settings/settings.js";

export const BEAT_MS = 600;
export const BEATS = 26;
export const WARM_UP = 4; // taps until one is in time
export const LEAST_TAPS = 16;
const OUTLIER_MADS = 3;
const LEAST_OUTLIER_US = 25_000; // closer than this to the middle is never an outlier
const STEADY_US = 32_000; // a wider spread than this says little about the set-up
const TO_SIGMA = 1.4826; // of a median absolute deviation, for a normal distribution

/** From finger to time stamp, by what is commonly measured for such devices. */
export const TYPICAL_US = { keyboard: 8_000, wireless: 20_000, pad: 12_000, midi: 5_000, touch: 35_000 };

/** How far each tap (page ms) is from the beat nearest to it (us); `firstMs` is the first beat. */
export function errorsOf(taps, firstMs, beatMs = BEAT_MS) {
  return taps.map((tap) => {
    const beat = Math.round((tap - firstMs) / beatMs);
    return (tap - firstMs - beat * beatMs) * 1_000;
  });
}

/** { middle_us, spread_us, kept, isSteady } of errors (us): robust against a few wild taps. */
export function estimate(errors) {
  if (!errors.length) return { middle_us: 0, spread_us: 0, kept: 0, isSteady: false };
  const rough = median(errors);
  const deviation = median(errors.map((error) => Math.abs(error - rough))) * TO_SIGMA;
  const reach = Math.max(LEAST_OUTLIER_US, OUTLIER_MADS * deviation);
  const kept = errors.filter((error) => Math.abs(error - rough) <= reach);
  const middle = median(kept);
  const spread = median(kept.map((error) => Math.abs(error - middle))) * TO_SIGMA;
  const isSteady = kept.length >= LEAST_TAPS && kept.length >= errors.length * 0.7 && spread <= STEADY_US;
  return { middle_us: Math.round(middle), spread_us: Math.round(spread), kept: kept.length, isSteady };
}

/** The offset that a test found: `kind` is audio, visual or input, `hand` the device that tapped. */
export function offsetOf(kind, middleUs, hand) {
  const offset = kind === "input" ? middleUs : middleUs - TYPICAL_US[hand];
  return Math.round(Math.min(MAX_OFFSET_US, Math.max(-MAX_OFFSET_US, offset)));
}
