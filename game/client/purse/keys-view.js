// Keys view: locking, copies, and which identity is in use; above all what rests while they are locked.
import { html, useEffect, useState } from "../html.js";
import { keysLocked } from "../daemon/ask.js";
import { keys, loadKeys, lock, lockAfter, refused } from "./keys.js";
import { Locked } from "./locked.js";
import { Restoring } from "./restoring.js";
import { loadMoving } from "./wallet.js";

const LOOK_MS = 3_000;
const TIMES = [[0, "never"], [300, "5 min"], [900, "15 min"], [3_600, "1 h"], [28_800, "8 h"]];

const timeOf = (seconds) => TIMES.find(([known]) => known === seconds)?.[1] ?? `${Math.max(1, Math.round(seconds / 60))} min`;

function LockTime({ seconds }) {
  const times = TIMES.some(([known]) => known === seconds) ? TIMES : [...TIMES, [seconds, timeOf(seconds)]];
  return html`<fieldset class="choice wide"><legend class="seen">They lock by themselves after</legend>
    ${times.map(([value, label]) => html`<label key=${value}>
      <input type="radio" name="lock-after" checked=${value === seconds} onChange=${() => lockAfter(value)} /><span>${label}</span></label>`)}</fieldset>
    <p class="quiet">Counted from the last thing that you wrote, and kept until the daemon stops.</p>`;
}

function Copies({ hasPassphrase, isRemembered }) {
  if (!hasPassphrase) return html`<p>They have no passphrase: whoever reads this machine's files has them. Give them one with <code>popctl wallet
    passphrase</code>; then <code>popctl wallet backup FILE</code> keeps a copy elsewhere.</p>`;
  return html`<p>Keep a copy elsewhere: <code>popctl wallet backup FILE</code>. Your passphrase opens it; try it with
    <code> popctl wallet verify FILE</code>.</p>
    <p class="quiet">${isRemembered ? "This system's keyring keeps the passphrase, so the next start asks nothing." : "The next start asks for the passphrase."}</p>`;
}

function Identities({ list }) {
  if (list.length < 2) return null;
  const others = list.filter(({ active }) => !active).map(({ name }) => name);
  return html`<p>In use is <b dir="auto">${list.find(({ active }) => active)?.name}</b>; also on this machine: <span dir="auto">${others.join(", ")}</span>.
    To take up another, type <code>popctl wallet use ${others[0]}</code>, then <code>popctl down</code> and start again.</p>`;
}

function OwnKey({ did }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(did).then(() => setCopied(true), () => {});
  return html`<p class="quiet">Your key, for whoever wants to pay you and is not near:</p>
    <p class="row address"><code>${did}</code>${navigator.clipboard && html`<button class="small"
      onClick=${copy}>${isCopied ? "Copied" : "Copy it"}</button>`}</p>`;
}

function Open({ held }) {
  return html`<details class="keys">
    <summary>Your keys are open${held.lock_after_s > 0 && `; they lock after ${timeOf(held.lock_after_s)}`}</summary>
    <div class="menu">
      <p><button onClick=${lock}>Lock now</button></p>
      <${LockTime} seconds=${held.lock_after_s} />
      <${Copies} hasPassphrase=${held.has_passphrase} isRemembered=${held.remembered} />
      <${Identities} list=${held.identities} />
      <${OwnKey} did=${held.identity.did} />
      ${refused.value && html`<p class="refusal" role="alert"><b>${refused.value.why}</b> ${refused.value.next}</p>`}
    </div></details>`;
}

/** Asked for once, again whenever they lock or open, and while a chain comes back. */
export function Keys() {
  const isRestoring = Boolean(keys.value?.restoring);
  useEffect(() => {
    loadKeys();
    loadMoving();
  }, [keysLocked.value]);
  useEffect(() => {
    if (!isRestoring) return undefined;
    const timer = setInterval(() => document.hidden || loadKeys(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isRestoring]);
  const held = keys.value;
  if (!held) return null;
  return html`${held.restoring && html`<${Restoring} ...${held.restoring} />`}
    ${held.locked ? html`<${Locked} hasPassphrase=${held.has_passphrase} />` : html`<${Open} held=${held} />`}`;
}
