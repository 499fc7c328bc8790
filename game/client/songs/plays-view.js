// Plays-view: plays that were kept, to watch, to race against, to carry elsewhere; and how the last one compares.
import { html, useState } from "../html.js";
import { isPending, removeLater } from "./later.js";
import { begin } from "../play/live.js";
import { exportPlay, isWhole, last, loadRecord, notice, plays, queued, removePlay, songOf } from "./plays.js";
import { beginPractice } from "../play/practice.js";
import { soundOf } from "../sound/recording-sound.js";
import { chooseChart } from "./choosing.js";
import * as state from "../daemon/state.js";
import { GRADES } from "../stage/judge.js";
import { watch } from "../play/watching.js";
import { minutes, percent, plural, when } from "../words.js";

const accuracyOf = (ppm) => `${(ppm / 10_000).toFixed(1)} %`;
const difference = (ppm) => `${ppm < 0 ? "−" : "+"}${Math.abs(ppm / 10_000).toFixed(1)} %`;

async function show(play) {
  const [record, chart] = await Promise.all([loadRecord(play.id), state.loadChart(play.chart)]);
  const sound = await soundOf(songOf(play.chart), chart);
  const back = state.place.value === "songs" ? state.part.value : null;
  watch(record, chart, sound, () => back !== null && state.goTo("songs", back));
}

/** The song and chart of a play become the chosen ones, and its ghost plays along. */
async function race(play, isLive) {
  const record = await loadRecord(play.id);
  const song = songOf(play.chart);
  chooseChart(song, song.charts.find(({ id }) => id === play.chart));
  state.song.value = song;
  state.keys.value = play.keys;
  state.goTo("play");
  await (isLive ? begin({ fromUs: record.from_us, ghost: record }) : beginPractice({ fromUs: record.from_us, ghost: record }));
}

function PlayRow({ play, isShort }) {
  const [refusal, setRefusal] = useState(null);
  const act = (what) => async () => {
    setRefusal(null);
    try {
      await what();
    } catch (error) {
      setRefusal(error.why ? `${error.why} ${error.next}` : error.message);
    }
  };
  const remove = () => removeLater(`play ${play.id}`, `A play of ${play.title} goes.`, () => removePlay(play.id));
  const isHere = songOf(play.chart) !== null;
  const at = when(play.made_ms);
  return html`<li class="play-row">
    <div class="said-of">
      <p><b class="number big-share">${accuracyOf(play.accuracy_ppm)}</b> ${play.is_best && html`<span class="label best">your best</span>`}
        ${!play.is_own && html`<span class="label">from elsewhere</span>`}</p>
      ${!isShort && html`<p class="title" dir="auto">${play.title}</p>`}
      <p class="quiet number">${at} · ${play.keys} keys · ${play.mode === "live" ? "live" : "practice"}${play.rate_ppm !== 1_000_000 ? ` · ${percent(play.rate_ppm)} speed` : ""}${play.from_us > 0 ? ` · from ${minutes(play.from_us / 1_000)}` : ""} · ${minutes(play.played_us / 1_000)} long</p>
      ${!isShort && html`<p class="quiet number grades">${GRADES.map((name, grade) => html`<span key=${name}>${name} ${play.grades[grade] ?? 0}</span>`)}</p>`}
    </div>
    <p class="row do">
      <button onClick=${act(() => show(play))} aria-label=${`Watch the play of ${at}`}>Watch</button>
      ${isHere && html`<button onClick=${act(() => race(play, false))} aria-label=${`Race the play of ${at} in practice`}>Race</button>
        <button onClick=${act(() => race(play, true))} aria-label=${`Race the play of ${at} live`}>Race live</button>`}
      ${!isShort && html`<button onClick=${act(() => exportPlay(play))} aria-label=${`Save the play of ${at} as a file`}>Save as file</button>
        ${state.isOwner.value && html`<button onClick=${remove} aria-label=${`Remove the play of ${at}`}>Remove</button>`}`}
    </p>
    ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
  </li>`;
}

export function PlayRows({ shown, isShort = false }) {
  const seen = shown.filter(({ id }) => !isPending(`play ${id}`));
  return html`<ul class="play-rows">${seen.map((play) => html`<${PlayRow} key=${play.id} play=${play} isShort=${isShort} />`)}</ul>`;
}

function Queued() {
  const { value: waiting } = queued;
  if (!waiting.length) return null;
  return html`<section class="card queued" aria-label="Plays that wait"><p><b>${plural(waiting.length, "play waits", "plays wait")} for the daemon.</b> Kept safe in this browser, sent as soon as it is back.</p>
    <ul>${waiting.map((play) => html`<li key=${play.made_ms} class="quiet number"><span class="label">queued</span> ${when(play.made_ms)} · ${songOf(play.chart)?.title ?? "a song"} · ${minutes(play.played_us / 1_000)} long</li>`)}</ul></section>`;
}

export function PlaysPart() {
  const shown = plays.value;
  return html`<${Queued} />
    ${notice.value && html`<p class="refusal" role="alert">${notice.value}</p>`}
    ${shown === null
      ? html`<p class="waiting">${state.trouble.value ? "Your plays are shown when the daemon answers." : "Fetching your plays…"}</p>`
      : shown.length === 0 && queued.value.length === 0
        ? html`<p class="empty">Nothing was played yet. Play or practise a song for more than ten seconds, and it is kept here; or drop a play that
            somebody gave you (a .popr file).</p>`
        : html`<${PlayRows} shown=${shown} />`}`;
}

/** How the play that just ended compares with the best; nothing when it can't be compared. */
export function Compared() {
  const { state: how, before, about } = last.value ?? {};
  if (!how || last.value.chart !== state.record.value?.chart) return null;
  if (how === "saving") return html`<p class="quiet" role="status">Keeping this play…</p>`;
  if (how === "queued") return html`<p class="quiet" role="status">This play waits in the browser; it is kept as soon as the daemon is back.</p>`;
  if (how === "refused" || !about) return html`<p class="quiet" role="status">This play could not be kept.</p>`;
  const than = before && before.id !== about.id ? before : null;
  if (about.is_best) return html`<p class="compared" role="status"><b>New best</b>${than && html` <span class="number">${difference(about.accuracy_ppm - than.accuracy_ppm)}</span>`}</p>`;
  if (!than || !isWhole(about)) return html`<p class="quiet" role="status">Kept among your plays.</p>`;
  return html`<p class="compared" role="status"><span class="number">${difference(about.accuracy_ppm - than.accuracy_ppm)}</span> to your best, <span class="number">${accuracyOf(than.accuracy_ppm)}</span></p>`;
}
