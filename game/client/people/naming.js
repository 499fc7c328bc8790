// Naming: what you call somebody; it wins over what they call themselves, everywhere on your pages.
import { ask, path } from "../daemon/ask.js";
import { html, useState } from "../html.js";
import { isOwner, token } from "../daemon/state.js";
import { look } from "./trust.js";

const MOST_LETTERS = 64;

export function Naming({ person }) {
  const [name, setName] = useState(person.name ?? "");
  const [said, setSaid] = useState("");
  if (!isOwner.value || person.is_me) return null;
  const give = async (event) => {
    event.preventDefault();
    try {
      const called = await ask(token, "POST", path("people", person.id, "name"), { json: { name: name.trim() } });
      setSaid(name.trim() ? `You call them ${called.name} from now on.` : "They are called again as they call themselves.");
      look();
    } catch (error) {
      setSaid(`${error.why} ${error.next}`);
    }
  };
  return html`<details class="naming"><summary>What you call them</summary>
    <form class="row" onSubmit=${give}><label class="field"><span>Your name for them; empty takes it back</span>
      <input type="text" maxlength=${MOST_LETTERS} autocomplete="off" value=${name} onInput=${(event) => setName(event.target.value)} /></label>
      <button type="submit">Call them so</button></form>
    <p class="quiet" role="status">${said || "Nobody but you sees it."}</p></details>`;
}
