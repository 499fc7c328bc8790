// Graphs: how early and late, lane by lane, and over the song.
import { html } from "../html.js";
import { GRADES, MISS, REACH_US } from "../stage/judge.js";
import { laneLooks, pathOf } from "../stage/lanes.js";
import { GRADE_COLOURS } from "../stage/marks.js";
import { minutes } from "../words.js";

const BINS = 25;
const HISTOGRAM = { width: 340, height: 104, base: 84 };
const TIMELINE = { width: 1_000, height: 170, middle: 80 };
const MAX_POINTS = 3_000; // more than a screen can tell apart

export const milliseconds = (us) => `${Math.abs(us / 1_000).toFixed(0)}\u00a0ms`;

export const leanOf = (us) => (Math.abs(us) < 1_000 ? "right on the beat" : `${milliseconds(us)} ${us < 0 ? "early" : "late"}`);

export function Grades({ grades }) {
  const total = Math.max(1, grades.reduce((sum, count) => sum + count, 0));
  return html`<ul class="bars grades">
    ${GRADES.map((name, grade) => html`<li key=${name}>
      <span>${name}</span>
      <meter class=${name} min="0" max=${total} value=${grades[grade]} aria-hidden="true"></meter>
      <b class="number">${grades[grade]}</b>
    </li>`)}
  </ul>`;
}

/** How many hits were how early and late. */
export function Histogram({ stats }) {
  const { width, height, base } = HISTOGRAM;
  const counts = new Array(BINS).fill(0);
  for (const error of stats.errors) {
    counts[Math.min(BINS - 1, Math.max(0, Math.floor(((error + REACH_US) / (2 * REACH_US)) * BINS)))]++;
  }
  const tallest = Math.max(1, ...counts);
  const step = width / BINS;
  const { mean, spread } = stats.overall;
  const x = (us) => ((us + REACH_US) / (2 * REACH_US)) * width;
  return html`<figure>
    <svg viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${`On average ${leanOf(mean)}, spread ${milliseconds(spread)}`}>
      ${counts.map((count, bin) => {
        const tall = (count / tallest) * (base - 10);
        return html`<rect key=${bin} x=${bin * step + 1} y=${base - tall} width=${step - 2} height=${tall} rx="2" class=${bin === BINS >> 1 ? "on" : "off"} />`;
      })}
      <line x1="0" x2=${width} y1=${base + 1} y2=${base + 1} />
      <line class="mean" x1=${x(mean)} x2=${x(mean)} y1="2" y2=${base + 1} />
      <text x="0" y="100">early</text>
      <text x=${width / 2} y="100" text-anchor="middle">on the beat</text>
      <text x=${width} y="100" text-anchor="end">late</text>
    </svg>
    <figcaption>On average ${leanOf(mean)}, spread ${milliseconds(spread)}; <span class="number">${stats.early}</span> early, <span class="number">${stats.late}</span> late.</figcaption>
  </figure>`;
}

/** Each lane's mean and spread, on one scale. */
export function LaneBias({ stats }) {
  const looks = laneLooks(stats.lanes.length);
  const reach = 60_000;
  const x = (us) => 100 + (Math.max(-reach, Math.min(reach, us)) / reach) * 96;
  return html`<table class="lane-bias">
    <caption>Lane by lane</caption>
    <thead><tr><th scope="col">lane</th><th scope="col"><span class="unseen">picture</span></th><th scope="col">mean</th><th scope="col">spread</th><th scope="col">missed</th></tr></thead>
    <tbody>${stats.lanes.map((lane, number) => html`<tr key=${number}>
      <th scope="row"><svg viewBox="0 0 24 24" role="img" aria-label=${`${number + 1}, ${looks[number].name} ${looks[number].shape}`}>
        <path d=${pathOf(looks[number].shape, 12, 12, 10)} fill=${looks[number].colour} /></svg></th>
      <td class="whisker"><svg viewBox="0 0 200 20" aria-hidden="true">
        <line class="zero" x1="100" x2="100" y1="0" y2="20" />
        ${lane.count > 0 && html`<line stroke=${looks[number].colour} x1=${x(lane.mean - lane.spread)} x2=${x(lane.mean + lane.spread)} y1="10" y2="10" />
          <circle cx=${x(lane.mean)} cy="10" r="4.5" fill=${looks[number].colour} />`}
      </svg></td>
      <td class="number">${lane.count ? `${lane.mean < 0 ? "−" : "+"}${milliseconds(lane.mean)}` : "–"}</td>
      <td class="number">${lane.count ? milliseconds(lane.spread) : "–"}</td>
      <td class="number">${lane.missed}</td>
    </tr>`)}</tbody>
  </table>`;
}

/** Every hit and miss, where it was in the song. */
export function Timeline({ judged, fromUs, toUs }) {
  const { width, height, middle } = TIMELINE;
  const span = Math.max(1, toUs - fromUs);
  const x = (us) => ((us - fromUs) / span) * width;
  const y = (us) => middle + (us / REACH_US) * (middle - 6);
  const thin = Math.max(1, Math.ceil(judged.length / MAX_POINTS));
  const points = judged.filter((note, position) => note.grade === MISS || position % thin === 0);
  const paths = GRADE_COLOURS.map((colour, grade) => {
    const dots = points.filter((note) => note.grade === grade);
    if (grade === MISS) return dots.map(({ start }) => `M${x(start).toFixed(1)} 4V${height - 14}`).join("");
    return dots.map(({ start, error }) => `M${(x(start) - 2.5).toFixed(1)} ${y(error).toFixed(1)}h5`).join("");
  });
  const missed = judged.filter(({ grade }) => grade === MISS).length;
  return html`<figure class="timeline">
    <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${`Every note over the song, ${missed} of ${judged.length} missed`}>
      <line x1="0" x2=${width} y1=${middle} y2=${middle} />
      ${paths.map((path, grade) => path && html`<path key=${grade} class=${grade === MISS ? "missed" : "hit"} d=${path} stroke=${GRADE_COLOURS[grade]} />`)}
    </svg>
    <figcaption><span>${minutes(fromUs / 1_000)}</span><span>above: early, below: late, upright: missed</span><span>${minutes(toUs / 1_000)}</span></figcaption>
  </figure>`;
}
