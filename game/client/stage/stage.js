// Stage: the lanes and their one light, drawn sixty times a second, allocating nothing meanwhile.
import { MISS, OPEN } from "./judge.js";
import { laneLooks, traceShape } from "./lanes.js";
import { Marks, GRADE_COLOURS } from "./marks.js";
import { Places, planOf } from "./plan.js";
import { noteSprite, riffSprite, sceneOf } from "./sprites.js";

const BURST_US = 280_000;
const FADE_US = 260_000;
const POP_US = 160_000;
const PAST_US = 600_000; // a note that ended so long ago is out of sight
const MAX_BEATS = 64; // lines in sight, however quick a chart says its beats are
const MAX_RATIO = 2;
const SIZES = 12; // between two of them nobody sees a difference
const LIGHT = "#ffd58a";

export class Stage {
  /** `chart` has keys and timing; `options` are { scroll, rate, labels, isCalm, hasErrors, hasWords }. */
  constructor(canvas, chart, judge, options) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.timing = chart.timing;
    this.keys = chart.keys;
    this.options = options;
    this.looks = laneLooks(chart.keys);
    this.places = new Places(chart.timing, chart.duration_us ?? 0, options.scroll.mode === "beat");
    this.spanUs = options.scroll.ms * 1_000 * options.rate;
    this.rate = options.rate;
    this.first = new Int32Array(chart.keys); // per lane, the first note that may still be in sight
    this.burstAt = new Float64Array(chart.keys);
    this.burstGrade = new Int8Array(chart.keys);
    this.ghostAt = new Float64Array(chart.keys);
    this.marks = new Marks(this);
    this.onFrame = () => 0; // says what time (us) to draw
    this.load(judge);
    this.frame = 0;
    this.loop = this.loop.bind(this);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(canvas);
    this.fit();
  }

  /** Shows another judge's notes: a new pass, another moment of a recorded play. */
  load(judge) {
    this.judge = judge;
    this.first.fill(0);
    this.burstAt.fill(-1e12);
    this.ghostAt.fill(-1e12);
    this.riff = null;
    judge.onSettle = (lane, grade, us) => {
      this.burstAt[lane] = us;
      this.burstGrade[lane] = grade;
    };
  }

  start() {
    this.frame = requestAnimationFrame(this.loop);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }

  loop() {
    this.frame = requestAnimationFrame(this.loop);
    this.paint(this.onFrame());
  }

  /** Which lane a place (client x) is in, or -1; `margin` is how deep inside, in lanes. */
  laneAt(clientX, margin) {
    const box = this.canvas.getBoundingClientRect();
    const { laneWidth, centre } = this.plan;
    const at = (clientX - box.left - centre) / laneWidth + this.keys / 2;
    const lane = Math.floor(at);
    const nearest = Math.min(this.keys - 1, Math.max(0, lane));
    if (margin && Math.min(at - nearest, nearest + 1 - at) < margin) return -1;
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
    this.plan = planOf(width, height, this.keys, this.options.scroll);
    const { radius, lineY, topY } = this.plan;
    this.scene = sceneOf(this.plan, this.looks, this.options.labels, ratio);
    this.farScale = this.plan.scale(topY);
    this.scaleStep = (this.plan.scale(this.plan.nearY) - this.farScale) / (SIZES - 1);
    const sizes = Array.from({ length: SIZES }, (_, step) => radius * (this.farScale + this.scaleStep * step));
    this.sprites = this.looks.map((look) => sizes.map((size) => noteSprite(look, size, ratio)));
    this.riffRadius = Math.max(radius, 15); // the number is to be read on the narrowest lanes
    this.riffs = this.looks.map((look) => [1, 2, 3, 4].map((number) => riffSprite(look, number, this.riffRadius, ratio)));
    this.beamY = lineY + (topY - lineY) * 0.6;
    this.beams = this.looks.map((look) => {
      const beam = this.context.createLinearGradient(0, this.beamY, 0, lineY);
      beam.addColorStop(0, "rgb(0 0 0 / 0%)");
      beam.addColorStop(1, look.colour);
      return beam;
    });
    this.marks.fit();
  }

  /** Draws the moment `now` (chart us). */
  paint(now) {
    const { context } = this;
    this.nowPlace = this.places.at(now);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(this.scene, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawBeats(now);
    if (this.riff) this.marks.drawRiffLanes(now);
    for (let lane = 0; lane < this.keys; lane++) this.drawBeam(lane);
    if (this.options.hasWords !== false) this.marks.drawWords(now); // behind the notes: what is to be played comes first
    for (let lane = 0; lane < this.keys; lane++) this.drawLane(lane, now);
    for (let lane = 0; lane < this.keys; lane++) this.drawBurst(lane, now);
    this.marks.drawGhost(now);
    if (this.riff) this.marks.drawRiff(now);
    this.marks.drawCount(now);
  }

  yOf(place) {
    return this.plan.yAt((place - this.nowPlace) / this.spanUs);
  }

  /** Faint lines on the beats, so that the rhythm can be read; the line breathes with them. */
  drawBeats(now) {
    const { context, plan, timing } = this;
    let point = 0;
    while (point + 1 < timing.length && timing[point + 1][0] <= now) point++;
    const beatNow = timing[point][1];
    const phase = (((now - timing[point][0]) % beatNow) + beatNow) % beatNow;
    context.fillStyle = "#ffffff";
    let time = now - phase + beatNow;
    for (let drawn = 0; drawn < MAX_BEATS; drawn++) {
      while (point + 1 < timing.length && timing[point + 1][0] <= time) {
        point++;
        time = timing[point][0];
      }
      const origin = timing[point][0];
      const beat = timing[point][1];
      const place = this.places.at(time);
      if (place - this.nowPlace > this.spanUs) break;
      const y = this.yOf(place);
      const left = plan.edge(0, y);
      context.globalAlpha = Math.round((time - origin) / beat) % 4 === 0 ? 0.18 : 0.06;
      context.fillRect(left, y, plan.edge(this.keys, y) - left, 1);
      time += beat;
    }
    if (this.options.isCalm || now < 0) return;
    context.globalAlpha = 0.35 * Math.max(0, 1 - phase / (beatNow * 0.6));
    context.fillStyle = LIGHT;
    context.fillRect(plan.edge(0, plan.lineY), plan.lineY - 3, plan.laneWidth * this.keys, 6);
  }

  drawBeam(lane) {
    if (!this.judge.lanes[lane].isDown) return;
    const { context, plan, beamY } = this;
    context.globalAlpha = 0.42;
    context.fillStyle = this.beams[lane];
    context.beginPath();
    context.moveTo(plan.edge(lane, beamY), beamY);
    context.lineTo(plan.edge(lane + 1, beamY), beamY);
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
    const farPlace = this.nowPlace + this.spanUs;
    let position = this.first[lane];
    while (position < notes.length && notes[position].start + notes[position].duration < now - PAST_US * this.rate) position++;
    this.first[lane] = position;
    for (; position < notes.length; position++) {
      const note = notes[position];
      if (!(note.place > -Infinity)) {
        note.place = this.places.at(note.start);
        note.endPlace = this.places.at(note.start + note.duration);
      }
      if (note.place > farPlace) break;
      const isMissed = note.grade === MISS;
      if (note.grade !== OPEN && !isMissed && !note.duration) continue;
      const gone = note.droppedAt === Infinity ? 0 : (now - note.droppedAt) / (FADE_US * this.rate);
      if (gone >= 1) continue;
      const alpha = (isMissed ? 0.28 : 1) * (1 - gone);
      if (note.duration) this.drawHold(lane, note, now, alpha);
      if (note.grade === OPEN || isMissed) this.drawHead(lane, note, now, alpha);
    }
  }

  drawHead(lane, note, now, alpha) {
    const { context, plan } = this;
    const y = this.yOf(note.place);
    if (y > plan.height + plan.radius || y < -plan.radius) return;
    const scale = plan.scale(y);
    const x = plan.middle(lane, y);
    context.globalAlpha = alpha;
    if (!note.riff) {
      // As it was painted and on whole pixels: a picture that is scaled costs many times as much.
      const step = this.scaleStep ? Math.round((scale - this.farScale) / this.scaleStep) : 0;
      const sprite = this.sprites[lane][Math.min(SIZES - 1, Math.max(0, step))];
      const { ratio } = this;
      const half = sprite.width / 2;
      context.drawImage(sprite, Math.round(x * ratio - half) / ratio, Math.round(y * ratio - half) / ratio, sprite.width / ratio, sprite.height / ratio);
      return;
    }
    const age = (now - note.shownAt) / (POP_US * this.rate);
    const grown = this.options.isCalm || age >= 1 ? 1 : 1 + 1.2 * (1 - Math.max(0, age)); // lands from above
    const reach = this.riffRadius * 2 * scale * grown;
    context.drawImage(this.riffs[lane][note.riff - 1], x - reach, y - reach, reach * 2, reach * 2);
  }

  drawHold(lane, note, now, alpha) {
    const { context, plan } = this;
    if (note.start + note.duration < now && note.grade !== OPEN) return;
    const isPassed = note.grade !== OPEN && !note.isHeld;
    const headY = note.isHeld ? plan.lineY : this.yOf(note.place);
    const tailY = this.yOf(Math.min(note.endPlace, this.nowPlace + this.spanUs));
    if ((headY - tailY) * plan.ahead <= 0) return;
    const head = plan.radius * 0.62 * plan.scale(headY);
    const tail = plan.radius * 0.62 * plan.scale(tailY);
    const headX = plan.middle(lane, headY);
    const tailX = plan.middle(lane, tailY);
    context.globalAlpha = alpha * (note.isHeld ? 0.95 : isPassed ? 0.2 : 0.5);
    context.fillStyle = this.looks[lane].colour;
    context.beginPath();
    context.moveTo(headX - head, headY);
    context.lineTo(tailX - tail, tailY);
    context.arc(tailX, tailY, tail, Math.PI, 0, plan.ahead < 0);
    context.lineTo(headX + head, headY);
    context.fill();
    context.globalAlpha = alpha * 0.9;
    context.strokeStyle = note.isHeld ? "#ffffff" : "rgb(255 255 255 / 70%)";
    context.lineWidth = note.isHeld ? 3 : 1.5;
    context.stroke();
    if (note.endPlace > this.nowPlace + this.spanUs) return;
    context.beginPath(); // the tail's end: a bar across, so that one sees where to let go
    context.moveTo(tailX - tail * 1.3, tailY);
    context.lineTo(tailX + tail * 1.3, tailY);
    context.lineWidth = 3;
    context.stroke();
  }

  drawBurst(lane, now) {
    const age = (now - this.burstAt[lane]) / (BURST_US * this.rate);
    if (age < 0 || age >= 1) return;
    const { context, plan } = this;
    const grade = this.burstGrade[lane];
    const x = plan.middle(lane, plan.lineY);
    const grow = this.options.isCalm ? 0.2 : age;
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
}
