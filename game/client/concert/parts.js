// Parts: what the views of a concert have in common: a heading that is told of, and what was refused.
import { html, useEffect, useRef } from "../html.js";
import { goTo, isGuest } from "../daemon/state.js";
import { trouble } from "./concerts.js";

/** A heading that has the focus when its view opens, so that who can't see hears where they are. */
export function Heading({ children, level = 1 }) {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return level === 1
    ? html`<h1 tabindex="-1" ref=${heading} dir="auto">${children}</h1>`
    : html`<h2 tabindex="-1" ref=${heading} dir="auto">${children}</h2>`;
}

export const Refused = () => (trouble.value ? html`<p class="refusal" role="alert"><b>${trouble.value.why}</b> ${trouble.value.next}</p>` : null);

export const Back = ({ to = "", label = "All concerts" }) => (isGuest ? null : html`<button class="small"
  onClick=${() => goTo("concert", to)}>${label}</button>`);

export const nameOfConcert = (concert) => concert.name || "A concert without a name";
