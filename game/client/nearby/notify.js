// Notify: who is drawn is told, also while another window is in front; only if they wanted it.
import { signal } from "../html.js";
import { nameOf } from "../people.js";
import * as state from "../daemon/state.js";

const KEY = "popd.notify";
const isThere = "Notification" in window && isSecureContext;

/** no: it can't be had here; ask, on, off, or denied by the browser. */
export const notifying = signal(conditionNow());

function conditionNow() {
  if (!isThere) return "no";
  if (Notification.permission === "denied") return "denied";
  if (Notification.permission === "default") return "ask";
  return localStorage.getItem(KEY) === "off" ? "off" : "on";
}

/** The user pressed the button: asks the browser the first time. */
export async function switchNotifying() {
  if (notifying.value === "ask") await Notification.requestPermission();
  else localStorage.setItem(KEY, notifying.value === "on" ? "off" : "on");
  notifying.value = conditionNow();
}

export const drawnWords = (duty) => `You were drawn to judge ${nameOf(duty.performer)}: window ${duty.window + 1}${duty.song ? ` of ${duty.song}` : ""}.`;

export function tellDrawn(duty) {
  state.announcement.value = drawnWords(duty);
  if (notifying.value !== "on" || !document.hidden) return;
  const shown = new Notification("You were drawn", { body: `${drawnWords(duty)} Your node answers by itself when you don't.`, tag: duty.block });
  shown.onclick = () => {
    focus();
    state.goTo("nearby");
    shown.close();
  };
}
