// Play-queue: plays that wait for the daemon, in the browser's store; where there is none, in memory.
const NAME = "popd-plays";
const STORE = "waiting";
const MAX_WAITING = 40; // an evening without a daemon
const VERSION = 1;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
  return done(request);
}

export class Queue {
  #base = null;
  #memory = new Map(); // where the browser keeps nothing
  #next = 1;

  async #store(mode) {
    this.#base ??= open().catch(() => null);
    const base = await this.#base;
    return base?.transaction(STORE, mode).objectStore(STORE) ?? null;
  }

  /** What waits, the oldest first: [{ key, play }]. */
  async all() {
    const store = await this.#store("readonly");
    if (!store) return [...this.#memory].map(([key, play]) => ({ key, play }));
    const [keys, plays] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    return keys.map((key, position) => ({ key, play: plays[position] }));
  }

  /** Puts a play at the end; says whether the oldest had to go for it. */
  async add(play) {
    const store = await this.#store("readwrite");
    if (store) await done(store.add(play)).catch(() => this.#memory.set(this.#next++, play));
    else this.#memory.set(this.#next++, play);
    const waiting = await this.all();
    const surplus = waiting.slice(0, Math.max(0, waiting.length - MAX_WAITING));
    for (const { key } of surplus) await this.remove(key);
    return surplus.length > 0;
  }

  async remove(key) {
    const store = await this.#store("readwrite");
    if (store) await done(store.delete(key));
    else this.#memory.delete(key);
  }
}
