// Keeping: a guest's key as 24 words, so that what was said tonight stays theirs.
import { ask } from "../daemon/ask.js";
import { html, useState } from "../html.js";
import { goTo, token } from "../daemon/state.js";
import { guestSeed, wordsOf } from "./guest-key.js";
import { Heading } from "./parts.js";
import { seat } from "./seat.js";

const LIST = 2_048;

async function ownWords() {
  const { words } = await ask(token, "GET", "words");
  if (words?.length !== LIST) throw new Error("not the list");
  return wordsOf(guestSeed(), words);
}

function Shown({ words }) {
  const { network } = seat();
  return html`<p>Write them down on paper, in this order. Nothing else keeps them, and this page copies them nowhere.</p>
    <ol class="seed-words" aria-label="Your 24 words">${words.map((word, place) => html`
      <li key=${place}><span class="number quiet" aria-hidden="true">${place + 1}</span><b>${word}</b></li>`)}</ol>
    <p>On a computer with popd, later:</p>
    <p><code class="command">popctl wallet restore --network ${network}</code></p>
    <p class="quiet">It asks for the words, and then you are who rated here: with a purse, and your own witness.</p>
    <p class="row"><button class="main" onClick=${() => goTo("concert")}>I wrote them down</button></p>`;
}

export function KeepView() {
  const [isUnderstood, setUnderstood] = useState(false);
  const [words, setWords] = useState(null);
  const [fault, setFault] = useState("");
  const show = () => {
    if (!isUnderstood) return;
    ownWords().then(setWords, () => setFault("The list of words did not come. Nothing is lost; try again when the line is back."));
  };
  return html`<section class="concert keep">
    <${Heading}>Keep this as yours<//>
    ${words ? html`<${Shown} words=${words} />` : html`
      <p>Tonight you spoke with a key that only this browser has. Written down, it is 24 words; with them you become somebody of your own, and what you said
        here stays said by you.</p>
      <p><b>Whoever has the words is you.</b> Show them to nobody, photograph them not, and look around before you go on.</p>
      <label class="check"><input type="checkbox" checked=${isUnderstood} onChange=${(event) => setUnderstood(event.target.checked)} /> I understand</label>
      ${fault && html`<p class="refusal" role="alert">${fault}</p>`}
      <p class="row"><button class="main" aria-disabled=${!isUnderstood} onClick=${show}>Show the 24 words</button>
        <button onClick=${() => goTo("concert")}>Back to the concert</button></p>`}
  </section>`;
}
