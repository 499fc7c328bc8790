// Forks: who signed two things as one, in words; what came of it for coins; and mending one's own.
import { html } from "../html.js";
import { Person } from "../people.js";
import { acting, found, ownFork, write } from "./disputes.js";
import { Ask } from "./parting.js";
import { moment } from "./say.js";
import { jam, sentence } from "../words.js";
import * as state from "../daemon/state.js";

const isMine = (person) => person.id === state.me.value;

export function MendDialog() {
  const send = () => write("reconcile", undefined, "Your chain names both branches now, and goes on.");
  return html`<${Ask} label="Mend your chain" confirm="Name both branches and go on" send=${send}>
    <p>Everybody will see: <b>you</b> named both branches of your chain, and go on with the longer one.</p>
    <div class="follows"><ul><li>Stop any other copy of this node first: two with one key fork again.</li>
      <li>If no coin moved twice, what you mint from then on counts again. What moved twice stays contested.</li></ul></div>
  </${Ask}>`;
}

/** Where the user's own chain forked, that comes first, wherever they look. */
export function OwnFork() {
  const fork = ownFork.value;
  if (!fork || fork.is_mended) return null;
  return html`<section class="card own-fork" aria-label="Your own chain forked">
    <h2>Your own chain forked</h2>
    <p>Under your key two different things were written as number ${fork.number}: usually a restored backup, or two nodes with one key. Your coins are
      kept; what you mint from now on counts for nothing to others until you mend it.</p>
    <p><button class="main" onClick=${() => (acting.value = { what: "mend" })}>Mend it…</button></p>
  </section>`;
}

function Fork({ fork }) {
  return html`<li class="card dispute">
    <h3><${Person} person=${fork.person} isMe=${isMine(fork.person)} /> <span class="label">${fork.is_mended ? "mended" : "not mended"}</span></h3>
    ${fork.words.map((line) => html`<p key=${line}>${sentence(line)}</p>`)}
    <details><summary>The proof</summary>
      <p class="quiet">Everybody who has these entries sees that one key signed them as number ${fork.number}. No word of anybody is needed.</p>
      <ul class="ids">${fork.entries.map((entry) => html`<li key=${entry}><code>${entry}</code></li>`)}</ul></details>
  </li>`;
}

function Story({ story, number }) {
  return html`<li class=${story.is_counted ? "story counted" : "story"}>
    <h4>Story ${number} <span class="label">${story.is_counted ? "you count this one" : "you don't count this one"}</span></h4>
    <p>${sentence(story.words)}</p>
    <p class="quiet">Its later coins are worth <span class="number">${jam(story.weight_ujam)}</span> by the words of people you trust.</p>
  </li>`;
}

function whyCounted(stories) {
  const counted = stories.find((story) => story.is_counted);
  const others = stories.filter((story) => story !== counted).map((story) => story.weight_ujam);
  if (!counted || !others.length) return "";
  return counted.weight_ujam > Math.max(...others)
    ? "You count it because people you trust witnessed more on it since."
    : "The stories weigh the same to you, so the one with the lower id counts: a rule, not a judgement.";
}

function Contested({ one }) {
  return html`<li class="card dispute">
    <h3><${Person} person=${one.person} isMe=${isMine(one.person)} /> moved one lot ${one.stories.length > 2 ? `${one.stories.length} times` : "twice"}</h3>
    <p><b>${one.yours_ujam
      ? html`<span class="number">${jam(one.yours_ujam)}</span> JAM of yours came from it; you count <span class="number">${jam(one.yours_counted_ujam)}</span> of them.`
      : "None of it is yours."}</b></p>
    <ul class="stories">${one.stories.map((story, index) => html`<${Story} key=${story.head} story=${story} number=${index + 1} />`)}</ul>
    <p>${whyCounted(one.stories)} Others may count another: everybody goes by whom they trust.</p>
    <details><summary>How this is decided, and which lot</summary><p>${one.words}</p><p class="ids"><code>${one.lot}</code></p></details>
  </li>`;
}

export function ForksPart() {
  const { forks, contested } = found.value;
  return html`<h2>Who wrote two stories</h2>
    ${forks.length
      ? html`<ul class="disputes">${forks.map((fork) => html`<${Fork} key=${fork.person.id} fork=${fork} />`)}</ul>`
      : html`<p class="quiet">Nobody that you know of. Whoever signs two things under one number is shown here, with the proof.</p>`}
    <h2>Coins that were moved twice</h2>
    ${contested.length
      ? html`<ul class="disputes wide">${contested.map((one) => html`<${Contested} key=${one.lot + one.path.join()} one=${one} />`)}</ul>`
      : html`<p class="quiet">None.</p>`}`;
}
