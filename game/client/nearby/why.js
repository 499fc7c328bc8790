// Why: one sentence and the next step for each of your windows that minted nothing.
import { html, useEffect, useSignal } from "../html.js";
import { ask } from "../daemon/ask.js";
import * as state from "../daemon/state.js";
import { AppealButton } from "./report.js";
import { sentence, when } from "../words.js";

function Unminted({ block }) {
  return html`<li class="card unminted">
    <h2><span dir="auto">${block.song || "A play"}</span>, window ${block.window + 1} <small class="quiet number">${when(block.played_ms)}</small></h2>
    <p>${sentence(block.why)}</p>
    <p><b>What to do:</b> ${sentence(block.next)}</p>
    ${block.can_appeal && html`<${AppealButton} block=${block.block} />`}
  </li>`;
}

export function WhyNothing() {
  const blocks = useSignal(null);
  const fault = useSignal("");
  useEffect(() => {
    ask(state.token, "GET", "unminted").then((answer) => (blocks.value = answer.blocks), (error) => (fault.value = `${error.why} ${error.next}`));
  }, []);
  if (fault.value) return html`<p class="refusal" role="alert">${fault.value}</p>`;
  if (!blocks.value) return html`<p class="quiet">Looking through your chain; usually 1 s.</p>`;
  if (!blocks.value.length) return html`<p class="quiet">Nothing to explain: no window of yours was sealed that did not mint.</p>`;
  return html`<ul class="unminted-list">${blocks.value.map((block) => html`<${Unminted} key=${block.block} block=${block} />`)}</ul>`;
}
