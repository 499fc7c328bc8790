// The rollover test: hold the keys that are lit; what the keyboard drops shows in a matrix.
import { html, useEffect, useReducer, useRef, useState } from "../html.js";
import { listenKeyboard } from "../hands/devices.js";
import { laneLooks } from "../stage/lanes.js";
import { labelOf } from "../hands/layouts.js";
import { Rollover, suggestLayout } from "../hands/rollover.js";
import { layoutOf } from "./settings.js";
import { Shape, apply } from "./setup-keys.js";
import { goTo, keys as chosenKeys } from "../daemon/state.js";

const HOLD_MS = 1_500; // all fingers are down long before
const CONDITIONS = { passed: ["✓", "come through together"], blocked: ["✕", "block each other"], open: ["·", "not tested"] };

function Matrix({ test }) {
  const { codes } = test;
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="Which two keys come through together">
    <table class="matrix"><tbody>
      ${codes.map((row, number) => html`<tr key=${row}><th scope="row">${labelOf(row)}</th>
        ${codes.slice(0, number).map((column) => {
          const condition = test.pair(row, column);
          const [mark, meaning] = CONDITIONS[condition];
          return html`<td key=${column} class=${condition}><span aria-hidden="true">${mark}</span><span class="unseen">${labelOf(row)} and ${labelOf(column)} ${meaning}</span></td>`;
        })}
      </tr>`)}
      <tr><td></td>${codes.slice(0, -1).map((code) => html`<th scope="col" key=${code}>${labelOf(code)}</th>`)}</tr>
    </tbody></table>
  </div>`;
}

const together = (codes) => codes.map(labelOf).join(" + ");

function Verdict({ test, onDone }) {
  const { codes, smallest } = test;
  if (!smallest.length) {
    return html`<p class="good-news"><b>All ${codes.length} keys come through together.</b> This keyboard drops nothing of yours.</p>`;
  }
  const found = suggestLayout(codes, smallest);
  return html`<div class="refusal">
    <p><b>This keyboard drops keys:</b></p>
    <ul>${smallest.map((one) => html`<li key=${together(one.codes)}>${together(one.codes)} held: ${one.missing.map(labelOf).join(", ")} is missing${one.extra.length > 0 && `, ${one.extra.map(labelOf).join(", ")} came though not asked for`}</li>`)}</ul>
    ${found
      ? html`<p>The layout <b>${found[0]}</b> (${found[1].map(labelOf).join(" ")}) holds none of these combinations.</p>
          <p><button onClick=${() => { apply("keyboard", codes.length, found[1]); onDone(); }}>Take it, and test it</button></p>`
      : html`<p>No layout we know avoids them all. A second keyboard for the other hand, or a gamepad, will.</p>`}
  </div>`;
}

export function RolloverPart() {
  const keys = chosenKeys.value;
  const layout = layoutOf("keyboard", keys);
  const [round, setRound] = useState(0);
  const test = useRef(null);
  const [, draw] = useReducer((count) => count + 1, 0);
  if (!test.current || test.current.codes.join() !== layout.join()) test.current = new Rollover(layout);
  useEffect(() => {
    test.current = new Rollover(layout);
    const stop = new AbortController();
    let timer = 0;
    const hear = (_device, code, isDown, _ms, event) => {
      if (code === "Escape" || code === "Tab" || event.target.closest("select")) return;
      if (layout.includes(code)) event.preventDefault();
      if (isDown === null) return;
      test.current.key(code, isDown);
      clearTimeout(timer);
      timer = setTimeout(() => test.current.giveUp() && draw(), HOLD_MS);
      draw();
    };
    listenKeyboard(hear, stop.signal);
    const clear = () => {
      test.current.down.clear();
      draw();
    };
    addEventListener("blur", clear, { signal: stop.signal });
    draw();
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [layout.join(), round]);
  const { step, isClearing, down } = test.current;
  const looks = laneLooks(keys);
  return html`<section class="card part">
    <h2>Does your keyboard let all keys through?</h2>
    <p class="quiet">${keys} keys. Many keyboards drop keys when certain others are held. Hold what is lit, all at once, and keep holding until it changes.</p>
    ${step
      ? html`<p class="task" role="status">${isClearing ? "Let go of all." : `Hold ${together(step)}`}</p>`
      : html`<${Verdict} test=${test.current} onDone=${() => setRound(round + 1)} />`}
    <ul class="lane-buttons shown" aria-hidden="true">
      ${layout.map((code, lane) => html`<li key=${code}><span class="key ${step?.includes(code) && !isClearing ? "wanted" : ""} ${down.has(code) ? "down" : ""}">
        <${Shape} look=${looks[lane]} /><kbd>${labelOf(code)}</kbd></span></li>`)}
    </ul>
    <${Matrix} test=${test.current} />
    <div class="row">
      <button aria-disabled=${!test.current.last} onClick=${() => { test.current.again(); draw(); }}>Last one again</button>
      <button onClick=${() => setRound(round + 1)}>From the beginning</button>
      <button onClick=${() => goTo("settings", "keys")}>Done</button>
    </div>
  </section>`;
}
