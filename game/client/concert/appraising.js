// Appraising: what a method makes of one's taps or words, with its reasons; nothing is taken unasked.
import { html, useState } from "../html.js";
import { appraise, isBusy, methods, tapCount } from "./concerts.js";
import { howOf, outOfTen } from "./say.js";
import { change, draftOf } from "./saying.js";

const FEWEST_TAPS = 8;

function Proposal({ proposal, onTake, onLeave }) {
  const words = howOf(proposal, methods.value);
  return html`<div class="proposal" role="status">
    <p><b class="number">${outOfTen(proposal.score_ppm)}</b> ${words}, because:</p>
    <ul>${proposal.why.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>
    <p class="row"><button class="small main" onClick=${onTake}>Take it</button><button class="small" onClick=${onLeave}>No</button></p>
  </div>`;
}

export function Appraising({ concert }) {
  const [proposal, setProposal] = useState(null);
  const { comment } = draftOf(concert.id);
  const canTap = tapCount.value >= FEWEST_TAPS;
  const ask = async (modality) => {
    const answer = await appraise(concert.id, modality, comment.trim());
    if (answer) setProposal({ ...answer, modality });
  };
  const taken = () => {
    change(concert.id, { score_ppm: proposal.score_ppm, modality: proposal.modality, method: proposal.method });
    setProposal(null);
  };
  if (proposal) return html`<${Proposal} proposal=${proposal} onTake=${taken} onLeave=${() => setProposal(null)} />`;
  if (!canTap && !comment.trim()) return html`<p class="quiet">Tap along for a while, or write some words: then a score can be proposed from them.</p>`;
  return html`<p class="row">
    ${canTap && html`<button class="small" aria-disabled=${isBusy.value} onClick=${() => ask("signal")}>Propose a score from my tapping</button>`}
    ${comment.trim() && html`<button class="small" aria-disabled=${isBusy.value} onClick=${() => ask("comment")}>Propose a score from my words</button>`}
  </p>`;
}
