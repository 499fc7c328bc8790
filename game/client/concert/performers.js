// Performers: who plays at a concert, and how they share what arrives.
import { html } from "../html.js";
import { Person } from "../people.js";
import { isGuest, me } from "../daemon/state.js";
import { percent } from "../words.js";

/** A guest is nobody whom the daemon knows: "you" would be their host. */
export const isOneself = (id) => !isGuest && id === me.value;

/** `isPublic`: others read it, so nobody is "you". */
export function Performers({ concert, hasShares = true, isPublic = false }) {
  return html`<ul class="players" aria-label="Who performs">
    ${concert.performers.map((one) => html`<li key=${one.id}><${Person} person=${one} isMe=${!isPublic && isOneself(one.id)} />
      ${hasShares && concert.performers.length > 1 && html` <span class="quiet number">${percent(one.share_ppm)}</span>`}</li>`)}
  </ul>`;
}
