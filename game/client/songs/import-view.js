// Import-view: what is on its way to the shelf, what became of it, and what is to be made of music.
import { html, useState } from "../html.js";
import { plural, sentence } from "../words.js";
import { songs as allSongs } from "../daemon/state.js";
import * as imports from "./imports.js";

const LANES = [4, 5, 6, 7, 8, 9, 10];
const USUAL_LANES = [4, 7, 10];
const LEVELS = [[1, "1: calm"], [2, "2: easy"], [3, "3: lively"], [4, "4: dense"], [5, "5: everything that is heard"]];
const PARTS = [["both", "drums and melody"], ["percussive", "drums"], ["harmonic", "melody"]];

/** Chooses files; `accept` are endings with commas. */
export function FileButton({ label, accept, isMany = false, isMain = false, onFiles }) {
  const onChange = (event) => {
    const files = [...event.target.files];
    event.target.value = ""; // the same file may be chosen again
    if (files.length) onFiles(files);
  };
  return html`<label class=${isMain ? "file main" : "file"}><input type="file" class="unseen" accept=${accept} multiple=${isMany} onChange=${onChange} /><span>${label}</span></label>`;
}

function Wanted({ song, file }) {
  const [refusal, setRefusal] = useState(null);
  const give = ([chosen]) => imports.giveMusic(song, chosen).catch(setRefusal);
  const title = allSongs.value?.find(({ name }) => name === song)?.title ?? "A song";
  return html`<li><span dir="auto">${title} lacks its music, ${file}.</span>
    <${FileButton} label="Add it" accept=".mp3,.ogg,.oga,.opus,.wav,.flac" onFiles=${give} />
    ${refusal && html`<p class="refusal" role="alert">${refusal.why} ${refusal.next}</p>`}
  </li>`;
}

function outcomeOf({ state, songs, stage }) {
  if (state === "cancelled") return "given up";
  if (state === "failed") return "nothing of it was kept";
  if (!songs.length) return stage || "done";
  return `${plural(songs.length, "song")} on the shelf`;
}

function Job({ job }) {
  const { key, name, state, stage, share, problems, wanted, why, next } = job;
  const isOver = imports.isOver(job);
  return html`<li class="job ${state}">
    <p class="row"><b class="file-name" dir="auto">${name}</b>
      ${isOver
        ? html`<span class="quiet">${outcomeOf(job)}</span><button onClick=${() => imports.dismiss(key)} aria-label=${`Put away: ${name}`}>Put away</button>`
        : html`<progress max="1" value=${state === "working" ? share : 0} aria-label=${`How far ${name} is`}></progress>
            <span class="quiet number">${sentence(stage)}${share > 0 ? `, ${Math.round(share * 100)} %` : ""}</span>
            <button onClick=${() => imports.cancel(key)} aria-label=${`Cancel ${name}`}>Cancel</button>`}
    </p>
    ${state === "failed" && html`<p class="refusal" role="alert"><b>${why}</b> ${next}</p>`}
    ${problems.length > 0 && html`<details><summary>${plural(problems.length, "thing")} in it could not be read</summary>
      <ul class="problems">${problems.map((line, number) => html`<li key=${number} dir="auto">${line}</li>`)}</ul></details>`}
    ${state === "done" && wanted.length > 0 && html`<ul class="wanted">${wanted.map((one) => html`<${Wanted} key=${one.song} ...${one} />`)}</ul>`}
  </li>`;
}

/** What is to be made of music, asked once for all that was dropped. */
function MusicForm({ files }) {
  const [lanes, setLanes] = useState(USUAL_LANES);
  const toggle = (count) => setLanes(lanes.includes(count) ? lanes.filter((one) => one !== count) : [...lanes, count].sort((a, b) => a - b));
  const onSubmit = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    if (lanes.length) imports.makeCharts(files, { keys: lanes.join(), level: form.get("level"), parts: form.get("parts") });
  };
  return html`<form class="card music-form" onSubmit=${onSubmit} aria-labelledby="make-charts">
    <h2 id="make-charts">Make charts of ${files.length === 1 ? files[0].name : `${files.length} sound files`}</h2>
    <fieldset class="lanes-wanted"><legend>For how many lanes</legend>
      <div class="row">${LANES.map((count) => html`<label class="check" key=${count}><input type="checkbox" checked=${lanes.includes(count)} onChange=${() => toggle(count)} /><span>${count}</span></label>`)}</div>
    </fieldset>
    <div class="row">
      <label>How dense <select name="level">${LEVELS.map(([level, word]) => html`<option key=${level} value=${level} selected=${level === 3}>${word}</option>`)}</select></label>
      <label>Listen to <select name="parts">${PARTS.map(([parts, word]) => html`<option key=${parts} value=${parts}>${word}</option>`)}</select></label>
    </div>
    <p class="quiet">It is listened to on this machine, and goes nowhere else. You can play meanwhile: it then waits.</p>
    <p class="row"><button class="main" aria-disabled=${!lanes.length}>Make charts</button><button type="button" onClick=${imports.dontAsk}>Not now</button></p>
  </form>`;
}

export function Imports() {
  const { jobs, asking, trouble } = imports;
  return html`
    ${trouble.value && html`<p class="refusal" role="alert">${trouble.value}</p>`}
    ${asking.value.length > 0 && html`<${MusicForm} files=${asking.value} />`}
    ${jobs.value.length > 0 && html`<ul class="card jobs" aria-label="Files on their way to the shelf">${jobs.value.map((job) => html`<${Job} key=${job.key} job=${job} />`)}</ul>`}`;
}
