// Stakes: coins that vouch for you: what is at stake, until when, and putting part of a lot there.
import { html, useState } from "../html.js";
import * as state from "../daemon/state.js";
import { acting, found, write } from "./disputes.js";
import { Ask } from "./parting.js";
import { moment } from "./say.js";
import { jam } from "../words.js";

const MICRO = 1_000_000;
const STATES = { locked: "locked", free: "free to take back", burnt: "burnt" };
const lockWords = () => (state.status.value?.practice ? "a minute, because this is practice" : "seven days");
const keyOf = (coin) => [coin.lot, ...coin.path].join();
const coinWords = (coin) => `${jam(coin.amount_ujam)} JAM, ${coin.song || "a play"}, ${moment(coin.minted_ms)}`;

/** What somebody wrote, in uJAM; null where it is no amount of this coin. */
export function amountOf(text, coin) {
  const ujam = Math.round(Number(text.trim().replace(",", ".")) * MICRO);
  return text.trim() && ujam >= 1 && ujam <= coin.amount_ujam ? ujam : null;
}

export function StakeDialog({ coin, ujam }) {
  const amount = `${jam(ujam)} JAM`;
  const json = { lot: coin.lot, path: coin.path, amount_ujam: ujam };
  const send = () => write("stake", json, `${amount} are at stake. They are listed under Stakes, and can be taken back there later.`);
  return html`<${Ask} label="Put at stake" confirm=${`Put ${amount} at stake`} send=${send}>
    <p>Everybody will see: <b>you</b> put <b class="number">${amount}</b> at stake.</p>
    <div class="follows"><ul>
      <li>They leave your purse, and are locked for at least ${lockWords()}. Then you can take them back.</li>
      <li>They burn if two branches of your chain ever move one lot twice: that is what they vouch for.</li>
      <li>Putting them there counts as moving the lot, so never run two nodes with one key.</li>
    </ul></div>
  </${Ask}>`;
}

export function UnstakeDialog({ stake }) {
  const send = () => write("unstake", { stake: stake.stake }, "Your stake comes back into your purse.");
  return html`<${Ask} label="Take a stake back" confirm=${`Take ${jam(stake.amount_ujam)} JAM back`} send=${send}>
    <p>Everybody will see: <b>you</b> took <b class="number">${jam(stake.amount_ujam)} JAM</b> back, which vouch for you no longer.</p>
    <p class="quiet">They come back into your purse.</p>
  </${Ask}>`;
}

function NewStake({ coins }) {
  const [chosen, setChosen] = useState("");
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const coin = coins.find((one) => keyOf(one) === chosen) ?? coins[0];
  const go = (event) => {
    event.preventDefault();
    const ujam = amountOf(text, coin);
    setWrong(ujam === null);
    if (ujam !== null) acting.value = { what: "stake", coin, ujam };
  };
  return html`<form class="card part new-stake" onSubmit=${go} novalidate>
    <label class="why">Which coin <select onChange=${(event) => setChosen(event.target.value)}>
      ${coins.map((one) => html`<option key=${keyOf(one)} value=${keyOf(one)} selected=${one === coin}>${coinWords(one)}</option>`)}</select></label>
    <label class="why">How many JAM of it, at most ${jam(coin.amount_ujam)}
      <input inputmode="decimal" autocomplete="off" value=${text} aria-invalid=${isWrong} aria-describedby=${isWrong ? "stake-wrong" : undefined} onInput=${(event) => setText(event.target.value)} /></label>
    ${isWrong && html`<p class="refusal" role="alert" id="stake-wrong">That is no amount of this coin. Write a number above 0, up to ${jam(coin.amount_ujam)}.</p>`}
    <p><button>Put at stake…</button></p>
  </form>`;
}

function Stake({ stake }) {
  const until = stake.state === "locked" ? `Locked until ${moment(stake.free_ms)}.` : "";
  return html`<li class="card dispute">
    <h3><span class="number">${jam(stake.amount_ujam)}</span> JAM <span class="label">${STATES[stake.state] ?? stake.state}</span></h3>
    <p>${stake.words} ${until}</p>
    <details class="worth"><summary><span>worth <b class="number">${jam(stake.value_ujam)}</b> to you</span></summary>
      <ul>${stake.why.map((line) => html`<li key=${line}>${line}</li>`)}</ul></details>
    <p class="quiet">At stake since ${moment(stake.since_ms)}.</p>
    ${stake.state === "free" && html`<p><button onClick=${() => (acting.value = { what: "unstake", stake })}>Take back…</button></p>`}
  </li>`;
}

export function StakesPart() {
  const { stakes } = found.value;
  const coins = state.purse.value?.coins ?? [];
  return html`<h2>What you have at stake</h2>
    ${stakes.length
      ? html`<ul class="disputes">${stakes.map((one) => html`<${Stake} key=${one.stake} stake=${one} />`)}</ul>`
      : html`<p class="quiet">Nothing.</p>`}
    <h2>Put coins at stake</h2>
    <p class="intro">A stake shows others what you would lose by moving a coin twice. It is yours all the while, and comes back when you take it.</p>
    ${coins.length
      ? html`<${NewStake} coins=${coins} />`
      : html`<p class="quiet">Your purse is empty. Play a window to its end while people are nearby, and a coin arrives.</p>`}`;
}
