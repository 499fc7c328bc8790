// Songs: everything that can be played, with a picture of each; where new songs come in, and plays are kept.
import { html, signal, useEffect, useRef, useState } from "../html.js";
import { Undo, isPending } from "./later.js";
import { PlaysPart } from "./plays-view.js";
import { loadPlays } from "./plays.js";
import { SongDetail } from "./detail.js";
import { FileButton, Imports } from "./import-view.js";
import { ENDINGS, fresh, take } from "./imports.js";
import { SORT_NAMES, arranged } from "./order.js";
import { SongRows, showRow } from "./rows.js";
import { chartOf } from "./choosing.js";
import { stopTasting, taste } from "./tasting.js";
import * as state from "../daemon/state.js";
import { plural } from "../words.js";

const LANES = [4, 5, 6, 7, 8, 9, 10];
const PAGE = 8;

const wish = signal({ words: "", sort: "title", lanes: 0 });
const chosen = signal(""); // the name of the song that is shown closer

const setWish = (fields) => (wish.value = { ...wish.value, ...fields });

function playSong(song) {
  const chart = chartOf(song, state.keys.value);
  if (!chart) return;
  stopTasting();
  state.song.value = song;
  state.keys.value = chart.keys;
  localStorage.setItem("popd.song", song.name);
  state.phase.value = "idle";
  state.goTo("play");
}

function choose(song) {
  if (chosen.value !== song.name) stopTasting();
  chosen.value = song.name;
}

/** Keys of this place; typing and buttons keep theirs. */
function onKey(event, shown) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
  const isSearch = event.target.type === "search";
  const isTaken = event.target.closest("button, a, select, textarea, input:not([type=search]), summary");
  const at = shown.findIndex(({ name }) => name === chosen.value);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, ...(!isSearch && { Home: -Infinity, End: Infinity }) };
  if (event.key in steps && shown.length && !isTaken) {
    const to = Math.max(0, Math.min(shown.length - 1, (at < 0 ? -Math.sign(steps[event.key]) : at) + steps[event.key]));
    choose(shown[to]);
    showRow(to);
  } else if (event.key === "Enter" && shown[at] && !isTaken) playSong(shown[at]);
  else if (event.key === "/" && !isSearch && !isTaken) document.querySelector(".songs-tools [type=search]").focus();
  else if (event.key === " " && shown[at] && !isSearch && !isTaken) taste(shown[at]);
  else if (event.key === "Escape" && isSearch) setWish({ words: "" });
  else return;
  event.preventDefault();
}

function Tools({ count, all }) {
  const { words, sort, lanes } = wish.value;
  return html`<div class="songs-tools">
    <label class="search"><span class="unseen">Search songs</span><input type="search" placeholder="Title or artist" autocomplete="off" spellcheck="false" maxlength="100" value=${words}
      onInput=${(event) => setWish({ words: event.target.value })} /></label>
    <select aria-label="Order" onChange=${(event) => setWish({ sort: event.target.value })}>
      ${SORT_NAMES.map(([name, label]) => html`<option key=${name} value=${name} selected=${name === sort}>${label}</option>`)}</select>
    <select aria-label="Lanes" onChange=${(event) => setWish({ lanes: Number(event.target.value) })}>
      <option value="0" selected=${!lanes}>any lanes</option>
      ${LANES.map((one) => html`<option key=${one} value=${one} selected=${one === lanes}>${plural(one, "lane")}</option>`)}</select>
    <p class="quiet number" role="status">${count === all ? plural(all, "song") : `${count} of ${plural(all, "song")}`}</p>
  </div>`;
}

function Nothing({ isEmpty }) {
  if (isEmpty) return html`<p class="empty">No songs yet. Drop a chart, an archive of songs, or music here.</p>`;
  return html`<p class="empty">No song fits that. <button onClick=${() => setWish({ words: "", lanes: 0 })}>Show all songs</button></p>`;
}

function ListPart() {
  const list = (state.songs.value ?? []).filter(({ name }) => !isPending(`song ${name}`));
  const shown = arranged(list, wish.value);
  const now = useRef(shown);
  now.current = shown;
  const place = useRef(-1); // of what is chosen
  useEffect(() => {
    const listen = (event) => onKey(event, now.current);
    addEventListener("keydown", listen);
    return () => {
      removeEventListener("keydown", listen);
      stopTasting();
    };
  }, []);
  useEffect(() => {
    if (!shown.length || shown.some(({ name }) => name === chosen.value)) return;
    stopTasting();
    const first = shown.find(({ name }) => name === state.song.value?.name) ?? shown[0];
    chosen.value = (place.current < 0 ? first : shown[Math.min(place.current, shown.length - 1)]).name; // what comes after one that went
  });
  useEffect(() => {
    place.current = shown.findIndex(({ name }) => name === chosen.value);
  });
  const isThere = state.songs.value !== null;
  useEffect(() => {
    if (isThere) showRow(Math.max(0, now.current.findIndex(({ name }) => name === chosen.value)));
  }, [isThere]);
  const song = shown.find(({ name }) => name === chosen.value);
  if (!isThere) return html`<p class="waiting">${state.trouble.value ? "The songs are shown when the daemon answers." : "Fetching the songs…"}</p>`;
  return html`
    <${Tools} count=${shown.length} all=${list.length} />
    <div class="songs-columns">
      <div>${shown.length ? html`<${SongRows} shown=${shown} chosen=${chosen.value} onChoose=${choose} onPlay=${playSong} />` : html`<${Nothing} isEmpty=${!list.length} />`}</div>
      ${song && html`<${SongDetail} song=${song} onPlay=${playSong} />`}
    </div>`;
}

/** Files may be dropped anywhere on the place. */
function useDrop(isAllowed) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!isAllowed) return undefined;
    const control = new AbortController();
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const onOver = (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const listen = (type, heard) => addEventListener(type, heard, { signal: control.signal });
    listen("dragenter", onOver);
    listen("dragover", onOver);
    listen("dragleave", (event) => !event.relatedTarget && setOver(false));
    listen("drop", (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      take(event.dataTransfer.files);
    });
    return () => control.abort();
  }, [isAllowed]);
  return isOver;
}

const PARTS = [["", "Songs", ListPart], ["plays", "Plays", PlaysPart]];

export function SongsPlace() {
  const isOwner = state.isOwner.value;
  const isOver = useDrop(isOwner);
  const heading = useRef(null);
  const [name, , View] = PARTS.find(([part]) => part === state.part.value) ?? PARTS[0];
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    loadPlays().catch(() => {}); // they are shown when the daemon answers
  }, [name]);
  useEffect(() => {
    if (!fresh.value) return;
    chosen.value = fresh.value;
    fresh.value = "";
    setWish({ words: "", sort: "newest", lanes: 0 }); // so that what came is seen
  }, [fresh.value]);
  return html`<section class="songs">
    <header class="songs-head">
      <h1 tabindex="-1" ref=${heading}>${name ? "Plays" : "Songs"}</h1>
      <nav aria-label="Songs and plays" class="parts">${PARTS.map(([part, label]) => html`<a key=${part} href="#songs" aria-current=${part === name ? "page" : undefined}
        onClick=${(event) => { event.preventDefault(); state.goTo("songs", part); }}>${label}</a>`)}</nav>
      ${isOwner && html`<${FileButton} label="Add songs" accept=${ENDINGS} isMany onFiles=${take} />`}
    </header>
    ${isOwner && html`<${Imports} />`}
    <${View} />
    <${Undo} />
    ${isOver && html`<div class="drop-here"><p>Let go: charts, archives of songs, music, or plays</p></div>`}
  </section>`;
}
