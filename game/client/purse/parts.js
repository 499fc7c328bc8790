// Parts: what the pages of the purse have in common.
import { html, useEffect, useRef } from "../html.js";
import { goTo } from "../daemon/state.js";
import { fault } from "./wallet.js";

/** A page of the purse, with the way back and a heading that says where one is. */
export function PursePage({ name, children }) {
  const heading = useRef(null);
  useEffect(() => {
    fault.value = null;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return html`<section class="purse purse-page">
    <p><button onClick=${() => goTo("purse")}>← Purse</button></p>
    <h1 tabindex="-1" ref=${heading}>${name}</h1>
    ${fault.value && html`<p class="refusal" role="alert"><b>${fault.value.why}</b> ${fault.value.next}</p>`}
    ${children}
  </section>`;
}
