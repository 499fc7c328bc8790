// Later: what is to be removed waits a few seconds, so that it can be taken back.
import { html, signal } from "../html.js";

const UNDO_MS = 6_000;
const FAILED_MS = 12_000;

/** What waits: { key, says, timer, hasFailed }. */
export const pending = signal([]);

const without = (key) => pending.value.filter((one) => one.key !== key);
export const isPending = (key) => pending.value.some((one) => one.key === key && !one.hasFailed);

/** Does `act` when the time to take it back is over; until then `isPending(key)`. */
export function removeLater(key, says, act) {
  takeBack(key);
  const timer = setTimeout(async () => {
    try {
      await act();
      pending.value = without(key);
    } catch (error) {
      const failed = { key, says: `${error.why ?? "That could not be removed."} ${error.next ?? "Try again."}`, timer: 0, hasFailed: true };
      pending.value = [...without(key), failed];
      setTimeout(() => (pending.value = without(key)), FAILED_MS);
    }
  }, UNDO_MS);
  pending.value = [...without(key), { key, says, timer, hasFailed: false }];
}

export function takeBack(key) {
  clearTimeout(pending.value.find((one) => one.key === key)?.timer);
  pending.value = without(key);
}

export function Undo() {
  return html`<div class="undo" role="status">${pending.value.map(({ key, says, hasFailed }) => html`<p key=${key} class=${hasFailed ? "failed" : ""}>
    <span dir="auto">${says}</span> ${!hasFailed && html`<button onClick=${() => takeBack(key)}>Undo</button>`}
  </p>`)}</div>`;
}
