// Request: asking to be paid, as a link and as a code to hold out.
import { html, useState } from "../html.js";
import { QrCode } from "../settings/qr.js";
import { PursePage } from "./parts.js";
import { attempt, toUjam } from "./wallet.js";

const MOST_LETTERS = 80;

function Shown({ link, rows }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(link).then(() => setCopied(true), () => {});
  return html`<div class="pairing"><${QrCode} rows=${rows} label="Code that asks for this payment" />
    <div class="how-to"><p>Hold this out, or send the link:</p><p class="address"><code>${link}</code></p>
      ${navigator.clipboard && html`<p><button onClick=${copy}>${isCopied ? "Copied" : "Copy the link"}</button></p>`}
      <p class="quiet">It asks; it takes nothing. Whoever pays looks at it first.</p></div></div>`;
}

export function Request() {
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [made, setMade] = useState(null);
  const ujam = toUjam(text);
  const make = async (event) => {
    event.preventDefault();
    const found = ujam > 0 && (await attempt("POST", "wallet/request", { amount_ujam: ujam, note: note.trim() }));
    if (found) setMade(found);
  };
  return html`<${PursePage} name="Ask for coins">
    <form class="card pay-form" onSubmit=${make}>
      <label class="field"><span>How many JAM</span>
        <input type="text" inputmode="decimal" autocomplete="off" value=${text} placeholder="0.25" onInput=${(event) => setText(event.target.value)} /></label>
      <label class="field"><span>What for</span>
        <input type="text" maxlength=${MOST_LETTERS} autocomplete="off" value=${note} placeholder="strings for the guitar"
          onInput=${(event) => setNote(event.target.value)} /></label>
      <p class="row"><button type="submit" class=${made ? "" : "main"} aria-disabled=${!(ujam > 0)}>Make the code</button></p>
    </form>
    ${made && html`<${Shown} link=${made.link} rows=${made.rows} />`}<//>`;
}
