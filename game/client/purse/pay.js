// Pay: to whom, how much or worth how much to them; what would leave is looked at, and can be changed.
import { html, useState } from "../html.js";
import { Person, nameOf } from "../people.js";
import { useKnown } from "../people/known.js";
import * as state from "../daemon/state.js";
import { PursePage } from "./parts.js";
import { attempt, said, toText, toUjam } from "./wallet.js";
import { jam } from "../words.js";

const partOf = ({ lot, path, amount_ujam }) => ({ lot, path, amount_ujam });

function Part({ part, onAmount, onRemove, canRemove }) {
  const [text, setText] = useState(toText(part.amount_ujam));
  const ujam = toUjam(text);
  const isChanged = ujam !== part.amount_ujam;
  return html`<li class="card">
    <p dir="auto">${part.song}</p>
    <p class="row"><input type="text" inputmode="decimal" value=${text} aria-label=${`JAM of the coin of ${part.song}`}
      onInput=${(event) => setText(event.target.value)} /> JAM
      ${isChanged && html`<button class="small" aria-disabled=${!(ujam > 0)} onClick=${() => ujam > 0 && onAmount(ujam)}>Look again</button>`}
      ${canRemove && html`<button class="small" onClick=${onRemove}>Leave it out</button>`}</p>
    <details class="worth"><summary><span>worth <b class="number">${jam(part.mine_ujam)}</b> to you</span></summary>
      <ul>${part.mine_why.map((one) => html`<li key=${one}>${one}</li>`)}</ul></details>
    <details class="worth"><summary><span>worth <b class="number">${jam(part.theirs_ujam)}</b> to them, as far as you can see</span></summary>
      <ul>${part.theirs_why.map((one) => html`<li key=${one}>${one}</li>`)}</ul></details>
  </li>`;
}

/** What leaves, in both views; nothing is sent before it is asked once. */
function Preview({ payment, look, onBack }) {
  const [saysWorth, setSaysWorth] = useState(false);
  const [isPaying, setPaying] = useState(false);
  const { to, parts } = payment;
  const change = (place, amount) => look(parts.map((part, at) => ({ ...partOf(part), amount_ujam: at === place ? amount : part.amount_ujam })));
  const leave = (place) => look(parts.filter((_, at) => at !== place).map(partOf));
  const pay = async () => {
    if (isPaying) return;
    setPaying(true);
    const done = await attempt("POST", "wallet/pay", { to: to.id, parts: parts.map(partOf), says_worth: saysWorth });
    setPaying(false);
    if (!done) return;
    said.value = `${jam(payment.amount_ujam)} JAM are on their way to ${nameOf(to)}.`;
    state.goTo("purse");
  };
  return html`<div class="payment">
    <section class="card leaves" aria-label="What leaves">
      <p class="big-amount"><b class="number">${jam(payment.amount_ujam)}</b> JAM leave to <${Person} person=${to} /></p>
      <dl class="views"><div><dt>worth to you</dt><dd class="number">${jam(payment.mine_ujam)}</dd></div>
        <div><dt>worth to <bdi>${nameOf(to)}</bdi></dt><dd class="number">${jam(payment.theirs_ujam)}</dd></div></dl>
      <p class="quiet">${payment.seen_as}</p>
      ${payment.why.length > 0 && html`<ul class="reasons">${payment.why.map((one) => html`<li key=${one}>${one}</li>`)}</ul>`}
    </section>
    ${payment.warnings.map((one) => html`<p key=${one} class="refusal" role="status">${one}</p>`)}
    <h2>The coins that leave</h2>
    <ul class="pay-parts">${parts.map((part, place) => html`<${Part} key=${`${part.lot}${part.path}${part.amount_ujam}`} part=${part} canRemove=${parts.length > 1}
      onAmount=${(amount) => change(place, amount)} onRemove=${() => leave(place)} />`)}</ul>
    <label class="check"><input type="checkbox" checked=${saysWorth}
      onChange=${(event) => setSaysWorth(event.target.checked)} /> Say what they are worth to you</label>
    <p class="public">Everybody can read that you give this to <bdi>${nameOf(to)}</bdi>${
      saysWorth && `, and that it is worth ${jam(payment.mine_ujam)} to you`}. It leaves at once; it comes
      back only when they decline it.</p>
    <p class="row"><button class="main big" aria-disabled=${isPaying} onClick=${pay}>${isPaying ? "Paying…" : "Pay"}</button><button
      onClick=${onBack}>Change</button></p>
  </div>`;
}

function FromLink({ onRead }) {
  const [link, setLink] = useState("");
  const read = async (event) => {
    event.preventDefault();
    const wanted = link.trim() && (await attempt("POST", "wallet/read-request", { link: link.trim() }));
    if (wanted) onRead(wanted);
  };
  return html`<form class="row from-link" onSubmit=${read}><label class="field"><span>A link or a key that you were given</span>
    <input type="text" value=${link} placeholder="popd:pay?… or did:key:…" autocomplete="off" spellcheck="false"
      onInput=${(event) => setLink(event.target.value)} /></label>
    <button type="submit">Read it</button></form>`;
}

export function Pay() {
  const known = useKnown();
  const [to, setTo] = useState("");
  const [asked, setAsked] = useState(null); // what a link asks for
  const [text, setText] = useState("");
  const [unit, setUnit] = useState("amount");
  const [payment, setPayment] = useState(null);
  const people = asked && !known.some(({ id }) => id === asked.to.id) ? [asked.to, ...known] : known;
  const ujam = toUjam(text);
  const isUsable = to && ujam > 0;
  const look = async (lots = null) => {
    const found = await attempt("POST", "wallet/preview", lots ? { to, lots } : { to, [`${unit}_ujam`]: ujam });
    if (found) setPayment(found);
  };
  const take = (wanted) => {
    setAsked(wanted);
    setTo(wanted.to.id);
    if (!wanted.amount_ujam) return; // a key says only who
    setText(toText(wanted.amount_ujam));
    setUnit("amount");
  };
  if (payment) return html`<${PursePage} name="Pay"><${Preview} payment=${payment} look=${look} onBack=${() => setPayment(null)} /><//>`;
  const submit = (event) => {
    event.preventDefault();
    if (isUsable) look();
  };
  return html`<${PursePage} name="Pay">
    <${FromLink} onRead=${take} />
    ${asked?.note && html`<p><b>For:</b> <bdi>${asked.note}</bdi></p>`}
    <form class="card pay-form" onSubmit=${submit}>
      <label class="field"><span>To</span><select value=${to} onChange=${(event) => setTo(event.target.value)}>
        <option value="">Choose somebody…</option>${people.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}</select></label>
      <label class="field"><span>How much</span><input type="text" inputmode="decimal" autocomplete="off" value=${text} placeholder="0.25"
        onInput=${(event) => setText(event.target.value)} /></label>
      <fieldset class="choice wide"><legend class="seen">Counted as</legend>
        <label><input type="radio" name="unit" checked=${unit === "amount"} onChange=${() => setUnit("amount")} /><span>JAM</span></label>
        <label><input type="radio" name="unit" checked=${unit === "worth"} onChange=${() => setUnit("worth")} /><span>worth to them</span></label></fieldset>
      <p class="row"><button type="submit" class="main" aria-disabled=${!isUsable}>Look what would leave</button></p>
    </form><//>`;
}
