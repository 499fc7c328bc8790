// Coin: the one that is looked at, read from the daemon with everybody through whose eyes it is seen.
import { batch, signal } from "../html.js";
import { ask, path as address } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

export const MOST_OTHERS = 8;

export const opened = signal(null); // { lot, path } of the coin that is open
export const seen = signal(null); // what the daemon says of it
export const eyes = signal([]); // ids of others
export const problem = signal("");

export function openCoin(lot, path) {
  batch(() => {
    opened.value = { lot, path };
    seen.value = null;
    eyes.value = [];
    problem.value = "";
  });
  state.goTo("purse", "coin");
  look();
}

export function seeThrough(ids) {
  eyes.value = ids.slice(0, MOST_OTHERS);
  look();
}

async function look() {
  const { lot, path } = opened.value;
  const query = new URLSearchParams();
  if (path) query.set("path", path.join(","));
  for (const id of eyes.value) query.append("as", id);
  try {
    const found = await ask(state.token, "GET", `${address("value", "coins", lot)}?${query}`);
    if (opened.value?.lot === lot) seen.value = found;
  } catch (error) {
    problem.value = `${error.why} ${error.next}`;
  }
}
