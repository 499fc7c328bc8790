// Say: the words of Nearby: decisions, states of a duty, read-outs; one place, so that they stay alike.
import { nameOf } from "../people.js";
import { lasting, minutes, percent, seconds, sentence } from "../words.js";

export const CHOICES = { accept: "accept", reject: "reject", cannot_judge: "cannot judge" };
export const SAID = { accept: "accepted", flag: "has doubts about", reject: "rejected" };
const WOULD = { accept: "would accept it", flag: "has doubts, and would not accept it", reject: "would reject it" };

/** What the node would say by itself, and why, as a sentence. */
export function suggestionOf(duty) {
  if (!duty.suggestion) return "";
  const reasons = duty.reasons.length ? `: ${duty.reasons.join("; ")}` : "";
  return `Your node ${WOULD[duty.suggestion] ?? duty.suggestion}${reasons}.`;
}

/** What is being waited for, or what became of it. */
export function stateOf(duty, nowMs) {
  const left = lasting(Math.max(0, duty.until_ms - nowMs));
  const isMeasured = !["fetching", "judging"].includes(duty.state);
  if (!isMeasured && duty.choice) return duty.choice === "cannot_judge" ? "You can't judge it." : `You ${duty.choice} it. Signed once it is measured.`;
  switch (duty.state) {
    case "fetching": return "What was played is on its way here; usually 1 s.";
    case "judging": return "The detectors look at it; usually 1 s.";
    case "asking": return `It says so by itself in ${left}.`;
    case "decided": return duty.choice === "cannot_judge" ? `You can't judge it. Your node stays silent in ${left}.` : `You ${duty.choice} it. Signed in ${left}.`;
    case "signed": return duty.choice ? `Signed: you ${SAID[duty.choice] ?? duty.choice} it.` : `Signed: your node ${SAID[duty.suggestion] ?? "judged"} it by itself.`;
    case "passed": return "You gave no word. That costs nothing.";
    default: return sentence(duty.why) || "It can't be judged here.";
  }
}

/** How much of a block's log is the detectors' matter, in numbers. */
export function numbersOf(metrics, anomalyPpm) {
  const [answered, seen] = metrics.riffs;
  return [
    ["looks odd", percent(anomalyPpm)],
    ["accuracy", percent(metrics.accuracy_ppm)],
    ["riffs answered", `${answered} of ${seen}`],
    ["notes hit", String(metrics.events)],
    ["variety", percent(metrics.diversity_ppm)],
    ["on the beat", percent(metrics.harmony_ppm)],
  ];
}

/** Where in it somebody is: { share 0 to 1, words }. */
export function placeOf(performance, nowMs) {
  const playedMs = nowMs - performance.start_us / 1_000;
  const windowMs = performance.window_us / 1_000;
  const wholeMs = windowMs * performance.windows;
  if (!nowMs) return { share: 0, words: "" };
  if (playedMs < 0) return { share: 0, words: `begins in ${seconds(-playedMs)}` };
  const window = Math.min(performance.windows, Math.floor(playedMs / windowMs) + 1);
  return { share: Math.min(1, playedMs / wholeMs), words: `window ${window} of ${performance.windows}, at ${minutes(playedMs)}` };
}

/** How near somebody's node says that it is, and what was measured. */
export const nearnessOf = ({ performer, nearness }) => `The node of ${nameOf(performer)} ${nearness.words}.`;

/** Whether what is played is known, and how it is called. */
export const songOf = (performance) => performance.song || "a song that is on its way here";
