// Marks: what the stage says beside its notes: grades, how early or late, riffs, counts, a ghost's presses.
import { GRADES, HIT_WINDOWS_US, MISS, OPEN, REACH_US, RECENT } from "./judge.js";

export const GRADE_COLOURS = ["#ffe3ad", "#9be8cf", "#a9d8f5", "#e8e4da", "#b9b4c4", "#ff9a62"];
const GRADE_US = 620_000;
const GHOST_US = 240_000;
const RIFF_LINGERS_US = 350_000; // so that one sees how the last note went
const COUNTS = ["", "1", "2", "3", "4", "5", "6", "7", "8", "9"]; // those who play together see more than three
const LIGHT = "#ffd58a";
const NIGHT = "#09090d";

export class Marks {
  constructor(stage) {
    this.stage = stage;
    this.comboShown = -1;
    this.comboText = "";
    this.countUntilUs = -1; // when the count-in is over, and how long one count lasts
    this.countStepUs = 1_000_000;
  }

  fit() {
    const { width, height, laneWidth, keys } = this.stage.plan;
    this.gradeFont = `700 ${Math.round(Math.min(34, width * 0.075))}px system-ui, sans-serif`;
    this.smallFont = `600 ${Math.round(Math.min(17, width * 0.045))}px system-ui, sans-serif`;
    this.comboFont = `200 ${Math.round(Math.min(84, width * 0.2))}px system-ui, sans-serif`;
    this.countFont = `200 ${Math.round(Math.min(220, height * 0.32))}px system-ui, sans-serif`;
    this.barWidth = Math.min(320, Math.max(200, laneWidth * keys * 0.8), width - 32);
    this.slot = Math.min(76, (width - 32) / 4);
    this.labels = this.stage.options.labels;
  }

  /** Combo, the last grade, and the error bar. */
  drawWords(now) {
    const { context, plan, judge, rate } = this.stage;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (judge.combo !== this.comboShown) {
      this.comboShown = judge.combo;
      this.comboText = judge.combo < 5 ? "" : String(judge.combo);
    }
    context.fillStyle = "#ffffff";
    context.globalAlpha = 0.3;
    context.font = this.comboFont;
    context.fillText(this.comboText, plan.centre, plan.wordY(0.38));
    if (this.stage.options.hasErrors) this.drawErrors();
    const { last } = judge;
    const age = (now - last.at) / (GRADE_US * rate);
    if (last.grade === OPEN || age < 0 || age >= 1) return;
    const y = plan.wordY(0.56);
    context.globalAlpha = Math.min(1, 2 * (1 - age));
    context.fillStyle = GRADE_COLOURS[last.grade];
    context.font = this.gradeFont;
    context.fillText(GRADES[last.grade], plan.centre, y);
    if (last.grade < 1 || last.grade === MISS || !last.error) return;
    context.font = this.smallFont;
    context.fillText(last.error < 0 ? "‹ early" : "late ›", plan.centre + (last.error < 0 ? -1 : 1) * this.barWidth * 0.38, y);
  }

  /** The last thirty hits as ticks: left is early, right is late; the wedge is their mean. */
  drawErrors() {
    const { context, plan } = this.stage;
    const { recent } = this.stage.judge;
    const shown = Math.min(recent.count, RECENT);
    if (!shown) return;
    const y = plan.wordY(0.67);
    const half = this.barWidth / 2;
    context.globalAlpha = 0.5;
    context.fillStyle = "#3a3947";
    context.fillRect(plan.centre - half, y - 1, half * 2, 2);
    context.globalAlpha = 0.55;
    for (let grade = 2; grade >= 0; grade--) {
      const reach = (HIT_WINDOWS_US[grade] / REACH_US) * half;
      context.fillStyle = GRADE_COLOURS[grade];
      context.fillRect(plan.centre - reach, y - 1, reach * 2, 2);
    }
    context.globalAlpha = 0.9;
    context.fillStyle = "#ffffff";
    context.fillRect(plan.centre - 1, y - 9, 2, 18);
    let sum = 0;
    for (let back = 1; back <= shown; back++) {
      const at = (recent.count - back) % RECENT;
      sum += recent.errors[at];
      context.globalAlpha = back === 1 ? 1 : 0.75 * (1 - back / (RECENT + 4));
      context.fillStyle = GRADE_COLOURS[recent.grades[at]];
      context.fillRect(plan.centre + (recent.errors[at] / REACH_US) * half - 1.5, y - 7, 3, 14);
    }
    const mean = plan.centre + (sum / shown / REACH_US) * half;
    context.globalAlpha = 0.9;
    context.fillStyle = "#ffffff";
    context.beginPath();
    context.moveTo(mean, y - 9);
    context.lineTo(mean - 5, y - 16);
    context.lineTo(mean + 5, y - 16);
    context.fill();
  }

  /** A large count; notes come meanwhile. */
  drawCount(now) {
    if (now >= this.countUntilUs) return;
    const { context, plan, options } = this.stage;
    const left = (this.countUntilUs - now) / this.countStepUs;
    context.globalAlpha = options.isCalm ? 0.9 : 0.25 + 0.7 * (left % 1);
    context.fillStyle = "#fff6e4";
    context.font = this.countFont;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(COUNTS[Math.min(9, Math.ceil(left))], plan.centre, plan.wordY(0.45));
  }

