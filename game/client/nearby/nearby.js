// Nearby: what the page knows of those who perform, of what it was drawn for, and of what its node said.
import { batch, computed, signal } from "../html.js";
import { ask } from "../daemon/ask.js";
import * as state from "../daemon/state.js";
import { Line } from "./line.js";
import { tellDrawn } from "./notify.js";
import { CHOICES } from "./say.js";

const OPEN_STATES = ["fetching", "judging", "asking", "decided"];
const TICK_MS = 250;
const KEPT_DUTIES = 32;

export const performances = signal(null); // null until the daemon told
export const duties = signal([]); // newest first
export const attested = signal(null); // newest first; null until it was asked for
export const reads = signal({}); // session -> what the detectors make of it so far
export const watched = signal(null); // the performance that is looked at; stays when it is over
export const isLineOpen = signal(false);
export const nowMs = signal(0); // by the daemon's clock, four times a second
export const toast = signal(null); // the block that the user was last drawn for, until it is put away
export const hooks = { onFrame() {} }; // onFrame(frame, daemon us when it arrived)

/** The duty that keys and the card are about: the one that has to be decided first. */
export const pressing = computed(() => {
  const open = duties.value.filter((duty) => OPEN_STATES.includes(duty.state));
  const rank = (duty) => (["asking", "decided"].includes(duty.state) ? duty.until_ms : Infinity);
  return open.sort((a, b) => rank(a) - rank(b))[0] ?? null;
});

/** The same duties with the one that keys are about at the top. */
export function urgentFirst(found) {
  const first = found.find(({ block }) => block === pressing.value?.block);
  return first ? [first, ...found.filter((duty) => duty !== first)] : found;
}

export const isOpen = (duty) => OPEN_STATES.includes(duty.state);
export const isOn = (session) => Boolean(performances.value?.some((one) => one.session === session));

let line = null;
const seen = new Set(); // blocks that were told of

let pageMsAtZero = NaN; // when, on the page's clock, the daemon's was 0; what was known last, while a new line is opened

/** The daemon's time (us) now, or NaN before it was known. */
export function daemonUs() {
  if (line?.clock.isKnown) pageMsAtZero = line.clock.toPageMs(0);
  return (performance.now() - pageMsAtZero) * 1_000;
}

export function openNearby() {
  if (!state.token) return;
  line = new Line(state.token, receive);
  line.connect();
  setInterval(() => {
    const us = daemonUs();
    if (us > 0) nowMs.value = us / 1_000;
  }, TICK_MS);
}

export function watch(performance) {
  watched.value = performance;
  line?.watch(performance?.session ?? "");
}

/** While the place is open, drawn blocks wait for a word by hand. */
export function attend(isThere) {
  if (state.isOwner.value || !isThere) line?.attend(isThere);
}

export async function loadAttested() {
  if (!state.isOwner.value) return;
  const answer = await ask(state.token, "GET", "nearby").catch(() => null);
  if (answer) attested.value = answer.attested;
}

/** Says something of a block, or takes it back; a refusal becomes a sentence on the card. */
export const judge = (block, choice) => tell("nearby/judge", { block, choice });
export const undo = (block) => tell("nearby/undo", { block });

export const fault = signal(""); // why the last word was not taken

async function tell(path, json) {
  fault.value = "";
  try {
    takeDuty(await ask(state.token, "POST", path, { json }));
    state.announcement.value = json.choice ? `You said: ${CHOICES[json.choice]}. It can be undone for 5 s.` : "Taken back.";
  } catch (error) {
    fault.value = `${error.why} ${error.next}`;
    state.announcement.value = fault.value;
  }
}

function takeDuty(duty) {
  const others = duties.value.filter(({ block }) => block !== duty.block);
  duties.value = [duty, ...others].sort((a, b) => b.drawn_ms - a.drawn_ms).slice(0, KEPT_DUTIES);
  noteDrawn(duty);
  if (duty.state === "signed") loadAttested();
}

/** Tells once of each block that this node is drawn for while it can still be looked at. */
function noteDrawn(duty) {
  if (!isOpen(duty) || seen.has(duty.block)) return;
  seen.add(duty.block);
  toast.value = duty.block;
  tellDrawn(duty);
}

function receive(message) {
  switch (message.type) {
    case "line":
      isLineOpen.value = message.isOpen;
      break;
    case "nearby":
      batch(() => {
        performances.value = message.performances;
        duties.value = message.duties;
        message.duties.forEach(noteDrawn);
        const same = message.performances.find((one) => one.session === watched.value?.session);
        if (same) watched.value = same;
      });
      break;
    case "frame":
      hooks.onFrame(message, daemonUs());
      break;
    case "read":
      reads.value = { ...reads.value, [message.session]: message };
      break;
    case "duty":
      takeDuty(message.duty);
      break;
  }
}
