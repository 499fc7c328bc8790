// Fate: a window's line of light, from played to minted; who believed it; what it is worth, and to whom.
import { html } from "../html.js";
import { AppealButton } from "../nearby/report.js";
import { Person, nameOf } from "../people.js";
import { DECISIONS, QUALITIES, jam, ownShare, percent, plural, sentence } from "../words.js";

const STEPS = ["played", "sealed", "drawn", "attested", "minted"];

const accepted = (window) => window.verdicts.filter((verdict) => verdict.decision === "accept").length;

/** How many steps of the line are lit, and which one went dark (or -1). */
export function lightOf(window) {
  if (window.state === "playing") return { lit: 0, dark: -1 };
  if (window.state === "played") return { lit: 1, dark: -1 };
  if (window.state !== "failed") return { lit: STEPS.indexOf(window.state) + 1, dark: -1 };
  if (!window.drawn?.length) return { lit: 2, dark: 2 };
  return accepted(window) < window.needed ? { lit: 3, dark: 3 } : { lit: 4, dark: 4 };
}

function labelOf(step, window) {
  const drawn = window.drawn?.length ?? 0;
  const spoke = window.verdicts?.length ?? 0;
  if (step === 3 && spoke > accepted(window)) return `${spoke}\u00a0of\u00a0${drawn} spoke, ${accepted(window)}\u00a0believed it`;
  if (step === 3 && drawn) return `attested ${accepted(window)}\u00a0of\u00a0${drawn}`;
  if (step === 2 && drawn) return `${drawn} drawn`;
  return STEPS[step];
}

export function LineOfLight({ window }) {
  const { lit, dark } = lightOf(window);
  return html`<ol class="line" aria-label="How far this window is">
    ${STEPS.map((name, step) => {
      const condition = step === dark ? "dark" : step < lit ? "lit" : "ahead";
      const said = { dark: ", it ended here", lit: "", ahead: ", not yet" }[condition];
      return html`<li key=${name} class=${condition} aria-current=${step === lit - 1 ? "step" : undefined}>
        <i aria-hidden="true"></i><span>${labelOf(step, window)}</span><span class="unseen">${said}</span>
      </li>`;
    })}
  </ol>`;
}

export function Coin({ small }) {
  return html`<svg class=${small ? "coin small" : "coin"} viewBox="0 0 32 32" aria-hidden="true">
    <circle cx="16" cy="16" r="15" fill="#ffd58a" />
    <circle cx="16" cy="16" r="11.5" fill="none" stroke="#7a5514" stroke-width="1.6" />
    <path d="M16 8l5 13H11z" fill="#7a5514" opacity=".85" />
  </svg>`;
}

/** An opinion: it says whose, and opens to explain itself. */
export function Worth({ value, open }) {
  const whose = value.is_me ? "you" : html`<${Person} person=${value} />`;
  return html`<details class="worth" open=${open}>
    <summary><span>worth <b class="number">${jam(value.value_ujam)}</b> to ${whose}</span></summary>
    <p class="quiet">
      ${value.is_me ? "Your own view" : "Their own view"}: support (whom one trusts among those who attested) x continuity
      (who held it since) x ethics (one's own rules).
    </p>
    <ul>${value.why.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>
  </details>`;
}

function Verdict({ verdict }) {
  const [answered, seen] = verdict.riffs;
  return html`<li class="verdict ${verdict.decision}">
    <div class="said">
      <${Person} person=${verdict} />${" "}
      <b>${DECISIONS[verdict.decision] ?? verdict.decision}</b>
    </div>
    <p class="quiet">
      accuracy ${percent(verdict.accuracy_ppm)}, riffs ${answered} of ${seen}, looks odd to
      them: ${percent(verdict.anomaly_ppm)}
    </p>
    ${verdict.reasons.length > 0 && html`<p>${sentence(verdict.reasons.join("; "))}</p>`}
  </li>`;
}

function Qualities({ quality }) {
  return html`<details>
    <summary>Why this amount: quality ${percent(quality.quality_ppm)}</summary>
    <ul class="bars">
      ${QUALITIES.map(([key, name, meaning]) => html`<li key=${key}>
        <span title=${meaning}>${name}</span>
        <meter min="0" max="1000000" value=${quality[key]} aria-label=${`${name}: ${meaning}`}></meter>
        <b class="number">${percent(quality[key])}</b>
      </li>`)}
    </ul>
  </details>`;
}

