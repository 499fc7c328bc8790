// Join: whoever comes without a key types the poster's short code.
import { html, useState } from "../html.js";
import { seat, seatRefusal, takeSeat } from "./seat.js";
import { Heading } from "./parts.js";

const LETTERS = 6;

const tidy = (text) => text.toUpperCase().replace(/[^A-Z]/g, "").slice(0, LETTERS);

export function JoinView() {
  const [code, setCode] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState(seatRefusal);
  const join = async (event) => {
    event.preventDefault();
    if (code.length < LETTERS || isAsking) return;
    setAsking(true);
    if (await takeSeat(code)) location.replace(location.pathname);
    else setRefusal(seatRefusal);
    setAsking(false);
  };
  return html`<section class="concert join">
    <${Heading}>Come in<//>
    <p>Type the six letters of the poster. You need no account: this phone makes a key of its own, and rates with it.</p>
    ${refusal && html`<p class="refusal" role="alert"><b>${refusal.why}</b> ${refusal.next}</p>`}
    <form onSubmit=${join}>
      <label class="field"><span>Code of the poster</span>
        <input class="code-input" type="text" value=${code} autocomplete="off" autocapitalize="characters" spellcheck=${false}
          onInput=${(event) => setCode((event.target.value = tidy(event.target.value)))} /></label>
      <button type="submit" class="main big" aria-disabled=${code.length < LETTERS || isAsking}>${isAsking ? "Asking the host…" : "Take a seat"}</button>
    </form>
    <p class="quiet">Or point the camera at the poster's square. ${seat() ? "" : "Is this your own phone, to play with? On the computer, open Settings and there Phones."}</p>
  </section>`;
}
