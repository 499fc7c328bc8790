// Shelf: what happens to songs on the daemon's shelf; afterwards the list is read anew.
import { ask, path } from "../daemon/ask.js";
import { batch } from "../html.js";
import { forgetRecording } from "../sound/recording-sound.js";
import { forget } from "../play/show.js";
import { song, songs, token } from "../daemon/state.js";
import { readSongs } from "./reading.js";

/** The list as it is now; what is chosen stays chosen, when it is still there. */
export async function refresh() {
  const found = readSongs((await ask(token, "GET", "songs")).songs);
  forget();
  forgetRecording();
  batch(() => {
    songs.value = found;
    song.value = found.find(({ name }) => name === song.value?.name) ?? found[0] ?? null;
  });
}

export async function addMusic(name, file) {
  await ask(token, "POST", `${path("songs", name, "music")}?${new URLSearchParams({ file: file.name })}`, { bytes: file });
  await refresh();
}

/** One more chart, for other lanes; resolves to it. */
export async function fit(name, chart, keys) {
  const made = await ask(token, "POST", path("songs", name, "fit"), { json: { chart: chart.id, keys } });
  await refresh();
  return made;
}

export async function removeSong(name) {
  await ask(token, "DELETE", path("songs", name));
  await refresh();
}
