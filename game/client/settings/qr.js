// QR: rows of dark and light squares as a picture that a camera reads.
import { html } from "../html.js";

const QUIET = 4; // squares of white around it, as the standard asks (ISO/IEC 18004)
const MAX_SIDE = 177;

/** Whether rows are a square of "0" and "1" that can be a code. */
export function isCode(rows) {
  const isSquare = Array.isArray(rows) && rows.length > 0 && rows.length <= MAX_SIDE;
  return isSquare && rows.every((row) => typeof row === "string" && row.length === rows.length && /^[01]+$/.test(row));
}

/** A path over the dark squares, a piece for each run in a row. */
export const darkPath = (rows) =>
  rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`)).join("");

export function QrCode({ rows, label }) {
  if (!isCode(rows)) return null;
  const side = rows.length + 2 * QUIET;
  return html`<svg class="qr" viewBox=${`0 0 ${side} ${side}`} shape-rendering="crispEdges" role="img" aria-label=${label}>
    <rect width=${side} height=${side} fill="#ffffff" /><path d=${darkPath(rows)} fill="#000000" />
  </svg>`;
}
