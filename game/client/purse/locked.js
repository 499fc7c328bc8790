// Locked: what rests while keys are locked, and the way to unlock them.
import { html, useRef, useState } from "../html.js";
import { refused, unlock } from "./keys.js";

/** The passphrase leaves the field as soon as it is sent. */
function Form() {
  const field = useRef(null);
  const [isOpening, setOpening] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const passphrase = field.current.value;
    if (isOpening || !passphrase) return;
    field.current.value = "";
    setOpening(true);
    const isOpen = await unlock(passphrase);
    setOpening(false);
    if (!isOpen) field.current?.focus();
  };
  return html`<form class="row unlock" onSubmit=${submit}>
    <label class="field"><span>Passphrase</span><input type="password" ref=${field} autocomplete="off" spellcheck="false" maxlength="1024" /></label>
    <button type="submit" class="main" aria-disabled=${isOpening}>${isOpening ? "Opening…" : "Unlock"}</button></form>`;
}

export function Locked({ hasPassphrase }) {
  return html`<section class="card keys-locked" aria-label="Your keys">
    <h2>Your keys are locked</h2>
    <p>You can look at everything. Until you unlock them nothing is paid, received or declined, no play makes coins, and you witness
      nobody. What was to be written waits, and is written then.</p>
    ${hasPassphrase ? html`<${Form} />`
      : html`<p class="row"><button class="main" onClick=${() => unlock("")}>Unlock</button><span class="quiet">Nobody chose a passphrase for them.</span></p>`}
    ${refused.value && html`<p class="refusal" role="alert"><b>${refused.value.why}</b> ${refused.value.next}</p>`}
  </section>`;
}
