// Reading: what the daemon answers, without the characters that turn the words around a name.
import { Refusal, ask } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const UNREADABLE = ["The daemon's answer can't be read.", "Reload the page; when it stays so, look at popctl logs."];

const straight = (key, value) => (typeof value === "string" ? value.replace(TURNING, "") : value);

/** The answer to GET `path`; throws a Refusal. */
export async function read(path) {
  const answer = await ask(state.token, "GET", path, { isRaw: true });
  try {
    return JSON.parse(await answer.text(), straight);
  } catch {
    throw new Refusal(answer.status, ...UNREADABLE);
  }
}
