// Detail: the song that is chosen on the list: its charts, its plays, and what can be done with it.
import { html, signal, useState } from "../html.js";
import { removeLater } from "./later.js";
import { PlayRows } from "./plays-view.js";
import { bestRun, plays } from "./plays.js";
import { isOwner, keys } from "../daemon/state.js";
import { minutes, plural } from "../words.js";
import { chartOf, chooseChart } from "./choosing.js";
import { FileButton } from "./import-view.js";
import { Picture } from "./picture.js";
import { FEWEST_LANES, MOST_LANES, isPlayable, levelOf } from "./reading.js";
import { addMusic, fit, removeSong } from "./shelf.js";
import { taste, tasting } from "./tasting.js";

const ALL_LANES = Array.from({ length: MOST_LANES - FEWEST_LANES + 1 }, (_, step) => FEWEST_LANES + step);
const SHOWN_PLAYS = 5;

const isOpen = signal(false); // on narrow screens the rest is folded away

function chooseLanes(song, chart) {
  chooseChart(song, chart);
  keys.value = chart.keys;
  localStorage.setItem("popd.keys", String(chart.keys));
}

function Best({ chart }) {
  const best = plays.value && bestRun(chart.id);
  if (!best) return null;
  return html`<small class="quiet number">, best ${(best.accuracy_ppm / 10_000).toFixed(1)} %${best.isElsewhere ? " on another device" : ""}</small>`;
}

function Charts({ song }) {
  const chosen = chartOf(song, keys.value);
  return html`<fieldset class="charts"><legend>Charts</legend>
    ${song.charts.filter(isPlayable).map((chart) => html`<label key=${chart.id}>
      <input type="radio" name="chart" checked=${chart.id === chosen?.id} onChange=${() => chooseLanes(song, chart)} />
      <span><b class="number">${chart.keys} keys</b> <span dir="auto">${levelOf(chart)}</span> <small class="quiet number">${plural(chart.notes, "note")}${chart.holds > 0 ? `, ${plural(chart.holds, "hold")}` : ""}</small><${Best} chart=${chart} /></span>
    </label>`)}
    ${song.charts.filter((chart) => !isPlayable(chart)).map((chart) => html`<p key=${chart.id} class="off"><b class="number">${plural(chart.keys, "key")}</b> <span dir="auto">${levelOf(chart)}</span>
      <small class="quiet">${isOwner.value && song.source === "shelf" ? `to play it, fit it to ${FEWEST_LANES} to ${MOST_LANES} lanes below` : "can't be played with hands here"}</small></p>`)}
  </fieldset>`;
}

/** `act` does something and says when it was refused. */
function useAct() {
  const [told, setTold] = useState(null);
  const act = async (says, what) => {
    setTold({ says, isBusy: true });
    try {
      setTold({ says: await what() });
    } catch (error) {
      setTold({ says: `${error.why ?? "That did not work."} ${error.next ?? "Try again."}`, hasFailed: true });
    }
  };
  return [told, act];
}

function Fitting({ song, act, isBusy }) {
  const source = song.charts.find((chart) => !isPlayable(chart)) ?? chartOf(song, keys.value);
  const free = ALL_LANES.filter((count) => !song.charts.some((chart) => chart.keys === count));
  const [wanted, setWanted] = useState(0);
  const [from, setFrom] = useState("");
  const chart = song.charts.find(({ id }) => id === from) ?? source;
  const to = free.includes(wanted) ? wanted : (free.find((count) => count === 7) ?? free[0]);
  if (!free.length || !chart) return null;
  const begin = () => act("Fitting it…", async () => {
    const made = await fit(song.name, chart, to);
    chooseLanes(song, made);
    return `It can be played with ${plural(made.keys, "key")} now.`;
  });
  return html`<div class="row fitting">
    <label>Fit <select aria-label="Chart to fit" onChange=${(event) => setFrom(event.target.value)}>${song.charts.map((one) => html`<option key=${one.id} value=${one.id} selected=${one === chart}>${plural(one.keys, "key")}${one.level ? `, ${one.level}` : ""}</option>`)}</select></label>
    <label>to <select aria-label="Lanes to fit it to" onChange=${(event) => setWanted(Number(event.target.value))}>${free.map((count) => html`<option key=${count} value=${count} selected=${count === to}>${plural(count, "lane")}</option>`)}</select></label>
    <button onClick=${isBusy ? undefined : begin} aria-disabled=${isBusy}>Fit it</button>
  </div>`;
}

function OwnersTools({ song }) {
  const [told, act] = useAct();
  if (!isOwner.value || song.source !== "shelf") return null;
  const remove = () => removeLater(`song ${song.name}`, `${song.title} goes from the shelf; your plays of it stay.`, () => removeSong(song.name));
  const give = ([file]) => act("Adding the music…", async () => {
    await addMusic(song.name, file);
    return "It has its music now.";
  });
  return html`<div class="tools">
    <${Fitting} song=${song} act=${act} isBusy=${told?.isBusy} />
    ${told && html`<p class=${told.hasFailed ? "refusal" : "quiet"} role=${told.hasFailed ? "alert" : "status"}>${told.says}</p>`}
    <p class="row">
      <${FileButton} label=${song.has_music ? "Change its music" : "Add its music"} accept=".mp3,.ogg,.oga,.opus,.wav,.flac" onFiles=${give} />
      <button onClick=${remove}>Remove it</button>
    </p>
  </div>`;
}

function OwnPlays({ song }) {
  const ids = new Set(song.charts.map(({ id }) => id));
  const own = (plays.value ?? []).filter(({ chart }) => ids.has(chart));
  if (!own.length) return null;
  const shown = [...own].sort((a, b) => b.is_best - a.is_best || b.made_ms - a.made_ms).slice(0, SHOWN_PLAYS);
  return html`<h3>Your plays of it</h3><${PlayRows} shown=${shown} isShort />`;
}

export function SongDetail({ song, onPlay }) {
  const taste_ = tasting.value?.name === song.name ? tasting.value.state : "";
  const chart = chartOf(song, keys.value);
  const label = { fetching: "Fetching…", sounding: "Stop" }[taste_] ?? "Listen";
  return html`<aside class=${isOpen.value ? "song-detail card open" : "song-detail card"} aria-label="The chosen song">
    <div class="poster"><${Picture} id=${(chart ?? song.charts[0])?.id} /></div>
    <h2 dir="auto">${song.title}</h2>
    <p class="quiet by" dir="auto">${song.artist}</p>
    <p class="quiet number about">${minutes(song.duration_ms)} · ${Math.round(song.bpm)} beats a minute · ${song.source === "own" ? "ours" : song.has_music ? "with its music" : "without music"}</p>
    <p class="row do">
      <button class="main" aria-disabled=${!chart} onClick=${chart ? () => onPlay(song) : undefined}>Play</button>
      <button onClick=${() => taste(song)}>${label}</button>
      <button class="fold" aria-expanded=${isOpen.value} onClick=${() => (isOpen.value = !isOpen.value)}>${isOpen.value ? "Less" : "More"}</button>
    </p>
    <div class="rest">
      <${Charts} song=${song} />
      <${OwnersTools} key=${song.name} song=${song} />
      <${OwnPlays} song=${song} />
    </div>
  </aside>`;
}
