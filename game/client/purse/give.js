// Give: hand part of a coin to somebody, with or without saying what it is worth to you.
import { html, useState } from "../html.js";
import { ask } from "../daemon/ask.js";
import { Person, nameOf } from "../people.js";
import * as state from "../daemon/state.js";
import { jam } from "../words.js";
import { look } from "./coin.js";

const MICRO = 1_000_000;

/** What others will see is shown before it is asked once. */
export function Give({ coin, others }) {
  const [to, setTo] = useState(others[0]?.id ?? "");
  const [amount, setAmount] = useState(coin.amount_ujam / MICRO);
  const [saysWorth, setSaysWorth] = useState(false);
  const [step, setStep] = useState("choosing"); // choosing, asking, giving
  const [said, setSaid] = useState("");
  const person = others.find((one) => one.id === to);
  const ujam = Math.round(amount * MICRO);
  const isUsable = person && ujam >= 1 && ujam <= coin.amount_ujam;
  const worth = Math.max(0, (coin.values[0].value_ujam * ujam) / coin.amount_ujam);
  const give = async () => {
    setStep("giving");
    try {
      await ask(state.token, "POST", "send", { json: { lot: coin.lot, path: coin.path, amount_ujam: ujam, to, says_worth: saysWorth } });
      setSaid(`${jam(ujam)} JAM are on their way to ${nameOf(person)}.`);
      state.loadPurse();
      if (ujam < coin.amount_ujam) look();
    } catch (error) {
      setSaid(`${error.why} ${error.next}`);
    }
    setStep("choosing");
  };
  if (!others.length) return null;
  return html`<details class="card give">
    <summary>Give of it</summary>
    ${step === "choosing" ? html`
      <div class="condition"><label for="give-to">To</label>
        <select id="give-to" value=${to} onChange=${(event) => setTo(event.target.value)}>${others.map((one) => html`<option key=${one.id}
          value=${one.id}>${nameOf(one)}</option>`)}</select></div>
      <div class="condition"><label for="give-amount">JAM</label>
        <input id="give-amount" type="number" min="0.000001" max=${coin.amount_ujam / MICRO} step="0.000001" value=${amount}
          onInput=${(event) => setAmount(Number(event.target.value))} /></div>
      <label class="check"><input type="checkbox" checked=${saysWorth}
        onChange=${(event) => setSaysWorth(event.target.checked)} /> Say what it is worth to you (${jam(worth)})</label>
      <p class="row"><button aria-disabled=${!isUsable} onClick=${() => isUsable && setStep("asking")}>Give…</button></p>`
    : html`<p>Everybody can read it: you give <b class="number">${jam(ujam)}</b> JAM to${" "}
        <${Person} person=${person} />${saysWorth && `, and say that they are worth ${jam(worth)} to you`}. It leaves at once and can't be taken back.</p>
      <p class="row"><button class="main" aria-disabled=${step === "giving"}
        onClick=${() => step === "asking" && give()}>${step === "giving" ? "Giving…" : "Give it"}</button>
        <button onClick=${() => setStep("choosing")}>Keep it</button></p>`}
    <p role="status">${said}</p>
  </details>`;
}
