// Looking: whom the user looks at on the map, and the way to the page of a person.
import { signal } from "../html.js";

export const around = signal(""); // whom the user looks at, by key
export const wanted = signal(""); // the name that is searched for

/** Opens the page of somebody, so that the browser's Back leads here again. */
export const open = (id) => (location.hash = `people/${id}`);
