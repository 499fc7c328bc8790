// Judge: which press answers which note, and how exactly; provisional, the witnesses judge again.
//
// The same rule as the ledger's: in every lane a press answers the earliest open note that it is
// near enough to; letting go of a hold has windows half as wide again and is never a miss. Times are
// chart time; at another speed the windows stay as long for the fingers, so errors are real time.

export const HIT_WINDOWS_US = [16_000, 40_000, 73_000, 103_000, 127_000];
export const REACH_US = 127_000;
export const WEIGHTS = [6, 6, 4, 2, 1, 0];
export const GRADES = ["perfect", "great", "good", "ok", "meh", "miss"];
export const OPEN = -1;
export const MISS = 5;
export const RECENT = 30; // hits that the error bar shows
export const RIFF_TIMES_US = [600_000, 850_000, 1_100_000, 1_350_000];
const RIFF_HITS_NEEDED = 3;
const RIFF_CLEARANCE_US = 500_000;
const MEH = 4;

export function gradeOf(errorUs) {
  const error = Math.abs(errorUs);
  let grade = 0;
  while (grade < HIT_WINDOWS_US.length && error > HIT_WINDOWS_US[grade]) grade++;
  return grade;
}

const noteOf = (start, lane, duration, riff) => ({
  start,
  lane,
  duration,
  riff, // 0, or which of the riff's notes
  grade: OPEN,
  error: 0,
  isHeld: false,
  droppedAt: Infinity,
  shownAt: -Infinity,
  place: NaN, // where the stage draws start and end; it works them out when it first sees the note
  endPlace: NaN,
});

export class Judge {
  /** Chart time in microseconds. A riff clears within its own window only: windows of `windowUs` follow `originUs`. */
  constructor(keys, notes, { windowUs = Infinity, originUs = 0, rate = 1 } = {}) {
    this.keys = keys;
    this.windowUs = windowUs;
    this.originUs = originUs;
    this.rate = rate;
    this.reachUs = REACH_US * rate;
    this.lanes = Array.from({ length: keys }, () => ({ notes: [], next: 0, held: null, isDown: false }));
    for (const [start, lane, duration] of notes) {
      this.lanes[lane].notes.push(noteOf(start, lane, duration, 0));
    }
    this.grades = [0, 0, 0, 0, 0, 0];
    this.combo = 0;
    this.bestCombo = 0;
    this.riffHits = 0;
    this.riffs = []; // the notes of each riff that came
    this.onSettle = () => {}; // (lane, grade, us): a note was answered or missed
    this.last = { grade: OPEN, error: 0, at: -Infinity };
    this.recent = { errors: new Float64Array(RECENT), grades: new Uint8Array(RECENT), count: 0 };
  }

  /** Share of the full weight so far, 0 to 1; nothing judged yet is null. */
  get accuracy() {
    let earned = 0;
    let count = 0;
    for (let grade = 0; grade <= MISS; grade++) {
      earned += this.grades[grade] * WEIGHTS[grade];
      count += this.grades[grade];
    }
    return count ? earned / (6 * count) : null;
  }

  get riffsAnswered() {
    const isAnswered = (notes) => notes.filter((note) => note.grade >= 0 && note.grade < MISS).length >= RIFF_HITS_NEEDED;
    return this.riffs.filter(isAnswered).length;
  }

  /** The judged notes of the chart in order of time: { start, lane, grade, error } (us, early below zero). */
  get judged() {
    return this.lanes
      .flatMap(({ notes }) => notes.filter((note) => note.grade >= 0 && !note.riff && note.droppedAt === Infinity))
      .map(({ start, lane, grade, error }) => ({ start, lane, grade, error }))
      .sort((a, b) => a.start - b.start);
  }

