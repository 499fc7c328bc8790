// Phones: the owner opens a door in the network, and a phone comes in with a code.
import { ask } from "../daemon/ask.js";
import { html, useEffect, useState } from "../html.js";
import { QrCode } from "./qr.js";
import { clock, token } from "../daemon/state.js";
import { plural } from "../words.js";

const USUAL_MS = 300_000; // how long a ticket is good, while the daemon's clock is not known yet
const LOOK_MS = 1_000;

const pageMsUntil = (untilUs) => (clock.isKnown ? clock.toPageMs(untilUs) : performance.now() + USUAL_MS);

function Left({ untilMs }) {
  const [, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look((count) => count + 1), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const left = Math.ceil((untilMs - performance.now()) / 60_000);
  return left > 0
    ? html`<p class="quiet">Good for one phone, for ${plural(left, "more minute")}.</p>`
    : html`<p class="refusal">This code is over. Make a new one.</p>`;
}

function Code({ ticket }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(ticket.address).then(() => setCopied(true), () => {});
  return html`<div class="pairing">
    <${QrCode} rows=${ticket.code} label="Code that opens this game on a phone" />
    <div class="how-to">
      <p>Point the phone's camera at the code. Or type this there:</p>
      <p class="address"><code>${ticket.address}</code></p>
      ${navigator.clipboard && html`<p><button onClick=${copy}>${isCopied ? "Copied" : "Copy the address"}</button></p>`}
      <${Left} key=${ticket.address} untilMs=${ticket.untilMs} />
    </div>
  </div>`;
}

/** `act` does what it is given, and keeps its refusal to be shown. */
function useRefusals() {
  const [refusal, setRefusal] = useState(null);
  const act = async (what) => {
    setRefusal(null);
    try {
      return await what();
    } catch (error) {
      setRefusal(error);
      return null;
    }
  };
  return [refusal, act];
}

export function PhonePart() {
  const [address, setAddress] = useState(null); // "" while the door is shut
  const [ticket, setTicket] = useState(null);
  const [refusal, act] = useRefusals();
  useEffect(() => {
    act(async () => setAddress((await ask(token, "GET", "lan")).address));
  }, []);
  const newCode = () => act(async () => {
    const made = await ask(token, "POST", "tickets", { json: {} });
    setTicket({ ...made, untilMs: pageMsUntil(made.until_us) });
  });
  const open = () => act(async () => {
    setAddress((await ask(token, "POST", "lan", { json: {} })).address);
    await newCode();
  });
  const shut = () => act(async () => {
    setAddress((await ask(token, "DELETE", "lan")).address);
    setTicket(null);
  });
  return html`<section class="card part">
    <h2>Play on a phone</h2>
    <p class="quiet">A phone in the same network plays as you, with big lanes to touch, for an evening. It can't spend, import or remove.
      The way there is not encrypted: do it in a network that you trust.</p>
    ${refusal && html`<p class="refusal" role="alert"><b>${refusal.why}</b> ${refusal.next}</p>`}
    ${address === "" && html`<p><button class="main" onClick=${open}>Let a phone in</button></p>`}
    ${ticket && html`<${Code} ticket=${ticket} />`}
    ${address && html`<p class="row">
      <button class=${ticket ? "" : "main"} onClick=${newCode}>${ticket ? "New code" : "Show a code"}</button>
      <button onClick=${shut}>Let nobody in any more</button>
    </p><p class="quiet">Open at ${address}. Letting nobody in any more also sends away whoever is in.</p>`}
  </section>`;
}
