// Coin page: where a coin has been, who vouched for it, and what it is worth to you and to others.
import { html, useLayoutEffect, useRef } from "../html.js";
import { Face, Person, nameOf } from "../people.js";
import { goTo, status } from "../daemon/state.js";
import { jam, when } from "../words.js";
import { Give } from "./give.js";
import { MOST_OTHERS, eyes, openPart, problem, seeThrough, seen } from "./coin.js";

const MADE_BY = { machine: "A machine played for it, and says so.", doubtful: "Its witnesses had doubts." };
const share = (ratio) => `${Number((ratio * 100).toFixed(1))} %`;
const signed = (ujam) => `${ujam > 0 ? "+" : ""}${jam(ujam)}`;

function Way({ coin }) {
  return html`<h2>Its way</h2>
    <ol class="way">${coin.steps.map((step, index) => html`<li key=${step.person.id}>
      ${index > 0 && html`<span class="arrow" aria-hidden="true">→</span>`}
      <div class="hand">
        <${Face} id=${step.person.id} />
        <b><bdi>${step.is_me ? "you" : nameOf(step.person)}</bdi></b>
        ${index === 0 && html`<span class="quiet">${coin.minter?.id === step.person.id ? "played for it" : "witnessed it"}</span>`}
        ${step.time_ms && html`<span class="quiet">${when(step.time_ms)}</span>`}
        ${step.given_ujam !== null && html`<span class="quiet number">got ${jam(step.given_ujam)}</span>`}
        ${step.valuation_ujam !== null && step.given_ujam > 0 && html`<span class="number">giver: worth ${jam(step.valuation_ujam)} to them</span>`}
        <span class="number">${share(step.worth_ppm / 1e6)} of it counted for you here</span>
      </div></li>`)}</ol>`;
}

function Words({ value, coin }) {
  const most = Math.max(...value.words.map((word) => Math.max(word.share_ujam, Math.abs(word.value_ujam))), 1);
  const width = (ujam) => `${(100 * Math.max(0, ujam)) / most}%`;
  const whose = value.is_me ? "you" : nameOf(value.observer);
  return html`<h2>Who vouched</h2>
    <p class="quiet">The outline is what each word added to ${jam(coin.amount_ujam)} JAM; the filled part is what of it counts for ${whose}.</p>
    <ul class="vouched">${value.words.map((word) => html`<li key=${word.person.id}>
      <${Person} person=${word.person} isMe=${word.person.name === "You"} />
      <span class="word-bar" aria-hidden="true">
        <i class="whole-word" style=${{ width: width(word.share_ujam) }}></i>
        <i class="heard" style=${{ width: width(word.value_ujam) }}></i></span>
      <span class="number">${jam(word.value_ujam)}</span>
      <span class="quiet number">${jam(word.share_ujam)} × ${word.trust.toFixed(3)} trust${word.counted !== word.trust
        ? ` (counts ${word.counted.toFixed(3)})` : ""}${word.factor !== 1 ? ` × ${word.factor} by rule` : ""}</span>
    </li>`)}</ul>`;
}

/** Each part with its bar from where the one before it ended; the last line is the sum. */
function Explanation({ value }) {
  let sum = 0;
  const rows = value.parts.map((part, index) => {
    const from = sum;
    sum += part.value_ujam;
    const [amount, ...words] = value.why[index]?.split(" ") ?? [];
    return { from, to: sum, amount, words: words.join(" "), kind: part.part };
  });
  const edges = rows.flatMap(({ from, to }) => [from, to]);
  const least = Math.min(0, ...edges);
  const span = Math.max(0, ...edges) - least || 1;
  const at = (ujam) => (100 * (ujam - least)) / span;
  const bar = (from, to) => ({ left: `${at(Math.min(from, to))}%`, width: `${Math.max(0.4, Math.abs(at(to) - at(from)))}%` });
  return html`<ol class="adds-up">${rows.map((row, index) => html`<li key=${index} class=${row.to < row.from ? "takes" : "adds"}>
      <span class="number">${row.amount.startsWith("-") ? row.amount : `+${row.amount}`}</span>
      <span class="step-bar" aria-hidden="true"><i style=${bar(row.from, row.to)}></i></span>
      <span>${row.words}</span></li>`)}
    <li class="whole"><b class="number">${jam(value.value_ujam)}</b><span class="step-bar" aria-hidden="true"><i style=${bar(0, value.value_ujam)}></i></span>
      <b>worth to <bdi>${value.is_me ? "you" : nameOf(value.observer)}</bdi></b></li></ol>`;
}

