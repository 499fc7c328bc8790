// Seat: a guest's place at a concert: taken with the poster's secret and the guest's own key, kept over reloads.
import { Refusal, ask } from "../daemon/ask.js";
import { guestKey, guestSeed } from "./guest-key.js";
import { doorDigest, signAsGuest } from "./signing.js";

const STORE = "popd.seat";
const VOID = ["That code opens no concert here.", "Look at the poster: it may be another letter, or the door was shut. Then try again."];
const SHUT = ["This concert's door was shut.", "What you said stays said. Ask the host for the code, and scan it: the same phone finds its seat."];
const LOST = [401, 403, 404]; // the seat is gone; whatever else is refused may pass

/** Why no seat was given, as a Refusal; null when none was asked for, or it was. */
export let seatRefusal = null;

let held = stored(); // { secret, token, concert, teller, network } or null

function stored() {
  try {
    const seat = JSON.parse(localStorage.getItem(STORE) ?? "null");
    const isWhole = ["secret", "token", "concert", "teller", "network"].every((name) => typeof seat?.[name] === "string");
    if (isWhole) return seat;
  } catch {
    // nothing that we wrote
  }
  return null;
}

function keep(seat) {
  held = seat;
  try {
    if (seat) localStorage.setItem(STORE, JSON.stringify(seat));
    else localStorage.removeItem(STORE);
  } catch {
    // a forbidden store: the seat holds as long as the page
  }
}

export const seat = () => held;
export const seatToken = () => held?.token ?? "";
export const isSeated = (token) => Boolean(token) && token === held?.token;

/** A seat by the door's secret, or by the short code of the poster; the same key gets the same seat. Says whether. */
export async function takeSeat(secret) {
  seatRefusal = null;
  try {
    const door = await ask(secret, "GET", "guest");
    const key = guestKey();
    const signature = signAsGuest(guestSeed(), door.network, doorDigest(door.concert, door.teller, key, door.challenge));
    const { token, concert, secret: whole } = await ask(secret, "POST", "guest", { json: { key, challenge: door.challenge, signature } });
    keep({ secret: whole ?? secret, token, concert, teller: door.teller, network: door.network });
    return true;
  } catch (error) {
    seatRefusal = error.status === 401 ? new Refusal(error.status, ...VOID) : error;
    return false;
  }
}

/** The daemon does not know the seat any more: once more with what it was taken with. */
export async function takeSeatAgain() {
  const latest = stored();
  if (latest && latest.token !== held?.token) {
    held = latest; // another tab of this browser came back first: both share the seat
    return true;
  }
  if (!held) return false;
  const isTaken = await takeSeat(held.secret);
  if (!isTaken && LOST.includes(seatRefusal.status)) {
    seatRefusal = new Refusal(seatRefusal.status, ...SHUT);
    keep(null);
  }
  return isTaken;
}
