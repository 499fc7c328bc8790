// Rows: a list of songs of which only those in sight are made.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { minutes } from "../words.js";
import { Picture } from "./picture.js";
import { isPlayable, starsWord } from "./reading.js";

const ROW_REM = 6; // as songs.css has it
const SPARE = 6; // rows above and below those in sight

const remPx = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** Stars and lanes of each chart, in few words: as many lanes only once, with the span of their stars. */
function chartWords(charts) {
  const lanes = [...new Set(charts.map(({ keys }) => keys))].sort((a, b) => a - b);
  return lanes.map((keys) => {
    const stars = charts.filter((chart) => chart.keys === keys && chart.stars !== null).map((chart) => chart.stars);
    const [low, high] = [Math.min(...stars), Math.max(...stars)];
    const span = !stars.length ? "" : low === high || low.toFixed(1) === high.toFixed(1) ? low.toFixed(1) : `${low.toFixed(1)}–${high.toFixed(1)}`;
    return { keys, span, word: stars.length === 1 ? starsWord(high) : "" };
  });
}

function Row({ song, position, count, isChosen, top, onChoose, onPlay }) {
  const lanes = chartWords(song.charts);
  return html`<div class="song-row" role="option" id=${`song-${position}`} aria-selected=${isChosen} aria-posinset=${position + 1} aria-setsize=${count}
    style=${{ top: `${top}px` }} onClick=${() => onChoose(song)} onDblClick=${() => onPlay(song)}>
    <${Picture} id=${song.charts[0]?.id} />
    <div class="what"><p class="title" dir="auto">${song.title}</p><p class="quiet by" dir="auto">${song.artist}</p></div>
    <p class="facts quiet number"><span>${minutes(song.duration_ms)}</span><span>${Math.round(song.bpm)} bpm</span>${song.source === "shelf" && !song.has_music ? html`<span>no music</span>` : null}</p>
    <p class="lanes number">${lanes.map(({ keys, span, word }) => html`<span key=${keys} class=${isPlayable({ keys }) ? "chip" : "chip off"}>
      <b>${keys}</b><span class="unseen"> lanes</span>${span && html` <span aria-hidden="true">★</span><span class="unseen">, </span> ${span}<span class="unseen"> stars</span> <span class="word">${word}</span>`}</span>`)}</p>
  </div>`;
}

/** `shown` are songs; `chosen` is one's name. */
export function SongRows({ shown, chosen, onChoose, onPlay }) {
  const box = useRef(null);
  const [row, setRow] = useState(() => ROW_REM * remPx());
  const [[first, last], setSpan] = useState([0, 20]);
  const look = () => {
    const height = ROW_REM * remPx();
    const top = -(box.current?.getBoundingClientRect().top ?? 0);
    const from = Math.max(0, Math.floor(top / height) - SPARE);
    const to = Math.ceil((top + innerHeight) / height) + SPARE;
    setRow(height);
    setSpan(([a, b]) => (a === from && b === to ? [a, b] : [from, to]));
  };
  useEffect(() => {
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    const watcher = new ResizeObserver(look);
    watcher.observe(document.body);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
      watcher.disconnect();
    };
  }, []);
  useLayoutEffect(look, [shown.length]);
  const at = shown.findIndex(({ name }) => name === chosen);
  const numbers = Array.from({ length: Math.max(0, Math.min(shown.length, last) - first) }, (_, offset) => first + offset);
  if (at >= 0 && !numbers.includes(at)) numbers.push(at); // what the focus speaks of is always there
  return html`<div class="song-rows" ref=${box} role="listbox" tabindex="0" aria-label="Songs" aria-activedescendant=${at >= 0 ? `song-${at}` : undefined}
    style=${{ height: `${shown.length * row}px` }}>
    ${numbers.map((position) => html`<${Row} key=${shown[position].name} song=${shown[position]} position=${position} count=${shown.length} top=${position * row}
      isChosen=${position === at} onChoose=${onChoose} onPlay=${onPlay} />`)}
  </div>`;
}

/** Brings a row into sight. */
export function showRow(position) {
  const list = document.querySelector(".song-rows");
  const bars = document.querySelector(".songs-tools")?.getBoundingClientRect().bottom ?? 0;
  if (!list) return;
  const height = ROW_REM * remPx();
  const top = list.getBoundingClientRect().top + position * height;
  const sheet = document.querySelector(".song-detail");
  const isSheet = sheet && getComputedStyle(sheet).position === "fixed";
  const floor = innerHeight - (isSheet ? sheet.offsetHeight : 0) - 8;
  const ceiling = Math.max(8, Math.min(bars, innerHeight / 3));
  if (top < ceiling) scrollBy({ top: top - ceiling });
  else if (top + height > floor) scrollBy({ top: top + height - floor });
}
