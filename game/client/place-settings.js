// Settings.
import { html } from "./html.js";
export function SettingsPlace() {
  return html`<section class="settings"><h1 tabindex="-1">Settings</h1></section>`;
}
