// Lanes: somebody's lanes as they are played, drawn from the frames of a line.
import { html, useEffect, useRef, useSignal } from "../html.js";
import { loadChart } from "../daemon/state.js";
import { isCalm, settings } from "../settings/settings.js";
import { Stage } from "../stage/stage.js";
import { Stream } from "./stream.js";
import { plural } from "../words.js";

const JOIN_US = 100_000; // what was pressed before one looked is not held against anybody
const TELL_MS = 250;

const pageMs = () => window.performance.now();

/** Puts the lanes on a canvas; returns what takes them down. `onTell` hears how far behind they are, and the accuracy. */
function raise(canvas, chart, performance, source, { isSmall, onTell: tell }) {
  const chartUs = source.daemonUs() - performance.start_us;
  const stream = new Stream(chart, performance, chartUs < 0 ? -Infinity : chartUs + JOIN_US);
  const { scroll } = settings.value;
  const options = { scroll, rate: 1, labels: new Array(chart.keys).fill(""), isCalm: isCalm(), hasErrors: true, hasWords: !isSmall };
  const stage = new Stage(canvas, chart, stream.judge, options);
  if (!isSmall) stream.onRiff = (notes) => (stage.riff = notes);
  stage.onFrame = () => stream.tick(pageMs(), source.daemonUs());
  source.hooks.onFrame = (frame, us) => frame.session === performance.session && stream.take(frame, us);
  stage.start();
  const timer = setInterval(() => tell({ behindMs: stream.behindMs, accuracy: stream.judge.accuracy, presses: stream.presses }), TELL_MS);
  return () => {
    clearInterval(timer);
    source.hooks.onFrame = () => {};
    stage.stop();
  };
}

/** `source` is a line's { daemonUs(), nowMs, hooks }; small ones are without words; `isHere`: the chart can be asked for; `onTell` hears how it stands four times a second. */
export function Lanes({ performance, source, isHere = performance.keys > 0, isSmall = false, onTell = () => {} }) {
  const canvas = useRef(null);
  const chart = useSignal(null);
  const { session } = performance;
  useEffect(() => {
    if (isHere) loadChart(performance.chart).then((found) => (chart.value = found), () => {});
  }, [session, isHere]);
  useEffect(() => {
    if (!chart.value || !Number.isFinite(source.daemonUs())) return undefined;
    return raise(canvas.current, chart.value, performance, source, { isSmall, onTell });
  }, [session, chart.value, source.nowMs.value > 0]);
  return html`<div class="lanes">
    ${!chart.value && html`<p class="waiting">What is played is on its way here; usually 1 s.</p>`}
    <canvas ref=${canvas} role="img" aria-label=${`The ${plural(chart.value?.keys ?? 4, "lane")} of this play, as they are played`}></canvas>
  </div>`;
}
