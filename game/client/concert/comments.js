// Comments: what people wrote; who gathers the concert can hide one, and show it again.
import { html } from "../html.js";
import { Person } from "../people.js";
import { hide } from "./concerts.js";
import { outOfTen } from "./say.js";

function Who({ comment }) {
  if (comment.who) return html`<${Person} person=${comment.who} />`;
  return html`<${Person} person=${{ id: comment.guest, name: "a guest" }} />`;
}

function Comment({ concert, comment }) {
  const mayHide = concert.is_mine;
  const words = comment.hidden ? html`<p class="quiet">Hidden. Others don't get these words from you any more.</p>` : null;
  return html`<li class=${comment.hidden ? "hidden-words" : ""}>
    <p class="said-by"><${Who} comment=${comment} /> <span class="quiet number">${outOfTen(comment.score_ppm)}</span></p>
    ${(!comment.hidden || mayHide) && html`<blockquote dir="auto">${comment.text}</blockquote>`}
    ${words}
    ${mayHide && html`<button class="small"
      onClick=${() => hide(concert.id, comment.id, !comment.hidden)}>${comment.hidden ? "Show it again" : "Hide it"}</button>`}
  </li>`;
}

export function Comments({ concert }) {
  const shown = concert.comments.filter(({ hidden }) => !hidden || concert.is_mine);
  if (!shown.length) return concert.is_mine ? html`<p class="quiet">Nobody wrote anything.</p>` : null;
  return html`<ul class="comments">${shown.map((comment) => html`<${Comment} key=${comment.id} concert=${concert} comment=${comment} />`)}</ul>`;
}
