/** A form that asks the same page for less. */
import { html, type Html } from "../html.ts";

export function searchBox(action: string, search: string, label: string, name = "q"): Html {
  return html`<form method="get" action="${action}" class="search" role="search">
    <label>${label} <input type="search" name="${name}" value="${search}" maxlength="255" /></label>
    <button>Search</button>
  </form>`;
}
