// Around part: the map of trust, the search, and the same as a list.
import { html, useState } from "../html.js";
import { known, silence } from "../people/trust.js";
import { colourClusters } from "./cluster-colours.js";
import { Nobody } from "./nobody.js";
import { PeopleTable, Search } from "./people-table.js";
import { TrustMap } from "./trust-map.js";

export function AroundPart() {
  const [sought, setSought] = useState("");
  const seen = known.value;
  if (!seen) return html`<p class="waiting">${silence.value ? "The map is drawn when the daemon answers." : "Drawing the map; usually 1 s."}</p>`;
  if (!seen.people.some((one) => !one.is_me)) return html`<${Nobody} />`;
  colourClusters(seen.clusters);
  return html`<${Search} onFound=${setSought} /><${TrustMap} sought=${sought} /><${PeopleTable} />`;
}
