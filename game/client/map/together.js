// Together: who belongs together and who parted, as a picture and in words.
import { html } from "../html.js";
import { phases, silence } from "./disputes.js";
import { Nobody } from "./nobody.js";
import { PartedPart } from "./parted.js";
import { PeopleList } from "./people-list.js";
import { PersonCard } from "./person-card.js";
import { PhaseMap } from "./phase-map.js";

export function TogetherPart() {
  const seen = phases.value;
  if (!seen) return html`<p class="waiting">${silence.value ? "The map is drawn when the daemon answers." : "Drawing the map; usually 1 s."}</p>`;
  return html`${seen.people.some((one) => !one.is_me) ? html`<div class="map-columns"><${PhaseMap} seen=${seen} /><${PersonCard} seen=${seen} /></div>
    <p class="quiet intro">Who stands together acknowledged one another; a bigger face is nearer to you. A line with a gap: two have parted, and the bar is
      on the side of who did. Touch somebody to see their ties.</p>
    <${PeopleList} seen=${seen} />` : html`<${Nobody} />`}
    <${PartedPart} />`;
}