/** Whom one might mean here: who had to do with the coin, and who is near. */
function peopleAround(coin) {
  const met = [...coin.steps, ...coin.values[0].words].map(({ person }) => person);
  const known = [...met, ...(status.value?.neighbours ?? [])].filter((one) => one.id !== coin.values[0].observer.id);
  return [...new Map(known.map((one) => [one.id, one])).values()];
}

function Eyes({ coin }) {
  const others = peopleAround(coin).filter((one) => !eyes.value.includes(one.id));
  const add = (event) => {
    if (event.target.value) seeThrough([...eyes.value, event.target.value]);
    event.target.value = "";
  };
  return html`<h2>Through other eyes</h2>
    <p class="quiet">Others are shown by the default policy: what counts for them, only they know.</p>
    ${eyes.value.length < MOST_OTHERS && others.length > 0 && html`<p class="condition"><label for="other-eyes">See it as</label>
      <select id="other-eyes" onChange=${add}><option value="">choose somebody…</option>
        ${others.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}</select></p>`}
    ${coin.values.slice(1).map((value) => html`<details class="card eye" key=${value.observer.id}>
      <summary><${Person} person=${value.observer} /> <b class="number">${jam(value.value_ujam)}</b></summary>
      <${Explanation} value=${value} />
      <button onClick=${() => seeThrough(eyes.value.filter((id) => id !== value.observer.id))}>Put away<span class="unseen"> ${nameOf(value.observer)}'s view</span></button>
    </details>`)}`;
}

export function CoinPage({ part }) {
  const coin = seen.value;
  const heading = useRef(null);
  useLayoutEffect(() => {
    openPart(part);
    heading.current?.focus();
  }, [part]);
  if (!coin) return html`<section class="purse coin-page"><p><button onClick=${() => goTo("purse")}>← Purse</button></p>
    <h1 ref=${heading} tabindex="-1">Coin</h1>
    ${problem.value ? html`<p class="refusal" role="alert">${problem.value}</p>` : html`<p class="waiting">Looking at it…</p>`}</section>`;
  const [mine] = coin.values;
  return html`<section class="purse coin-page">
    <p><button onClick=${() => goTo("purse")}>← Purse</button></p>
    <h1 ref=${heading}
      tabindex="-1"><span class="number">${jam(coin.amount_ujam)}</span> JAM, worth <span class="number">${jam(mine.value_ujam)}</span> to you</h1>
    <p class="quiet"><bdi>${coin.song}</bdi> · ${when(coin.minted_ms)}${coin.tags.map((tag) => html` <span class="label" key=${tag}>${tag}</span>`)}</p>
    ${MADE_BY[coin.made_by] && html`<p>${MADE_BY[coin.made_by]}</p>`}
    ${problem.value && html`<p class="refusal" role="alert">${problem.value}</p>`}
    <h2>Why</h2>
    <p class="quiet">By “${mine.policy}”. <button class="plain link" onClick=${() => goTo("purse", "values")}>What counts for you</button></p>
    <${Explanation} value=${mine} />
    <${Words} value=${mine} coin=${coin} />
    <${Way} coin=${coin} />
    <${Eyes} coin=${coin} />
    ${coin.is_mine && html`<h2>Give</h2><${Give} key=${coin.amount_ujam} coin=${coin} others=${peopleAround(coin)} />`}
  </section>`;
}