  press(laneNumber, timeUs) {
    const lane = this.lanes[laneNumber];
    if (lane.held) this.#letGo(lane, null, timeUs);
    lane.isDown = true;
    this.#passBy(lane, timeUs - this.reachUs, timeUs);
    const note = lane.notes[lane.next];
    if (!note || note.start - this.reachUs > timeUs) return null;
    lane.next++;
    note.error = (timeUs - note.start) / this.rate;
    this.#remember(note);
    this.#settle(note, gradeOf(note.error), timeUs);
    if (note.duration) {
      note.isHeld = true;
      lane.held = note;
    }
    return note;
  }

  release(laneNumber, timeUs) {
    const lane = this.lanes[laneNumber];
    lane.isDown = false;
    if (lane.held) this.#letGo(lane, timeUs, timeUs);
  }

  /** Notes that no press came near are missed; call it every frame. */
  advance(timeUs) {
    for (let number = 0; number < this.keys; number++) {
      const lane = this.lanes[number];
      this.#passBy(lane, timeUs - this.reachUs, timeUs);
      // Held far past its end: what follows can't be better than meh, and the lane is free to look at.
      if (lane.held && timeUs > lane.held.start + lane.held.duration + 2 * this.reachUs) {
        this.#letGo(lane, null, timeUs);
      }
    }
  }

  /** A riff, [[us, lane] x 4], comes in: its notes appear, the chart's notes close to them vanish. */
  addRiff(notes, timeUs) {
    const window = this.#windowOf(notes[0][0]);
    const clearanceUs = RIFF_CLEARANCE_US * this.rate;
    for (const lane of this.lanes) {
      for (const note of lane.notes) {
        const isNear = notes.some(([start]) => Math.abs(note.start - start) < clearanceUs);
        if (note.riff || !isNear || this.#windowOf(note.start) !== window || note.droppedAt !== Infinity) continue;
        note.droppedAt = timeUs;
        if (note.grade !== OPEN) this.grades[note.grade]--;
      }
    }
    const added = notes.map(([start, lane], position) => noteOf(start, lane, 0, position + 1));
    for (const note of added) {
      note.shownAt = timeUs;
      const { notes: own, next } = this.lanes[note.lane];
      let place = own.length;
      while (place > 0 && own[place - 1].start > note.start) place--;
      own.splice(Math.max(place, next), 0, note);
    }
    this.riffs.push(added);
    return added;
  }

  #windowOf(timeUs) {
    return Math.floor((timeUs - this.originUs) / this.windowUs);
  }

  #passBy(lane, beforeUs, nowUs) {
    let note = lane.notes[lane.next];
    while (note && (note.droppedAt !== Infinity || note.start < beforeUs)) {
      lane.next++;
      if (note.droppedAt === Infinity) this.#settle(note, MISS, nowUs);
      note = lane.notes[lane.next];
    }
  }

  #remember(note) {
    const at = this.recent.count++ % RECENT;
    this.recent.errors[at] = note.error;
    this.recent.grades[at] = gradeOf(note.error);
  }

  #settle(note, grade, timeUs) {
    note.grade = grade;
    if (note.riff) this.riffHits += grade < MISS ? 1 : 0;
    else this.grades[grade]++;
    this.combo = grade < MISS ? this.combo + 1 : 0;
    this.bestCombo = Math.max(this.bestCombo, this.combo);
    this.last.grade = grade;
    this.last.error = note.error;
    this.last.at = timeUs;
    this.onSettle(note.lane, grade, timeUs);
  }

  #letGo(lane, releaseUs, nowUs) {
    const note = lane.held;
    lane.held = null;
    note.isHeld = false;
    const late = releaseUs === null ? Infinity : Math.abs(releaseUs - note.start - note.duration) / this.rate;
    const tail = Math.min(gradeOf(Math.floor((late * 2) / 3)), MEH);
    if (tail <= note.grade || note.droppedAt !== Infinity) return;
    this.grades[note.grade]--;
    this.grades[tail]++;
    note.grade = tail;
    this.last.grade = tail;
    this.last.error = 0;
    this.last.at = nowUs;
  }
}
