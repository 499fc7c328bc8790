// Stage: the lanes and their one light, drawn sixty times a second, allocating nothing meanwhile.
import { labelOf, layoutOf } from "./keys.js";
import { GRADES, OPEN } from "./judge.js";
import { laneLooks, traceShape } from "./lanes.js";
import { noteSprite, riffSprite, sceneOf } from "./sprites.js";

const APPROACH_US = 1_250_000; // how long a note is in sight
const DEPTH = 0.45; // how much nearer things seem to hurry
const FAR_SCALE = 0.6; // width of the lanes at the top, of that at the line
const MISS = 5;
const BURST_US = 280_000;
const GRADE_US = 620_000;
const RING_US = 750_000; // count-in of a riff note: from its coming to its moment
const FADE_US = 220_000;
const MAX_RATIO = 2;
const MAX_LANE_WIDTH = 116;
const MAX_NARROW_WIDTH = 92; // from six lanes on: eyes shouldn't have to travel
const GRADE_COLOURS = ["#ffe3ad", "#9be8cf", "#a9d8f5", "#e8e4da", "#b9b4c4", "#ff9a62"];
const COUNTS = ["", "1", "2", "3"];
const LIGHT = "#ffd58a";

export class Stage {
  /** `timing` is [[time_us, beat_us]]; `nowUs()` the time since the start; `judge` what to draw. */
  constructor(canvas, judge, timing, nowUs) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.judge = judge;
    this.timing = timing;
    this.nowUs = nowUs;
    this.onFrame = () => {};
    this.keys = judge.keys;
    this.looks = laneLooks(judge.keys);
    this.labels = layoutOf(judge.keys).map(labelOf);
    this.first = new Int32Array(judge.keys); // per lane, the first note that may still be in sight
    this.burstAt = new Float64Array(judge.keys).fill(-1e12);
    this.burstGrade = new Int8Array(judge.keys);
    this.comboShown = -1;
    this.comboText = "";
    this.beatAt = 0;
    this.riffUntilUs = -1; // while it lasts, the stage says that a riff is to be answered
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    this.draw = this.draw.bind(this);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(canvas);
    this.fit();
    this.frame = requestAnimationFrame(this.draw);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }

  /** A note was answered or missed: light up its lane. */
  burst(lane, grade, timeUs) {
    this.burstAt[lane] = timeUs;
    this.burstGrade[lane] = grade;
  }

  /** Which lane a pointer is in, or -1. */
  laneAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const { laneWidth, centre } = this.plan;
    const lane = Math.floor((event.clientX - box.left - centre) / laneWidth + this.keys / 2);
    const nearest = Math.min(this.keys - 1, Math.max(0, lane));
    return Math.abs(lane - nearest) <= 1 ? nearest : -1;
  }

  /** Measures the canvas and paints anew what doesn't move. */
  fit() {
    const width = this.canvas.clientWidth || 320;
    const height = this.canvas.clientHeight || 480;
    const ratio = Math.min(devicePixelRatio || 1, MAX_RATIO);
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const widest = this.keys < 6 ? MAX_LANE_WIDTH : MAX_NARROW_WIDTH;
    const laneWidth = Math.min(widest, (width - 8) / this.keys);
    const radius = Math.min(laneWidth * 0.34, 38);
    const centre = width / 2;
    const lineY = height - Math.max(84, Math.min(150, height * 0.17));
    const topY = 0;
    const scale = (y) => FAR_SCALE + ((1 - FAR_SCALE) * (y - topY)) / (lineY - topY);
    this.plan = {
      width, height, laneWidth, radius, centre, lineY, topY, keys: this.keys, scale,
      labelY: Math.min(height - 20, lineY + radius + 30),
      edge: (lane, y) => centre + (lane - this.keys / 2) * laneWidth * scale(y),
      middle: (lane, y) => centre + (lane + 0.5 - this.keys / 2) * laneWidth * scale(y),
    };
    this.scene = sceneOf(this.plan, this.looks, this.labels, ratio);
    this.sprites = this.looks.map((look) => noteSprite(look, radius, ratio));
    this.riffs = this.looks.map((look) => [1, 2, 3, 4].map((number) => riffSprite(look, number, radius, ratio)));
    this.beams = this.looks.map((look) => {
      const beam = this.context.createLinearGradient(0, lineY - height * 0.55, 0, lineY);
      beam.addColorStop(0, "rgb(0 0 0 / 0%)");
      beam.addColorStop(1, look.colour);
      return beam;
    });
    this.gradeFont = `700 ${Math.round(Math.min(34, width * 0.075))}px system-ui, sans-serif`;
    this.smallFont = `500 ${Math.round(Math.min(17, width * 0.045))}px system-ui, sans-serif`;
    this.comboFont = `200 ${Math.round(Math.min(84, width * 0.2))}px system-ui, sans-serif`;
    this.countFont = `200 ${Math.round(Math.min(220, height * 0.32))}px system-ui, sans-serif`;
  }

  /** How far down the stage a moment is, from how long it is ahead. */
  yAt(aheadUs) {
    const ahead = Math.max(aheadUs / APPROACH_US, -0.5);
    const depth = (ahead * (1 + DEPTH)) / (1 + DEPTH * ahead);
    return this.plan.lineY - (this.plan.lineY - this.plan.topY) * depth;
  }

  draw() {
    this.frame = requestAnimationFrame(this.draw);
    const now = this.nowUs();
    const { context } = this;
    this.onFrame(now);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(this.scene, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawBeats(now);
    for (let lane = 0; lane < this.keys; lane++) this.drawBeam(lane);
    this.drawWords(now); // behind the notes: what is to be played comes first
    for (let lane = 0; lane < this.keys; lane++) this.drawLane(lane, now);
    for (let lane = 0; lane < this.keys; lane++) this.drawBurst(lane, now);
  }

  /** Faint lines on the beats, so that the rhythm can be read; the line breathes with them. */
  drawBeats(now) {
    const { context, plan } = this;
    while (this.beatAt + 1 < this.timing.length && this.timing[this.beatAt + 1][0] <= now) this.beatAt++;
    const origin = this.timing[this.beatAt][0];
    const beat = this.timing[this.beatAt][1];
    context.fillStyle = "#ffffff";
    for (let time = origin + Math.ceil((now - origin) / beat) * beat; time < now + APPROACH_US; time += beat) {
      const y = this.yAt(time - now);
      const isBar = Math.round((time - origin) / beat) % 4 === 0;
      context.globalAlpha = isBar ? 0.16 : 0.06;
      const left = plan.edge(0, y);
      context.fillRect(left, y, plan.edge(this.keys, y) - left, 1);
    }
    if (this.motion.matches || now < 0) return;
    const phase = (((now - origin) % beat) + beat) % beat;
    context.globalAlpha = 0.35 * Math.max(0, 1 - phase / (beat * 0.6));
    context.fillStyle = LIGHT;
    context.fillRect(plan.edge(0, plan.lineY), plan.lineY - 3, plan.laneWidth * this.keys, 6);
  }

  drawBeam(lane) {
    if (!this.judge.lanes[lane].isDown) return;
    const { context, plan } = this;
    const topY = plan.lineY - plan.height * 0.55;
    context.globalAlpha = 0.42;
    context.fillStyle = this.beams[lane];
    context.beginPath();
    context.moveTo(plan.edge(lane, topY), topY);
    context.lineTo(plan.edge(lane + 1, topY), topY);
    context.lineTo(plan.edge(lane + 1, plan.lineY), plan.lineY);
    context.lineTo(plan.edge(lane, plan.lineY), plan.lineY);
    context.fill();
    context.globalAlpha = 0.75;
    context.fillStyle = this.looks[lane].colour;
    context.beginPath();
    traceShape(context, this.looks[lane].shape, plan.middle(lane, plan.lineY), plan.lineY, plan.radius * 1.08);
    context.fill();
  }

  drawLane(lane, now) {
    const { notes } = this.judge.lanes[lane];
    let position = this.first[lane];
    while (position < notes.length && notes[position].start + notes[position].duration < now - 600_000) position++;
    this.first[lane] = position;
    let hasRing = false;
    for (; position < notes.length && notes[position].start < now + APPROACH_US; position++) {
      const note = notes[position];
      const isMissed = note.grade === MISS;
      if (note.grade !== OPEN && !isMissed && !note.duration) continue;
      const gone = note.droppedAt === Infinity ? 0 : (now - note.droppedAt) / FADE_US;
      if (gone >= 1) continue;
      const alpha = (isMissed ? 0.28 : 1) * (1 - gone);
      if (note.duration) this.drawHold(lane, note, now, alpha);
      if (note.grade === OPEN || isMissed) this.drawHead(lane, note, now, alpha);
      if (!note.riff || note.grade !== OPEN || note.start < now || hasRing) continue;
      hasRing = true;
      this.drawRing(lane, note.start - now);
    }
  }

  drawHead(lane, note, now, alpha) {
    const { context, plan } = this;
    const y = this.yAt(note.start - now);
    if (y > plan.height + plan.radius) return;
    const scale = plan.scale(y);
    const x = plan.middle(lane, y);
    const reach = plan.radius * 2 * scale;
    context.globalAlpha = alpha;
    context.drawImage(note.riff ? this.riffs[lane][note.riff - 1] : this.sprites[lane], x - reach, y - reach, reach * 2, reach * 2);
  }

  /** The count-in of a riff note: a ring that closes on its place in the line. */
  drawRing(lane, aheadUs) {
    const { context, plan } = this;
    const left = Math.min(1, aheadUs / RING_US);
    context.globalAlpha = 0.95 - 0.6 * left;
    context.strokeStyle = LIGHT;
    context.lineWidth = 3;
    context.beginPath();
    context.arc(plan.middle(lane, plan.lineY), plan.lineY, plan.radius * (1.15 + left), 0, 2 * Math.PI);
    context.stroke();
  }

  drawHold(lane, note, now, alpha) {
    const { context, plan } = this;
    const endUs = note.start + note.duration;
    if (endUs < now && note.grade !== OPEN) return;
    const isPassed = note.grade !== OPEN && !note.isHeld;
    const headY = note.isHeld ? plan.lineY : Math.min(plan.height, this.yAt(note.start - now));
    const tailY = Math.max(plan.topY, this.yAt(Math.min(endUs - now, APPROACH_US)));
    if (tailY >= headY) return;
    const head = plan.radius * 0.62 * plan.scale(headY);
    const tail = plan.radius * 0.62 * plan.scale(tailY);
    const headX = plan.middle(lane, headY);
    const tailX = plan.middle(lane, tailY);
    context.globalAlpha = alpha * (note.isHeld ? 0.95 : isPassed ? 0.2 : 0.5);
    context.fillStyle = this.looks[lane].colour;
    context.beginPath();
    context.moveTo(headX - head, headY);
    context.lineTo(tailX - tail, tailY);
    context.arc(tailX, tailY, tail, Math.PI, 0);
    context.lineTo(headX + head, headY);
    context.fill();
    context.globalAlpha = alpha * 0.9;
    context.strokeStyle = "rgb(255 255 255 / 70%)";
    context.lineWidth = 1.5;
    context.stroke();
  }

  drawBurst(lane, now) {
    const age = (now - this.burstAt[lane]) / BURST_US;
    if (age < 0 || age >= 1) return;
    const { context, plan } = this;
    const grade = this.burstGrade[lane];
    const x = plan.middle(lane, plan.lineY);
    const grow = this.motion.matches ? 0.2 : age;
    context.globalAlpha = (1 - age) * (grade === MISS ? 0.5 : 0.95);
    context.strokeStyle = GRADE_COLOURS[grade];
    context.lineWidth = grade === MISS ? 2 : 5 * (1 - age) + 1;
    context.beginPath();
    traceShape(context, this.looks[lane].shape, x, plan.lineY, plan.radius * (1.1 + grow * (grade === MISS ? 0.1 : 0.9)));
    context.stroke();
    if (grade > 1) return;
    context.globalAlpha = (1 - age) * 0.5;
    context.fillStyle = "#ffffff";
    context.fill();
  }

  drawWords(now) {
    const { context, plan, judge } = this;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (now < 0) {
      const count = Math.min(3, Math.ceil(-now / 1_000_000));
      const fresh = (((-now % 1_000_000) + 1_000_000) % 1_000_000) / 1_000_000;
      context.globalAlpha = this.motion.matches ? 0.9 : 0.25 + 0.7 * fresh;
      context.fillStyle = "#fff6e4";
      context.font = this.countFont;
      context.fillText(COUNTS[count], plan.centre, plan.lineY * 0.5);
      return;
    }
    if (now < this.riffUntilUs) {
      context.globalAlpha = 1;
      context.fillStyle = LIGHT;
      context.font = this.smallFont;
      context.fillText("a riff: answer it", plan.centre, 28);
    }
    if (judge.combo !== this.comboShown) {
      this.comboShown = judge.combo;
      this.comboText = judge.combo < 5 ? "" : String(judge.combo);
    }
    context.fillStyle = "#ffffff";
    context.globalAlpha = 0.3;
    context.font = this.comboFont;
    context.fillText(this.comboText, plan.centre, plan.lineY * 0.36);
    const { last } = judge;
    const age = (now - last.at) / GRADE_US;
    if (last.grade === OPEN || age < 0 || age >= 1) return;
    const y = plan.lineY * 0.56;
    context.globalAlpha = Math.min(1, 2 * (1 - age));
    context.fillStyle = GRADE_COLOURS[last.grade];
    context.font = this.gradeFont;
    context.fillText(GRADES[last.grade], plan.centre, y);
    if (last.grade < 2 || last.grade === MISS || !last.error) return;
    context.font = this.smallFont;
    context.fillText(last.error < 0 ? "early" : "late", plan.centre, y + plan.radius);
  }
}
