// Pairing: a phone comes in by a ticket that is good once, and keeps what it got for it over the evening.
import { Refusal, ask } from "./ask.js";
import { isSeated, seatRefusal, seatToken, takeSeat } from "../concert/seat.js";
import { takeToken } from "./link.js";

const KEY = "popd.evening";
const MAX_TICKET = 128;
const HERE = ["127.0.0.1", "localhost", "[::1]"]; // the daemon's own machine
const VOID = ["That code was used already, or its five minutes are over.", "Ask for a fresh one: on the computer, open Settings and there Phones."];

/** Why a ticket was not taken, as a Refusal; null when none was shown, or it was. */
export let refusal = null;
/** A poster's secret was in the address. */
export let cameByPoster = false;

function stored() {
  try {
    const { token, until_ms: untilMs } = JSON.parse(localStorage.getItem(KEY) ?? "null") ?? {};
    if (typeof token === "string" && token && untilMs > Date.now()) return token;
  } catch {
    // nothing that we wrote
  }
  localStorage.removeItem(KEY);
  return "";
}

/** Whether this page came in by a ticket. */
export const isLent = () => !sessionStorage.getItem("popd.token") && localStorage.getItem(KEY) !== null;

function takeFromAddress(name) {
  const secret = new URLSearchParams(location.hash.slice(1)).get(name);
  if (secret) history.replaceState(null, "", location.pathname + location.search);
  return secret?.slice(0, MAX_TICKET);
}

async function join(ticket) {
  try {
    const { token, until_us: untilUs } = await ask(ticket, "POST", "join", { json: { ticket } });
    localStorage.setItem(KEY, JSON.stringify({ token, until_ms: untilUs / 1_000 }));
    sessionStorage.removeItem("popd.token"); // this page is that guest from now on
    return token;
  } catch (error) {
    const isVoid = error.status === 401 || error.status === 403;
    refusal = isVoid ? new Refusal(error.status, ...VOID) : error;
    return "";
  }
}

/**
 * The token that this page shows: from the address, from this tab, or what a ticket was changed for; otherwise that of
 * a concert's guest. Who is let in as more stays that, whatever poster they look at.
 */
export async function tokenHere() {
  const ticket = takeFromAddress("join");
  const secret = takeFromAddress("concert");
  cameByPoster = Boolean(secret);
  const joined = ticket ? await join(ticket) : "";
  const known = joined || takeToken() || stored();
  if (known || refusal) return known;
  const isLetIn = !secret || (await takeSeat(secret));
  return isLetIn || !seatRefusal.status ? seatToken() : "";
}

/** Whether this page is a concert's guest: by a seat, or because it is on another device and has no key at all. */
export const isGuest = (token) => (token ? isSeated(token) : !refusal && !HERE.includes(location.hostname));
