// Coin: the one that is looked at, read from the daemon with everybody through whose eyes it is seen.
import { batch, signal } from "../html.js";
import { ask, path as address } from "../daemon/ask.js";
import * as state from "../daemon/state.js";

export const MOST_OTHERS = 8;
export const COIN = "coin/"; // before the key of a coin and the way of a part of it, as a part of the purse

export const opened = signal(null); // { lot, path } of the coin that is open; without a path it is the largest part
export const seen = signal(null); // what the daemon says of it
export const eyes = signal([]); // ids of others
export const problem = signal("");

export const openCoin = (lot, path) => state.goTo("purse", `${COIN}${lot}/${path.join(",")}`);

/** Reads the coin that a part of the purse names. */
export function openPart(part) {
  const [lot, path] = part.slice(COIN.length).split("/");
  batch(() => {
    opened.value = { lot, path };
    seen.value = null;
    eyes.value = [];
    problem.value = "";
  });
  look();
}

export function seeThrough(ids) {
  eyes.value = ids.slice(0, MOST_OTHERS);
  look();
}

export async function look() {
  const coin = opened.value;
  const { lot, path } = coin;
  const query = new URLSearchParams();
  if (path !== undefined) query.set("path", path);
  for (const id of eyes.value) query.append("as", id);
  try {
    const found = await ask(state.token, "GET", `${address("value", "coins", lot)}?${query}`);
    if (opened.value === coin) seen.value = found;
  } catch (error) {
    if (opened.value === coin) problem.value = `${error.why} ${error.next}`;
  }
}
