// Voices: who acknowledges somebody, as circles: as large as their share, and over one another where they say the same.
import { html, useLayoutEffect, useRef, useState } from "../html.js";
import { FaceShape } from "../people.js";

const MOST = 40;
const RADII = [9, 34];
const GAP = 8;
const LEAST_STEP = 0.22; // of a radius: whoever says nothing new is still seen

const within = (value) => (Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0);
const radiusOf = (share) => Math.min(RADII[1], Math.max(RADII[0], 60 * Math.sqrt(within(share))));

/**
 * Circles for voices ({ id, share, alike }), in rows of `width` pixels: { circles: [{ id, x, y, r, alike }], height }. Each
 * stands beside the one before, the farther over it the more alike it is to the others.
 */
export function circlesOf(voices, width) {
  const circles = [];
  let row = [];
  let edge = 0;
  let top = 2;
  const close = () => {
    const tallest = row.reduce((most, { r }) => Math.max(most, r), 0);
    row.forEach((circle) => (circle.y = top + tallest));
    top += tallest * 2 + GAP;
    row = [];
    edge = 0;
  };
  for (const { id, share, alike } of voices.slice(0, MOST)) {
    const r = radiusOf(share);
    const apart = 1 - within(alike);
    const last = row.at(-1);
    let x = last ? Math.max(last.x + r * LEAST_STEP, edge + GAP * apart + r - 2 * r * (1 - apart)) : r + 2;
    if (last && x + r > width - 2) {
      close();
      x = r + 2;
    }
    row.push({ id, x, y: 0, r, alike: 1 - apart });
    circles.push(row.at(-1));
    edge = Math.max(edge, x + r);
  }
  close();
  return { circles, height: Math.max(top - GAP + 2, 0) };
}

/** The picture; what it shows is said in words beside it. */
export function Voices({ voices, words }) {
  const box = useRef(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const { circles, height } = circlesOf(voices, Math.max(width, 2 * RADII[1] + 4));
  const more = voices.length - MOST;
  return html`<div ref=${box} class="voices">
    ${width > 0 && html`<svg width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${words}>
      ${circles.map(({ id, x, y, r, alike }) => html`<g key=${id} class=${alike >= 0.2 ? "echo" : ""}>
        <circle class="voice" cx=${x} cy=${y} r=${r} />
        <g transform=${`translate(${(x - r * 0.45).toFixed(1)} ${(y - r * 0.45).toFixed(1)}) scale(${((r * 0.9) / 24).toFixed(3)})`}><${FaceShape} id=${id} /></g></g>`)}
    </svg>`}
    ${more > 0 && html`<p class="quiet">and ${more} more, who weigh less</p>`}
  </div>`;
}