function Arrived({ window, open }) {
  const mine = window.values.find((value) => value.is_me);
  const others = window.values.filter((value) => !value.is_me);
  return html`
    <div class="arrived">
      <${Coin} />
      <div>
        <p class="amount"><b class="number">${jam(ownShare(window))}</b> JAM arrived</p>
        ${mine && html`<${Worth} value=${mine} open=${open} />`}
      </div>
    </div>
    ${others.length > 0 && html`<details open=${open}>
      <summary>What it is worth to ${plural(others.length, "neighbour")}</summary>
      <div class="opinions">${others.map((value) => html`<${Worth} key=${value.id} value=${value} />`)}</div>
    </details>`}
    ${window.shares.length > 0 && html`<details>
      <summary>Who shares in it: ${jam(window.minted_ujam)} JAM in all</summary>
      <ul class="shares">${window.shares.map((share) => html`<li key=${share.id}>
        <${Person} person=${share} isMe=${share.id === mine?.id} />${" "}
        <b class="number">${jam(share.amount_ujam)}</b> JAM
      </li>`)}</ul>
    </details>`}`;
}

function NotArrived({ window }) {
  return html`<div class="not-arrived" role="note">
    <p><b>No coin came of this window.</b> ${sentence(window.why)}</p>
    <p class="next"><b>What to do:</b> ${sentence(window.next)}</p>
    ${window.block && window.verdicts.length < window.drawn.length && html`<${AppealButton} block=${window.block} />`}
  </div>`;
}

/** Everything about one window. */
export function WindowCard({ window, windowMs, open }) {
  const from = Math.round(((window.from_us ?? 0) / 1_000 + window.window * windowMs) / 1_000);
  const span = `${from} to ${from + windowMs / 1_000} s`;
  return html`<article class="card window ${window.state}">
    <header><h3>Window ${window.window + 1}</h3>${" "}<span class="quiet number">${span}</span></header>
    <${LineOfLight} window=${window} />
    <div class="body">
      ${window.state === "minted" && html`<${Arrived} window=${window} open=${open} />`}
      ${window.state === "failed" && html`<${NotArrived} window=${window} />`}
      ${!["minted", "failed"].includes(window.state) && html`<p class="quiet">${waitingFor(window)}</p>`}
      ${window.verdicts?.length > 0 && html`<details open=${open || window.state === "failed"}>
        <summary>What ${plural(window.verdicts.length, "neighbour")} said</summary>
        <ul class="verdicts">${window.verdicts.map((one) => html`<${Verdict} key=${one.id} verdict=${one} />`)}</ul>
      </details>`}
      ${window.quality && html`<${Qualities} quality=${window.quality} />`}
    </div>
  </article>`;
}

function waitingFor(window) {
  const looking = window.looking?.map(nameOf) ?? [];
  if (looking.length > 0) return `${looking.join(", ")} ${looking.length === 1 ? "looks" : "look"} at it before giving a word; usually within a minute.`;
  if (window.state === "sealed") return "Sealed. Chance now draws who is to judge it; usually 1 s.";
  if (window.state === "drawn") return `Waiting for the word of ${plural(window.drawn.length, "neighbour")}; usually 2 s.`;
  if (window.state === "attested") return `${plural(window.needed, "neighbour")} must believe it; the coin is on its way.`;
  return "Being sealed; usually 1 s.";
}

/** While playing: the window that is played fills up; the one before it goes its way. */
export function FateStrip({ windows, progress }) {
  const last = windows.at(-1);
  const mine = last?.values?.find((value) => value.is_me);
  return html`<div class="strip">
    <div class="filling">
      <span>window ${progress.window + 1}</span>
      <progress max="1" value=${progress.share} aria-label=${`window ${progress.window + 1}`}></progress>
    </div>
    ${last && html`<div class="before" key=${last.window}>
      <span class="quiet which">window ${last.window + 1}</span>
      <${LineOfLight} window=${last} />
      ${last.state === "minted" && html`<p class="arriving">
        <${Coin} small /><b class="number">${jam(ownShare(last))}</b> JAM
        ${mine && html`<span class="quiet">worth <span class="number">${jam(mine.value_ujam)}</span> to you</span>`}
      </p>`}
      ${last.state === "failed" && html`<p class="quiet">no coin: ${last.why}</p>`}
    </div>`}
  </div>`;
}
