// Play-times: a record counts chart microseconds, the daemon real ones; from each to the other.
import { RIFF_TIMES_US } from "../stage/judge.js";

const MILLION = 1_000_000;
const RIFF_NOTES = 4;

const ratePpmOf = (rate) => Math.round(rate * MILLION);

/** What the daemon keeps of a record that ended at `endedMs` (since 1970). */
export function playFrom(record, endedMs) {
  const real = (us) => Math.round(us / record.rate);
  const playedUs = real(record.played_us);
  const riffs = record.riffs
    .filter(([, notes]) => notes.length === RIFF_NOTES)
    .map(([, notes]) => [...notes].sort((a, b) => a[0] - b[0]))
    .map((notes) => [Math.max(0, real(notes[0][0]) - RIFF_TIMES_US[0]), notes.map(([, lane]) => lane)])
    .sort((a, b) => a[0] - b[0]);
  return {
    chart: record.chart,
    mode: record.mode,
    made_ms: Math.max(0, Math.round(endedMs - playedUs / 1_000)),
    played_us: playedUs,
    events: record.events.map(([us, lane, down]) => [real(us), lane, down]),
    riffs,
    rate_ppm: ratePpmOf(record.rate),
    from_us: Math.max(0, Math.round(record.from_us)),
    calibration: { ...record.calibration },
  };
}

/** A record, of what the daemon kept. */
export function recordFrom(play) {
  const rate = play.rate_ppm / MILLION;
  const chart = (us) => Math.round(us * rate);
  return {
    chart: play.chart,
    rate,
    from_us: play.from_us,
    mode: play.mode,
    calibration: { ...play.calibration },
    events: play.events.map(([us, lane, down]) => [chart(us), lane, down]),
    riffs: play.riffs.map(([at, lanes]) => [chart(at), lanes.map((lane, note) => [chart(at + RIFF_TIMES_US[note]), lane])]),
    played_us: chart(play.played_us),
  };
}
