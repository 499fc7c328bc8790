// Wallet: requests about coins that come and go; what is refused becomes a sentence.
import { signal } from "../html.js";
import { ask } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

const MICRO = 1_000_000;

export const moving = signal(null); // { incoming, outgoing }; null until the daemon told
export const said = signal(""); // what became of the last act
export const fault = signal(null); // a Refusal, or null

/** Asks, and keeps a refusal to be shown; resolves to null then. */
export async function attempt(method, path, json) {
  fault.value = null;
  try {
    return await ask(state.token, method, path, json === undefined ? {} : { json });
  } catch (error) {
    fault.value = error;
    return null;
  }
}

export async function loadMoving() {
  const answer = await ask(state.token, "GET", "wallet/incoming").catch(() => null); // the shell says when nobody answers
  if (!answer) return;
  const isMoved = moving.value && statesOf(moving.value) !== statesOf(answer);
  moving.value = answer;
  if (isMoved) state.loadPurse(); // what was declined is back, what came by itself is there
}

const statesOf = ({ incoming, outgoing }) => [...incoming, ...outgoing].map((one) => `${one.transfer}${one.state ?? ""}`).join();

async function settle(words, done) {
  if (!done) return;
  said.value = words;
  await loadMoving();
  state.loadPurse();
}

export const receive = async (transfers, words) => settle(words, await attempt("POST", "wallet/receive", { transfers }));
export const decline = async (transfer, reason, words) => settle(words, await attempt("POST", "decline", { transfer, reason }));

/** "0.25" as 250000, or NaN. */
export const toUjam = (text) => (/^\d{1,9}([.,]\d{1,6})?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * MICRO) : NaN);

/** 250000 as "0.25". */
export const toText = (ujam) => String(ujam / MICRO);
