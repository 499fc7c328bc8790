// History: a statement, line by line, in whose view its worths are; and as a table to keep.
import { ask } from "../daemon/ask.js";
import { html, useEffect, useState } from "../html.js";
import { Face, Person, nameOf } from "../people.js";
import { me, token } from "../daemon/state.js";
import { PursePage } from "./parts.js";
import { attempt, fault } from "./wallet.js";
import { jam, when } from "../words.js";

const LEAVING = ["sent", "burnt"];
const SIGNS = ["−", "", "+"];
const DAY_MS = 86_400_000;

const dayOf = (text) => (text ? Date.parse(`${text}T00:00:00`) : NaN);

/** The question behind a statement; days are the reader's own, `until` with its whole day. */
export function queryOf(since, until, format) {
  const query = new URLSearchParams({ format });
  if (Number.isFinite(dayOf(since))) query.set("since", dayOf(since));
  if (Number.isFinite(dayOf(until))) query.set("until", dayOf(until) + DAY_MS - 1);
  return query;
}

/** What of it comes or goes: what is staked stays one's own. */
const signOf = ({ kind, change_ujam: change }) => SIGNS[1 + Math.sign(change ?? (LEAVING.includes(kind) ? -1 : 1))];

/** Words that name somebody, and lead to the page that says who they are. */
function WithFace({ person, children }) {
  return html`<a class="to-person" href=${`#people/${person.id}`}><span class="person">
    <${Face} id=${person.id} /><span class="name">${children}</span></span></a>`;
}

function Line({ line, isMine }) {
  return html`<li><b class="number">${signOf(line)}${jam(line.amount_ujam)}</b>
    <div><p>${line.other ? html`<${WithFace} person=${line.other}>${line.words}<//>` : line.words}</p>
      <p class="quiet"><span dir="auto">${line.song}</span> · ${when(line.time_ms)} · worth${" "}
        <span class="number">${jam(line.value_ujam)}</span> ${isMine ? "to you" : "to them"} now</p></div>
    <p class="quiet held number">${jam(line.held_ujam)} held</p></li>`;
}

async function save(since, until) {
  fault.value = null;
  try {
    const answer = await ask(token, "GET", `wallet/history?${queryOf(since, until, "csv")}`, { isRaw: true });
    const address = URL.createObjectURL(await answer.blob());
    const link = Object.assign(document.createElement("a"), { href: address, download: "popd-history.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
  } catch (error) {
    fault.value = error;
  }
}

export function History() {
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [history, setHistory] = useState(null);
  useEffect(() => {
    attempt("GET", `wallet/history?${queryOf(since, until, "json")}`).then((found) => found && setHistory(found));
  }, [since, until]);
  const isMine = history?.as.id === me.value;
  return html`<${PursePage} name="History">
    <div class="row filters"><label class="field"><span>From</span><input type="date" value=${since}
      onChange=${(event) => setSince(event.target.value)} /></label>
      <label class="field"><span>To</span><input type="date" value=${until} onChange=${(event) => setUntil(event.target.value)} /></label>
      <button onClick=${() => save(since, until)}>Save as CSV</button></div>
    ${!history && html`<p class="quiet">Reading your chain; usually 1 s.</p>`}
    ${history && html`<p class="quiet">Worths are as ${isMine ? "you see" : html`<${Person} person=${history.as} /> sees`} them today. ${history.about ?? ""}
      ${history.more > 0 && ` ${history.more} older lines are not listed: choose earlier days.`}</p>`}
    ${history?.lines.length === 0 && html`<p>Nothing in these days. Play a window to its end, and the first line is written.</p>`}
    ${history?.lines.length > 0 && html`<ol class="statement" aria-label=${`Statement of ${nameOf(history.as)}`}>
      ${[...history.lines].reverse().map((line) => html`<${Line} key=${line.entry + line.kind + line.lot} line=${line} isMine=${isMine} />`)}
    </ol>`}<//>`;
}
