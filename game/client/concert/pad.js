// Pad: the whole lower half of the page to tap along on; each tap is felt by the performers as energy.
import { html, useEffect, useRef } from "../html.js";
import { isCalm } from "../settings/settings.js";
import { tap } from "./concerts.js";
import { energyOf } from "./crowd.js";

const RING_MS = 500;

/** A ring where the finger came down; a tap is an arrival. */
function ringAt(pad, x, y) {
  if (isCalm()) return;
  const ring = document.createElement("i");
  ring.className = "ring";
  ring.style.left = `${x}px`;
  ring.style.top = `${y}px`;
  pad.append(ring);
  setTimeout(() => ring.remove(), RING_MS);
}

export function Pad({ concert }) {
  const pad = useRef(null);
  useEffect(() => {
    const target = pad.current;
    const down = (event) => {
      if (event.button) return;
      const box = target.getBoundingClientRect();
      tap(concert.id, event.timeStamp);
      ringAt(target, event.clientX - box.left, event.clientY - box.top);
    };
    const press = (event) => {
      if (!["Space", "Enter"].includes(event.code)) return;
      event.preventDefault();
      if (event.repeat) return;
      tap(concert.id, event.timeStamp);
      ringAt(target, target.clientWidth / 2, target.clientHeight / 2);
    };
    target.addEventListener("pointerdown", down);
    target.addEventListener("keydown", press);
    return () => {
      target.removeEventListener("pointerdown", down);
      target.removeEventListener("keydown", press);
    };
  }, [concert.id]);
  return html`<button class="pad" ref=${pad} aria-label="Tap along with the beat">
    <span class="pad-words"><b>Tap along</b><span class="quiet">anywhere here, with the beat</span></span>
    <span class="pad-energy" aria-hidden="true"><progress max="1000000" value=${energyOf(concert)}></progress></span>
  </button>`;
}
