// Ask: requests to the daemon; what it refuses becomes a sentence with its next step.
import { signal } from "../html.js";

/** Whether the daemon's keys are locked, as far as it said. */
export const keysLocked = signal(false);

/** `why` says what happened, `next` what to do; `status` 0 means that nobody answered. */
export class Refusal extends Error {
  constructor(status, why, next) {
    super(`${why} ${next}`);
    this.status = status;
    this.why = why;
    this.next = next;
  }
}

const SILENT = ["The daemon doesn't answer.", "Nothing is lost. Look whether it still runs, then try again."];
const UNCLEAR = ["The daemon could not do that.", "Try again; when it stays so, look at popctl logs."];
const MAX_SAID = 400;
const LOCKED = 423;
const UNLOCK = "Unlock them in your purse, then try again.";

const said = (text, fallback) => (typeof text === "string" && text ? text.slice(0, MAX_SAID) : fallback);

async function refusalOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === LOCKED) keysLocked.value = true;
  const next = answer.status === LOCKED ? UNLOCK : said(problem?.next, UNCLEAR[1]);
  return new Refusal(answer.status, said(problem?.why, UNCLEAR[0]), next);
}

/**
 * `method` `path` (below /api/v1/) with `json` or `bytes` as its body. Resolves to the answer's JSON, or to the
 * Response when `isRaw`. Throws a Refusal.
 */
export async function ask(token, method, path, { json, bytes, isRaw = false } = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? bytes : JSON.stringify(json);
  const answer = await fetch(`/api/v1/${path}`, { method, headers, body }).catch(() => {
    throw new Refusal(0, ...SILENT);
  });
  if (!answer.ok) throw await refusalOf(answer);
  if (isRaw) return answer;
  return answer.json().catch(() => {
    throw new Refusal(answer.status, ...UNCLEAR);
  });
}

/** A path of the API, each part made safe for an address. */
export const path = (...parts) => parts.map(encodeURIComponent).join("/");
