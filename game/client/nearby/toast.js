// Toast: wherever you are in the app, being drawn is told: what it means, and how long it waits.
import { html, useEffect } from "../html.js";
import { duties, nowMs, toast } from "./nearby.js";
import { drawnWords } from "./notify.js";
import { stateOf, suggestionOf } from "./say.js";
import { goTo, onStage, place } from "../daemon/state.js";

const LINGER_MS = 6_000; // after it is signed, so that it can be read
const OVER = ["signed", "passed", "lost"];

export function DrawnToast() {
  const duty = duties.value.find(({ block }) => block === toast.value);
  const isOver = duty && OVER.includes(duty.state);
  const away = () => (toast.value = null);
  useEffect(() => {
    if (!isOver) return undefined;
    const timer = setTimeout(away, LINGER_MS);
    return () => clearTimeout(timer);
  }, [isOver, toast.value]);
  if (!duty || place.value === "nearby" || onStage.value) return null; // who plays is not to be disturbed
  const look = () => {
    away();
    goTo("nearby");
  };
  return html`<aside class="toast" aria-label="You were drawn">
    <p><b>${drawnWords(duty)}</b></p>
    ${duty.look && html`<p>A person is asked to look.</p>`}
    <p class="quiet number">${suggestionOf(duty)} ${stateOf(duty, nowMs.value)}</p>
    <div class="row"><button class="main" onClick=${look}>Look</button><button onClick=${away}>Let it decide</button></div>
  </aside>`;
}
