// Sprites: what the stage draws again and again, painted once for the size of the screen.
import { traceShape } from "./lanes.js";

const LIGHT = "#ffd58a";
const NIGHT = "#09090d";

const NOTE_REACH = 1.42; // how far a note's glow goes, in radii: every pixel of it is drawn for every note

export function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.ceil(width));
  canvas.height = Math.max(1, Math.ceil(height));
  return canvas;
}

/** A note: its shape, lit from above, with a glow of its colour. */
export function noteSprite(look, radius, ratio) {
  const canvas = canvasOf(radius * 2 * NOTE_REACH * ratio, radius * 2 * NOTE_REACH * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const middle = canvas.width / (2 * ratio);
  glow(context, look.colour, middle, radius * NOTE_REACH, 0.6);
  context.beginPath();
  traceShape(context, look.shape, middle, middle, radius);
  context.fillStyle = look.colour;
  context.fill();
  const shine = context.createLinearGradient(0, middle - radius, 0, middle + radius);
  shine.addColorStop(0, "rgb(255 255 255 / 55%)");
  shine.addColorStop(0.55, "rgb(255 255 255 / 0%)");
  context.fillStyle = shine;
  context.fill();
  context.lineWidth = Math.max(1.5, radius * 0.08);
  context.strokeStyle = "rgb(255 255 255 / 90%)";
  context.lineJoin = "round";
  context.stroke();
  return canvas;
}

/** A riff note: white, rayed, with its place among the four; nothing of the chart looks like it. */
export function riffSprite(look, number, radius, ratio) {
  const size = radius * 4 * ratio;
  const canvas = canvasOf(size, size);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const middle = radius * 2;
  glow(context, LIGHT, middle, radius * 2, 0.75);
  context.strokeStyle = LIGHT;
  context.lineWidth = Math.max(2, radius * 0.1);
  context.beginPath();
  for (let ray = 0; ray < 12; ray++) {
    const angle = (ray * Math.PI) / 6;
    context.moveTo(middle + Math.cos(angle) * radius * 1.28, middle + Math.sin(angle) * radius * 1.28);
    context.lineTo(middle + Math.cos(angle) * radius * 1.58, middle + Math.sin(angle) * radius * 1.58);
  }
  context.stroke();
  context.beginPath();
  traceShape(context, look.shape, middle, middle, radius * 1.12);
  context.fillStyle = "#ffffff";
  context.fill();
  context.lineWidth = Math.max(3, radius * 0.18);
  context.strokeStyle = look.colour;
  context.lineJoin = "round";
  context.stroke();
  context.fillStyle = NIGHT;
  context.font = `800 ${radius * 0.95}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(number), middle, middle + radius * (look.shape === "triangle" ? 0.2 : 0.05));
  return canvas;
}

/** The stage before anybody plays: a light from above, lanes, the line, the keys. */
export function sceneOf(plan, looks, labels, ratio) {
  const canvas = canvasOf(plan.width * ratio, plan.height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = NIGHT;
  context.fillRect(0, 0, plan.width, plan.height);
  cone(context, plan);
  floor(context, plan);
  pool(context, plan);
  line(context, plan);
  for (let lane = 0; lane < looks.length; lane++) receptor(context, plan, looks[lane], labels[lane], lane);
  return canvas;
}

function glow(context, colour, middle, radius, strength) {
  const gradient = context.createRadialGradient(middle, middle, radius * 0.3, middle, middle, radius);
  gradient.addColorStop(0, colour);
  gradient.addColorStop(1, "rgb(0 0 0 / 0%)");
  context.globalAlpha = strength;
  context.fillStyle = gradient;
  context.fillRect(0, 0, middle * 2, middle * 2);
  context.globalAlpha = 1;
}

/** The one light: it widens towards the line. */
function cone(context, plan) {
  const { lineY, topY, centre, ahead } = plan;
  const half = plan.laneWidth * plan.keys * 0.5;
  const farY = topY - ahead * 60;
  const nearY = lineY + ahead * 20;
  const beam = context.createLinearGradient(0, farY, 0, lineY);
  beam.addColorStop(0, "rgb(255 213 138 / 30%)");
  beam.addColorStop(1, "rgb(255 213 138 / 6%)");
  context.fillStyle = beam;
  context.filter = "blur(28px)";
  for (const spread of [0.8, 1.15, 1.6]) {
    context.globalAlpha = 0.4;
    context.beginPath();
    context.moveTo(centre - half * 0.2 * spread, farY);
    context.lineTo(centre + half * 0.2 * spread, farY);
    context.lineTo(centre + half * spread, nearY);
    context.lineTo(centre - half * spread, nearY);
    context.fill();
  }
  context.filter = "none";
  context.globalAlpha = 1;
}

/** Where the light falls: around the line, on the lanes as well. */
function pool(context, plan) {
  const { width, height, lineY, centre } = plan;
  const radius = Math.min(width * 0.72, plan.laneWidth * plan.keys * 0.95);
  context.save();
  context.globalCompositeOperation = "lighter";
  context.translate(centre, lineY);
  context.scale(1, 0.2);
  const light = context.createRadialGradient(0, 0, 0, 0, 0, radius);
  light.addColorStop(0, "rgb(255 213 138 / 26%)");
  light.addColorStop(0.5, "rgb(255 213 138 / 12%)");
  light.addColorStop(1, "rgb(255 213 138 / 0%)");
  context.fillStyle = light;
  context.fillRect(-width, -height * 5, width * 2, height * 10);
  context.restore();
}

function line(context, plan) {
  const left = plan.edge(0, plan.lineY);
  const width = plan.laneWidth * plan.keys;
  const bright = context.createLinearGradient(left, 0, left + width, 0);
  bright.addColorStop(0, "rgb(255 236 205 / 55%)");
  bright.addColorStop(0.5, "rgb(255 246 228 / 100%)");
  bright.addColorStop(1, "rgb(255 236 205 / 55%)");
  context.save();
  context.shadowColor = LIGHT;
  context.shadowBlur = 24;
  context.fillStyle = bright;
  context.fillRect(left, plan.lineY - 1.5, width, 3);
  context.restore();
}

function floor(context, plan) {
  const shade = context.createLinearGradient(0, plan.topY, 0, plan.lineY);
  shade.addColorStop(0, "rgb(12 12 18 / 10%)");
  shade.addColorStop(1, "rgb(12 12 18 / 72%)");
  context.fillStyle = shade;
  lanePath(context, plan, 0, plan.keys);
  context.fill();
  context.fillStyle = "rgb(255 255 255 / 2.5%)"; // every second lane a shade lighter: ten are told apart at a glance
  for (let lane = 1; lane < plan.keys; lane += 2) {
    lanePath(context, plan, lane, lane + 1);
    context.fill();
  }
  for (let lane = 0; lane <= plan.keys; lane++) {
    const isMiddle = plan.keys > 5 && (lane === plan.keys >> 1 || lane === (plan.keys + 1) >> 1);
    const fade = context.createLinearGradient(0, plan.topY, 0, plan.lineY);
    fade.addColorStop(0, "rgb(255 255 255 / 2%)");
    fade.addColorStop(1, isMiddle ? "rgb(255 233 196 / 52%)" : "rgb(255 255 255 / 22%)");
    context.strokeStyle = fade;
    context.lineWidth = isMiddle ? 1.5 : 1;
    context.beginPath();
    context.moveTo(plan.edge(lane, plan.topY), plan.topY);
    context.lineTo(plan.edge(lane, plan.nearY), plan.nearY);
    context.stroke();
  }
}

function lanePath(context, plan, from, to) {
  context.beginPath();
  context.moveTo(plan.edge(from, plan.topY), plan.topY);
  context.lineTo(plan.edge(to, plan.topY), plan.topY);
  context.lineTo(plan.edge(to, plan.nearY), plan.nearY);
  context.lineTo(plan.edge(from, plan.nearY), plan.nearY);
}

function receptor(context, plan, look, label, lane) {
  const x = plan.middle(lane, plan.lineY);
  context.beginPath();
  traceShape(context, look.shape, x, plan.lineY, plan.radius * 1.08);
  context.fillStyle = NIGHT;
  context.globalAlpha = 0.8;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.colour;
  context.lineWidth = Math.min(2.5, plan.radius * 0.16);
  context.lineJoin = "round";
  context.stroke();
  if (!label) return;
  context.fillStyle = "rgb(244 241 234 / 88%)";
  context.font = `600 ${Math.min(18, plan.laneWidth * (label.length > 1 ? 0.26 : 0.5))}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(label, x, plan.labelY, plan.laneWidth - 2);
}
