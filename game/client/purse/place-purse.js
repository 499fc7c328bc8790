// Purse: the coins that arrived, and what each is worth to you; a coin opens its page.
import { html } from "../html.js";
import { Coin } from "../play/fate.js";
import { goTo, part, purse, trouble } from "../daemon/state.js";
import { PolicyEditor } from "../values/policy-editor.js";
import { ORIGINS, jam, plural, when } from "../words.js";
import { COIN, openCoin } from "./coin.js";
import { Career } from "./career.js";
import { CoinPage } from "./coin-page.js";
import { History } from "./history.js";
import { Incoming } from "./incoming.js";
import { Keys } from "./keys-view.js";
import { Pay } from "./pay.js";
import { Request } from "./request.js";

const PAGES = { pay: [Pay, "Pay"], request: [Request, "Ask for coins"], history: [History, "History"], career: [Career, "Career"] };

function Lot({ coin }) {
  return html`<li class="card lot">
    <${Coin} small />
    <div>
      <p><b class="number">${jam(coin.amount_ujam)}</b> JAM <span class="quiet">${ORIGINS[coin.from] ?? coin.from}</span></p>
      <p class="quiet"><bdi>${coin.song}</bdi> · ${when(coin.minted_ms)}</p>
      <details class="worth">
        <summary><span>worth <b class="number">${jam(coin.value_ujam)}</b> to you</span></summary>
        <p class="quiet">Your own view: support x continuity x ethics.</p>
        <ul>${coin.why.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>
      </details>
      ${coin.contested && html`<p class="refusal">Somebody gave this coin away twice, so who holds it is contested. The coin is
        kept as it is; count on it only when that is settled.</p>`}
      <p><button onClick=${() => openCoin(coin.lot, coin.path)}>Look at this coin</button></p>
    </div>
  </li>`;
}

export function PursePlace() {
  if (part.value === "values") return html`<${PolicyEditor} />`;
  const [Page] = PAGES[part.value] ?? [];
  if (Page) return html`<${Page} />`;
  if (part.value.startsWith(COIN)) return html`<${CoinPage} part=${part.value} />`;
  const held = purse.value;
  if (!held) {
    return html`<section class="purse"><h1 tabindex="-1">Purse</h1>
      <p class="waiting">${trouble.value ? "The purse opens when the daemon answers." : "Opening the purse…"}</p></section>`;
  }
  const rules = html`<p class="row">${Object.entries(PAGES).map(([name, [, label]]) => html`<button key=${name}
    onClick=${() => goTo("purse", name)}>${label}</button>`)}
    <button onClick=${() => goTo("purse", "values")}>What counts for you</button></p><${Incoming} />`;
  return html`<section class="purse">
    <h1 tabindex="-1">Purse</h1>
    <${Keys} />
    ${held.coins.length === 0
      ? html`<p>No coins yet. Play a window to its end while people are nearby, and the first arrives here.</p>
          <p class="row"><button class="main" onClick=${() => goTo("play")}>Go and play</button></p>${rules}`
      : html`<p class="sum">${plural(held.coins.length, "coin")}: <b class="number">${jam(held.total_ujam)}</b> JAM, worth
            <b class="number"> ${jam(held.total_value_ujam)}</b> to you</p>${rules}
          <ul class="lots">${held.coins.map((coin) => html`<${Lot} key=${coin.lot + coin.from} coin=${coin} />`)}</ul>`}
  </section>`;
}
