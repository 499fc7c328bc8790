// Known: everybody of whom this page has heard, to choose from: neighbours, and who is on the map.
import { ask } from "../daemon/ask.js";
import { useEffect, useState } from "../html.js";
import { status, token } from "../daemon/state.js";

const MOST = 200;

/** People besides the user, each once. */
export function useKnown() {
  const [others, setOthers] = useState([]);
  useEffect(() => {
    ask(token, "GET", "trust/map").then(({ people }) => setOthers(people.filter((one) => !one.is_me).slice(0, MOST)), () => {});
  }, []);
  const all = [...(status.value?.neighbours ?? []), ...others];
  return all.filter((one, place) => all.findIndex(({ id }) => id === one.id) === place);
}
