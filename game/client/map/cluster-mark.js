// Cluster mark: a cluster's name behind a dot in its colour.
import { html } from "../html.js";
import { colourName, colourOf } from "./cluster-colours.js";

export function ClusterMark({ cluster }) {
  if (!cluster) return html`<span class="quiet">none</span>`;
  return html`<span class="cluster-mark"><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill=${colourOf(cluster.id)} /></svg>
    <span title=${`${colourName(cluster.id)} on the map`}>${cluster.name}</span></span>`;
}