  /** The lanes that a riff asks for are lit to their far end. */
  drawRiffLanes(now) {
    const { context, plan, riff } = this.stage;
    context.fillStyle = LIGHT;
    for (let number = 0; number < riff.length; number++) {
      const note = riff[number];
      if (note.grade !== OPEN || now > note.start) continue;
      context.globalAlpha = 0.1;
      context.beginPath();
      context.moveTo(plan.edge(note.lane, plan.topY), plan.topY);
      context.lineTo(plan.edge(note.lane + 1, plan.topY), plan.topY);
      context.lineTo(plan.edge(note.lane + 1, plan.lineY), plan.lineY);
      context.lineTo(plan.edge(note.lane, plan.lineY), plan.lineY);
      context.fill();
    }
  }

  /** The count-in of a riff note: from its coming to its moment a ring closes on its place in the line. */
  drawRings(now) {
    const { context, plan, riff, riffRadius } = this.stage;
    context.strokeStyle = LIGHT;
    context.lineWidth = 3.5;
    for (let number = 0; number < riff.length; number++) {
      const note = riff[number];
      if (note.grade !== OPEN || note.start < now || this.waitsForAnother(number)) continue;
      const left = Math.min(1, (note.start - now) / Math.max(1, note.start - note.shownAt));
      context.globalAlpha = 0.95 - 0.5 * left;
      context.beginPath();
      context.arc(plan.middle(note.lane, plan.lineY), plan.lineY, riffRadius * (1.15 + 1.5 * left), 0, 2 * Math.PI);
      context.stroke();
    }
  }

  /** Is an earlier note of the riff still open in the same lane? One ring at a time. */
  waitsForAnother(number) {
    const { riff } = this.stage;
    for (let earlier = 0; earlier < number; earlier++) {
      if (riff[earlier].lane === riff[number].lane && riff[earlier].grade === OPEN) return true;
    }
    return false;
  }

  /** The banner: which four keys, in which order, and how long until each. */
  drawRiff(now) {
    const { context, plan, riff, rate } = this.stage;
    const last = riff[riff.length - 1];
    if (now > last.start + RIFF_LINGERS_US * rate) {
      this.stage.riff = null;
      return;
    }
    this.drawRings(now);
    const { slot } = this;
    const width = slot * 4 + 16;
    const height = slot + 52;
    const left = plan.centre - width / 2;
    const middleY = plan.ahead > 0 ? 10 + height / 2 : plan.height - 10 - height / 2;
    const top = middleY - height / 2;
    context.globalAlpha = 0.88;
    context.fillStyle = NIGHT;
    context.beginPath();
    context.roundRect(left, top, width, height, 16);
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = LIGHT;
    context.lineWidth = 2;
    context.stroke();
    context.fillStyle = LIGHT;
    context.font = this.smallFont;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("A riff! Press these as they land", plan.centre, top + 16, width - 16);
    let isNext = true;
    for (let number = 0; number < riff.length; number++) {
      const isOpen = riff[number].grade === OPEN;
      this.drawSlot(riff[number], left + 8 + slot * (number + 0.5), top + 30 + slot / 2, now, isOpen && isNext);
      if (isOpen) isNext = false;
    }
  }

  drawSlot(note, x, y, now, isNext) {
    const { context, riffs } = this.stage;
    const { slot } = this;
    const isHit = note.grade >= 0 && note.grade < MISS;
    const reach = slot * (isNext ? 0.56 : 0.48);
    context.globalAlpha = note.grade === OPEN ? 1 : 0.35;
    context.drawImage(riffs[note.lane][note.riff - 1], x - reach, y - reach, reach * 2, reach * 2);
    context.globalAlpha = 1;
    context.fillStyle = isNext ? "#ffffff" : "#bcb7c6";
    context.font = this.smallFont;
    context.fillText(this.labels[note.lane] || "", x, y + slot * 0.5 + 10, slot);
    context.lineWidth = 4;
    context.strokeStyle = isHit ? "#9be8cf" : note.grade === MISS ? "#ff9a62" : LIGHT;
    context.beginPath();
    if (note.grade === OPEN) {
      const left = Math.max(0, Math.min(1, (note.start - now) / Math.max(1, note.start - note.shownAt)));
      context.arc(x, y, slot * 0.42, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * left);
    } else if (isHit) {
      context.moveTo(x - 12, y);
      context.lineTo(x - 3, y + 10);
      context.lineTo(x + 13, y - 11);
    } else {
      context.moveTo(x - 10, y - 10);
      context.lineTo(x + 10, y + 10);
      context.moveTo(x + 10, y - 10);
      context.lineTo(x - 10, y + 10);
    }
    context.stroke();
  }

  /** Where the ghost pressed: faint brackets at the line. */
  drawGhost(now) {
    const { context, plan, ghostAt, keys, rate } = this.stage;
    for (let lane = 0; lane < keys; lane++) {
      const age = (now - ghostAt[lane]) / (GHOST_US * rate);
      if (age < 0 || age >= 1) continue;
      const x = plan.middle(lane, plan.lineY);
      const reach = plan.laneWidth * 0.46;
      context.globalAlpha = 0.6 * (1 - age);
      context.strokeStyle = "#ffffff";
      context.lineWidth = 2;
      context.beginPath();
      for (let side = -1; side <= 1; side += 2) {
        context.moveTo(x + side * (reach - 5), plan.lineY - reach);
        context.lineTo(x + side * reach, plan.lineY - reach);
        context.lineTo(x + side * reach, plan.lineY + reach);
        context.lineTo(x + side * (reach - 5), plan.lineY + reach);
      }
      context.stroke();
    }
  }
}
