// Rating: a light, a feeling, send; words and proposals wait behind one more tap.
import { html } from "../html.js";
import { Person } from "../people.js";
import { isGuest } from "../daemon/state.js";
import { Appraising } from "./appraising.js";
import { Arc } from "./arc.js";
import { feelings, methods, sendKept } from "./concerts.js";
import { Refused } from "./parts.js";
import { howOf } from "./say.js";
import { MOST_FEELINGS, MOST_LETTERS, change, draftOf, say } from "./saying.js";
import { sentence } from "../words.js";

function Whom({ concert, chosen }) {
  if (concert.performers.length < 2) return null;
  return html`<fieldset class="whom"><legend>For<span class="unseen"> whom is your rating?</span></legend>
    <div class="those">${concert.performers.map((one) => html`<label key=${one.id}><input type="radio" name="whom" checked=${chosen === one.id}
      onChange=${() => change(concert.id, { performer: one.id })} />
      <span><${Person} person=${one} /></span></label>`)}</div></fieldset>`;
}

function FeelingChoice({ concert, tags }) {
  const toggle = (tag) => change(concert.id, { tags: tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag] });
  const isFull = tags.length >= MOST_FEELINGS;
  return html`<div class="feelings" role="group" aria-label="What did it feel like? Up to four, or none">
    ${feelings.value.map((tag) => {
      const isChosen = tags.includes(tag);
      const isShut = isFull && !isChosen;
      return html`<button key=${tag} aria-pressed=${isChosen} aria-disabled=${isShut} onClick=${() => !isShut && toggle(tag)}>${tag}</button>`;
    })}
  </div>`;
}

function More({ concert, draft }) {
  const left = MOST_LETTERS - draft.comment.length;
  return html`<details class="more-to-say" open=${draft.isOpen}
    onToggle=${(event) => event.target.open !== draft.isOpen && change(concert.id, { isOpen: event.target.open })}>
    <summary>Say more</summary>
    <label class="field"><span>Words to the performers <small class="quiet number">${left} letters left</small></span>
      <textarea rows="3" maxlength=${MOST_LETTERS} value=${draft.comment}
        onInput=${(event) => change(concert.id, { comment: event.target.value })}></textarea></label>
    <p class="quiet">${isGuest ? "They are shown without a name, after the reveal." : "They are shown with your name, after the reveal."}</p>
    ${concert.performers.length > 1 && html`<p class="quiet">One voice rates one performer; the coin is shared as they agreed.</p>`}
    <${Appraising} concert=${concert} />
    <${Refused} />
  </details>`;
}

/** `onSent()` when it went out; `onAway` where a rating that was sent before stays as it is. */
export function Rating({ concert, onSent, onAway }) {
  const draft = draftOf(concert.id);
  const isChosen = draft.score_ppm !== null;
  const send = () => {
    say(concert);
    sendKept();
    onSent();
  };
  return html`<div class="rating">
    <${Whom} concert=${concert} chosen=${draft.performer || concert.gatherer.id} />
    <${Arc} ppm=${draft.score_ppm} onScore=${(score_ppm) => change(concert.id, { score_ppm, modality: "manual", method: "" })} />
    ${isChosen && html`
      <p class="how quiet">${sentence(howOf(draft, methods.value))}. What did it feel like?</p>
      <${FeelingChoice} concert=${concert} tags=${draft.tags} />
      <div class="send-bar"><button class="main send" onClick=${send}>Send</button>${onAway && html`<button onClick=${onAway}>Leave it</button>`}</div>`}
    <${More} concert=${concert} draft=${draft} />
  </div>`;
}
