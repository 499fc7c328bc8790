// Keys: whether one's own are locked, and whose they are; a passphrase is passed on and never kept.
import { batch, signal } from "../html.js";
import { ask, keysLocked } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

export const keys = signal(null); // what the daemon says of them
export const refused = signal(null); // a Refusal, or null

function take(found) {
  batch(() => {
    keys.value = found;
    keysLocked.value = found.locked;
  });
  return true;
}

/** Resolves to whether it was done; otherwise `refused` says why not. */
async function attempt(method, path, json) {
  refused.value = null;
  try {
    return take(await ask(state.token, method, path, { json }));
  } catch (error) {
    refused.value = error;
    return false;
  }
}

export async function loadKeys() {
  const found = await ask(state.token, "GET", "wallet").catch(() => null); // the shell says when nobody answers
  if (found) take(found);
}

export const lock = () => attempt("POST", "wallet/lock", {});
export const unlock = (passphrase) => attempt("POST", "wallet/unlock", { passphrase });
export const lockAfter = (seconds) => attempt("PUT", "wallet/locking", { lock_after_s: seconds });
export const writeOn = () => attempt("POST", "wallet/write-on", {});
