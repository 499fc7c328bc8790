// Receiving: which of the coins that come are taken without asking.
import { html, useEffect, useState } from "../html.js";
import { attempt } from "./wallet.js";

const CHOICES = [
  ["all", "everything"],
  ["valued", "what is worth something to you"],
  ["asked", "nothing; you are asked each time"],
];

export function Receiving() {
  const [chosen, setChosen] = useState(null);
  useEffect(() => {
    attempt("GET", "wallet/receives").then((found) => found && setChosen(found.receives));
  }, []);
  const choose = async (receives) => {
    const found = await attempt("PUT", "wallet/receives", { receives });
    if (found) setChosen(found.receives);
  };
  if (!chosen) return null;
  return html`<details class="receiving"><summary>Received by itself: ${CHOICES.find(([name]) => name === chosen)?.[1] ?? chosen}</summary>
    <fieldset class="choice wide"><legend class="seen">Received by itself is</legend>
      ${CHOICES.map(([name, label]) => html`<label key=${name}>
        <input type="radio" name="receives" checked=${chosen === name} onChange=${() => choose(name)} /><span>${label}</span></label>`)}</fieldset>
  </details>`;
}
