// Report and appeal: both are public acts, so both show first what others will see.
import { html, useState } from "../html.js";
import { ask } from "../daemon/ask.js";
import { Dialog } from "../play/playing.js";
import { nameOf } from "../people.js";
import * as state from "../daemon/state.js";

/** Why a play is reported; the ledger knows these words alone. */
const REASONS = [
  ["not_played_live", "no person played it live"],
  ["copied", "it is a copy of an earlier play"],
  ["false_witness", "its witnesses did not witness it"],
  ["stolen", "it was played with somebody's stolen key"],
  ["other", "something else is wrong with it"],
];

function ReportDialog({ block, performer, onDone }) {
  const [reason, setReason] = useState(REASONS[0][0]);
  const [said, setSaid] = useState("");
  const send = async () => {
    try {
      await ask(state.token, "POST", "report", { json: { block, reason } });
      onDone("Reported. Your report is public and signed by you.");
    } catch (error) {
      setSaid(`${error.why} ${error.next}`);
    }
  };
  return html`<${Dialog} label="Report this play" onEscape=${() => onDone("")}>
    <h2>Report this play</h2>
    <label class="why">Why <select onChange=${(event) => setReason(event.target.value)}>
      ${REASONS.map(([name, words]) => html`<option key=${name} value=${name} selected=${name === reason}>${words}</option>`)}</select></label>
    <p>Everybody will see: <b>you</b> reported a play of <b>${nameOf(performer)}</b>, because ${REASONS.find(([name]) => name === reason)[1]}.</p>
    <p class="quiet">For you its coins are worth nothing from then on; for others only if three whom they trust say so. It can't
      be taken back.</p>
    ${said && html`<p class="refusal" role="alert">${said}</p>`}
    <div class="menu"><button class="main" onClick=${send}>Report it</button><button onClick=${() => onDone("")}>Not now</button></div>
  </${Dialog}>`;
}

export function ReportButton({ block, performer }) {
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState("");
  const onDone = (words) => {
    setAsking(false);
    setDone(words);
  };
  if (!state.isOwner.value) return null;
  return html`${done ? html`<p role="status">${done}</p>` : html`<p><button class="small" onClick=${() => setAsking(true)}>Report…</button></p>`}
    ${isAsking && html`<${ReportDialog} block=${block} performer=${performer} onDone=${onDone} />`}`;
}

/** Ask those who were drawn for a human look at a block of one's own. */
export function AppealButton({ block }) {
  const [answer, setAnswer] = useState(null);
  const appeal = async () => {
    setAnswer({ words: "Asking them; usually 1 s." });
    try {
      const { why, next } = await ask(state.token, "POST", "nearby/appeal", { json: { block } });
      setAnswer({ words: `${why} ${next}` });
    } catch (error) {
      setAnswer({ words: `${error.why} ${error.next}`, isWrong: true });
    }
  };
  if (!state.isOwner.value) return null;
  return html`${answer && html`<p role="status" class=${answer.isWrong ? "refusal" : "quiet"}>${answer.words}</p>`}
    ${(!answer || answer.isWrong) && html`<p><button class="small" onClick=${appeal}>Ask for a human look</button></p>`}`;
}
