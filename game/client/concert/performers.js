// Performers: who plays at a concert, and how they share what arrives.
import { html } from "../html.js";
import { Person } from "../people.js";
import { me } from "../daemon/state.js";
import { percent } from "../words.js";

export function Performers({ concert, hasShares = true }) {
  return html`<ul class="players" aria-label="Who performs">
    ${concert.performers.map((one) => html`<li key=${one.id}><${Person} person=${one} isMe=${one.id === me.value} />
      ${hasShares && concert.performers.length > 1 && html` <span class="quiet number">${percent(one.share_ppm)}</span>`}</li>`)}
  </ul>`;
}
