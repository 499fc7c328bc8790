// Starting: a concert's name, tags, who shares, and how many are expected.
import { html, useState } from "../html.js";
import { Person, nameOf } from "../people.js";
import { useKnown } from "../people/known.js";
import { goTo, status } from "../daemon/state.js";
import { begin, isBusy } from "./concerts.js";
import { Back, Heading, Refused } from "./parts.js";
import { evenly, faultOf, sumOf, toPpm } from "./shares.js";

const MOST_BYTES = 64;
const MOST_TAGS = 8;
const TAG_BYTES = 32;
const MOST_PERFORMERS = 16;
const MOST_EXPECTED = 100_000;

const bytesOf = (text) => new TextEncoder().encode(text).length;

/** Words between commas, each once. */
export const tagsOf = (text) => [...new Set(text.split(",").map((tag) => tag.trim().toLowerCase()).filter(Boolean))];

function Share({ performer, percent, isMe, onPercent, onRemove }) {
  const name = isMe ? "you" : nameOf(performer);
  return html`<li>
    <${Person} person=${performer} isMe=${isMe} />
    <span class="share-of"><input type="number" inputmode="numeric" min="1" max="100" step="1" value=${Number.isFinite(percent) ? percent : ""}
      aria-label=${`Share of ${name}, in percent`}
      onInput=${(event) => onPercent(event.target.valueAsNumber)} /> %</span>
    ${isMe ? html`<span></span>` : html`<button class="small" onClick=${onRemove} aria-label=${`Leave ${name} out`}>Leave out</button>`}
  </li>`;
}

function Sharing({ me, chosen, setChosen, known }) {
  const free = known.filter(({ id }) => id !== me.id && !chosen.some(({ person }) => person.id === id));
  const spread = (people) => setChosen(people.map((person, place) => ({ person, percent: evenly(people.length)[place] })));
  const add = (event) => {
    const person = free.find(({ id }) => id === event.target.value);
    event.target.value = "";
    if (person) spread([...chosen.map((one) => one.person), person]);
  };
  const percents = chosen.map(({ percent }) => percent);
  const fault = faultOf(percents);
  return html`<fieldset class="sharing"><legend>Who performs, and what each gets of the coin</legend>
    <ul>${chosen.map(({ person, percent }, place) => html`<${Share} key=${person.id} performer=${person} percent=${percent} isMe=${person.id === me.id}
      onPercent=${(value) => setChosen(chosen.map((one, at) => (at === place ? { ...one, percent: value } : one)))}
      onRemove=${() => spread(chosen.map((one) => one.person).filter(({ id }) => id !== person.id))} />`)}</ul>
    <p class=${fault ? "wrong" : "quiet"}
      role="status"><span class="number">${Number.isFinite(sumOf(percents)) ? sumOf(percents) : "–"} %</span> in all${
        fault && `: ${fault[0].toLowerCase()}${fault.slice(1)}`}</p>
    <p class="row">
      ${chosen.length < MOST_PERFORMERS && free.length > 0 && html`<select aria-label="Add somebody who performs with you" onChange=${add}>
        <option value="">Add somebody…</option>
        ${free.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}
      </select>`}
      ${chosen.length > 1 && html`<button class="small" onClick=${() => spread(chosen.map((one) => one.person))}>Share evenly</button>`}
    </p>
  </fieldset>`;
}

/** What is wrong with the form, as a sentence; "" when it can be sent. */
function wrongWith({ name, tags, expected, chosen }) {
  if (bytesOf(name) > MOST_BYTES) return "The name is too long: at most 64 letters, fewer with accents.";
  if (tags.length > MOST_TAGS || tags.some((tag) => bytesOf(tag) > TAG_BYTES)) return "At most eight tags, each a word or two.";
  if (!Number.isInteger(expected) || expected < 0 || expected > MOST_EXPECTED) return "The expected crowd is a whole number up to 100000.";
  return faultOf(chosen.map(({ percent }) => percent));
}

export function Start() {
  const me = status.value?.identity;
  const known = useKnown();
  const [name, setName] = useState("");
  const [tagText, setTagText] = useState("");
  const [expected, setExpected] = useState(20);
  const [others, setChosen] = useState(null);
  if (!me) return html`<section class="concert"><p class="waiting">Asking the daemon who you are; usually 1 s.</p></section>`;
  const chosen = others ?? [{ person: me, percent: 100 }];
  const tags = tagsOf(tagText);
  const wrong = wrongWith({ name, tags, expected, chosen });
  const start = async (event) => {
    event.preventDefault();
    if (wrong || isBusy.value) return;
    const performers = chosen.length > 1 ? chosen.map(({ person, percent }) => ({ id: person.id, share_ppm: toPpm(percent) })) : [];
    const made = await begin({ name: name.trim(), tags, expected, performers });
    if (made) goTo("concert", `poster/${made.id}`);
  };
  return html`<section class="concert start-concert"><p><${Back} /></p>
    <${Heading}>Start a concert<//>
    <${Refused} />
    <form class="card" onSubmit=${start}>
      <label class="field"><span>What it is called</span>
        <input type="text" value=${name} autocomplete="off" maxlength=${MOST_BYTES} placeholder="Lights over the harbour"
          onInput=${(event) => setName(event.target.value)} /></label>
      <label class="field"><span>Tags, with commas between</span>
        <input type="text" value=${tagText} autocomplete="off" placeholder="piano, night" onInput=${(event) => setTagText(event.target.value)} /></label>
      ${tags.length > 0 && html`<p class="tag-list">${tags.map((tag) => html`<span key=${tag} class="label" dir="auto">${tag}</span>`)}</p>`}
      <label class="field"><span>How many people do you expect?</span>
        <input type="number" inputmode="numeric" min="0" max=${MOST_EXPECTED} value=${Number.isFinite(expected) ? expected : ""}
          onInput=${(event) => setExpected(event.target.valueAsNumber)} /></label>
      <${Sharing} me=${me} chosen=${chosen} setChosen=${setChosen} known=${known} />
      <p class="public">Everybody around you will see its name, its tags and who performs. The first song that you play belongs to it.</p>
      ${wrong && html`<p class="quiet" id="start-wrong">${wrong}</p>`}
      <p class="row"><button type="submit" class="main" aria-disabled=${Boolean(wrong) || isBusy.value}
        aria-describedby=${wrong ? "start-wrong" : undefined}>Start it</button></p>
    </form>
  </section>`;
}
