// Judge: which press answers which note, and how exactly; provisional, the witnesses judge again.
//
// The same rule as the ledger's: in every lane a press answers the earliest open note that it is
// near enough to; letting go of a hold has windows half as wide again and is never a miss.

const HIT_WINDOWS_US = [16_000, 40_000, 73_000, 103_000, 127_000];
const REACH_US = 127_000;
const WEIGHTS = [6, 6, 4, 2, 1, 0];
const RIFF_CLEARANCE_US = 500_000;
const MEH = 4;
const MISS = 5;
export const OPEN = -1;
export const GRADES = ["perfect", "great", "good", "ok", "meh", "miss"];

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
});

export class Judge {
  /** Times in microseconds from the start; `windowUs` bounds what a riff clears. */
  constructor(keys, notes, windowUs) {
    this.keys = keys;
    this.windowUs = windowUs;
    this.lanes = Array.from({ length: keys }, () => ({ notes: [], next: 0, held: null, isDown: false }));
    for (const [start, lane, duration] of notes) {
      this.lanes[lane].notes.push(noteOf(start, lane, duration, 0));
    }
    this.grades = [0, 0, 0, 0, 0, 0];
    this.combo = 0;
    this.bestCombo = 0;
    this.riffHits = 0;
    this.onSettle = () => {}; // (lane, grade, us): a note was answered or missed
    this.last = { grade: OPEN, error: 0, at: -Infinity };
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

  /** Errors (us) of the notes of the chart that were hit, early below zero. */
  get errors() {
    return this.lanes.flatMap((lane) =>
      lane.notes
        .filter((note) => note.grade >= 0 && note.grade < MISS && !note.riff && note.droppedAt === Infinity)
        .map((note) => note.error),
    );
  }

  press(laneNumber, timeUs) {
    const lane = this.lanes[laneNumber];
    if (lane.held) this.#letGo(lane, null, timeUs);
    lane.isDown = true;
    this.#passBy(lane, timeUs - REACH_US, timeUs);
    const note = lane.notes[lane.next];
    if (!note || note.start - REACH_US > timeUs) return null;
    lane.next++;
    note.error = timeUs - note.start;
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
      this.#passBy(lane, timeUs - REACH_US, timeUs);
      // Held far past its end: what follows can't be better than meh, and the lane is free to look at.
      if (lane.held && timeUs > lane.held.start + lane.held.duration + 2 * REACH_US) {
        this.#letGo(lane, null, timeUs);
      }
    }
  }

  /** A riff comes in: its notes appear, the chart's notes close to them vanish. */
  addRiff(notes, timeUs) {
    const window = Math.floor(notes[0][0] / this.windowUs);
    for (const lane of this.lanes) {
      for (const note of lane.notes) {
        const isNear = notes.some(([start]) => Math.abs(note.start - start) < RIFF_CLEARANCE_US);
        const isHere = Math.floor(note.start / this.windowUs) === window;
        if (note.riff || !isNear || !isHere || note.droppedAt !== Infinity) continue;
        note.droppedAt = timeUs;
        if (note.grade !== OPEN) this.grades[note.grade]--;
      }
    }
    notes.forEach(([start, laneNumber], position) => {
      const { notes: own } = this.lanes[laneNumber];
      let place = own.length;
      while (place > 0 && own[place - 1].start > start) place--;
      own.splice(Math.max(place, this.lanes[laneNumber].next), 0, noteOf(start, laneNumber, 0, position + 1));
    });
  }

  #passBy(lane, beforeUs, nowUs) {
    let note = lane.notes[lane.next];
    while (note && (note.droppedAt !== Infinity || note.start < beforeUs)) {
      lane.next++;
      if (note.droppedAt === Infinity) this.#settle(note, MISS, nowUs);
      note = lane.notes[lane.next];
    }
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
    const late = releaseUs === null ? Infinity : Math.abs(releaseUs - note.start - note.duration);
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
