// Devices: which the user has, which of them holds the pen, one more by a code, one less.
import { ask, path } from "../daemon/ask.js";
import { html, useEffect, useState } from "../html.js";
import { clock, token } from "../daemon/state.js";
import { plural, when } from "../words.js";
import { QrCode } from "./qr.js";

const LOOK_MS = 2_000;
const USUAL_MS = 300_000; // how long a link is good, while the daemon's clock is not known yet

export const PENS = {
  away: "The device that holds your pen is away. Start popd on it, or wait until it is back: until then nothing can be written, and nothing is lost.",
  locked: "Your keys are locked on the device that holds your pen. Unlock them there, in its Purse: until then nothing can be written, and nothing is lost.",
  unpaired: "The device that holds your pen has not taken this one in. A link is good once and for five minutes: make a new one there (popctl device pair), end popd here (popctl down), and join again (popctl device join).",
  forgotten: "The device that holds your pen has forgotten this one. Nothing more is written from here. To come back, pair the two once more.",
};

const isDevice = (one) => /^[0-9a-f]{64}$/.test(one?.node) && typeof one.name === "string";
const nameOf = (one) => one.name || (one.holds_pen ? "The device that holds your pen" : "A device");

function seenWord(one) {
  if (one.is_this) return "you are here";
  if (one.is_connected) return "here now";
  return one.seen_ms ? `last here ${when(one.seen_ms)}` : "not here";
}

function Forgetting({ device, onForget, onLeave }) {
  return html`<div class="refusal" role="alertdialog" aria-label=${`Forget ${nameOf(device)}?`}>
    <p><b>Forget ${nameOf(device)}?</b></p>
    <ul>
      <li>It can't play, send or rate as you any more, from now on.</li>
      <li>What it has written stays written. Names and settings that it has stay on it.</li>
      <li>Your other devices get a new key by themselves.</li>
    </ul>
    <p class="row"><button onClick=${onForget}>Forget it</button><button onClick=${onLeave}>Keep it</button></p>
  </div>`;
}

function Row({ device, mayForget, onForget }) {
  const [isAsking, setAsking] = useState(false);
  return html`<li class="device">
    <div class="row">
      <p class="grow"><b dir="auto">${nameOf(device)}</b>${" "}
        ${device.holds_pen && html`<span class="chip">holds the pen</span>${" "}`}
        <span class="quiet">${seenWord(device)}</span></p>
      ${mayForget && !isAsking && html`<button onClick=${() => setAsking(true)} aria-label=${`Forget ${nameOf(device)}`}>Forget</button>`}
    </div>
    ${isAsking && html`<${Forgetting} device=${device} onForget=${() => onForget(device)} onLeave=${() => setAsking(false)} />`}
  </li>`;
}

function Code({ ticket, onNew }) {
  const [isCopied, setCopied] = useState(false);
  const [, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.ceil((ticket.untilMs - performance.now()) / 60_000);
  const copy = () => navigator.clipboard.writeText(ticket.link).then(() => setCopied(true), () => {});
  if (left <= 0) return html`<p class="refusal">This code is over. <button onClick=${onNew}>Make a new one</button></p>`;
  return html`<div class="pairing">
    <${QrCode} rows=${ticket.code} label="Code by which another device of yours joins" />
    <div class="how-to">
      <p>On the other device, with popd installed, run <kbd>popctl device join</kbd> and give it the link that the code holds:</p>
      <p class="address"><code>${ticket.link}</code></p>
      ${navigator.clipboard && html`<p><button onClick=${copy}>${isCopied ? "Copied" : "Copy the link"}</button></p>`}
      <p class="quiet">Then start popd there. Good for one device, for ${plural(left, "more minute")}. Show it to nobody else: it makes
        whoever has it one of your devices.</p>
    </div>
  </div>`;
}

export function OwnPart() {
  const [found, setFound] = useState(null); // { pen, devices }
  const [ticket, setTicket] = useState(null);
  const [known, setKnown] = useState(0); // how many there were when the code was made
  const [refusal, setRefusal] = useState(null);
  const take = ({ pen, devices }) => setFound({ pen, devices: (Array.isArray(devices) ? devices : []).filter(isDevice) });
  const act = async (what) => {
    setRefusal(null);
    try {
      await what();
    } catch (error) {
      setRefusal(error);
    }
  };
  useEffect(() => {
    const look = () => act(async () => take(await ask(token, "GET", "devices")));
    look();
    const timer = setInterval(() => document.hidden || look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const newCode = () => act(async () => {
    const made = await ask(token, "POST", "devices/ticket", { json: {} });
    setKnown(found.devices.length);
    setTicket({ ...made, untilMs: clock.isKnown ? clock.toPageMs(made.until_us) : performance.now() + USUAL_MS });
  });
  const forget = (device) => act(async () => take(await ask(token, "DELETE", path("devices", device.node))));
  const isHolder = found?.pen === "own";
  const hasJoined = ticket && found && found.devices.length > known;
  return html`<section class="card part">
    <h2>Devices</h2>
    <p class="quiet">Names, settings, keys and best runs follow you to each of them, sealed so that nobody else reads them. One device holds
      the pen and your keys; the others ask it whenever they write.</p>
    ${refusal && html`<p class="refusal" role="alert"><b>${refusal.why}</b> ${refusal.next}</p>`}
    ${found && html`<ul class="devices">${found.devices.map((device) => html`<${Row} key=${device.node} device=${device} mayForget=${isHolder && !device.is_this} onForget=${forget} />`)}</ul>`}
    ${!found && !refusal && html`<p class="waiting" role="status">Looking for your devices; usually at once.</p>`}
    ${hasJoined && html`<p class="good-news" role="status">The new device has joined.</p>`}
    ${isHolder && ticket && !hasJoined && html`<${Code} key=${ticket.link} ticket=${ticket} onNew=${newCode} />`}
    ${isHolder && (!ticket || hasJoined) && html`<p><button class="main" onClick=${newCode}>Add a device</button></p>`}
    ${found && !isHolder && html`<p class="quiet">Devices are added and forgotten on the one that holds the pen.</p>`}
  </section>`;
}
