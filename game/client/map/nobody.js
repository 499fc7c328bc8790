// Nobody: how an empty map fills.
import { html } from "../html.js";
import * as state from "../daemon/state.js";

export function Nobody() {
  return html`<div class="card nobody">
    <p><b>Nobody else is on the map yet.</b></p>
    <p class="quiet">It fills by itself: whoever is connected appears here, and who witnesses you, or whom you witness or rate, comes near to you.
      Open this page on a second machine in your network, or start practice neighbours, and play.</p>
    <button onClick=${() => state.goTo("play")}>Go and play</button>
  </div>`;
}
