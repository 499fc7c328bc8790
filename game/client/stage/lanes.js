// Lanes: each has a colour that colour-blind eyes can tell, a shape of its own, and a key.

export const COLOURS = {
  sky: "#56b4e9",
  green: "#009e73",
  yellow: "#f0e442",
  vermilion: "#d55e00",
  orange: "#e69f00",
  purple: "#cc79a7",
  blue: "#0072b2",
};

const ring = (corners, turn, inner = 0) => {
  const points = [];
  const count = inner ? corners * 2 : corners;
  for (let corner = 0; corner < count; corner++) {
    const angle = turn + (corner * 2 * Math.PI) / count;
    const radius = inner && corner % 2 ? inner : 1;
    points.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return points;
};

/** Corners of each shape within a circle of radius 1; the circle itself has none. */
export const SHAPES = {
  circle: [],
  square: ring(4, Math.PI / 4),
  triangle: ring(3, -Math.PI / 2),
  diamond: ring(4, -Math.PI / 2).map(([x, y]) => [x * 0.86, y]),
  pentagon: ring(5, -Math.PI / 2),
  hexagon: ring(6, 0),
  star: ring(5, -Math.PI / 2, 0.5),
  cross: [[-0.34, -0.96], [0.34, -0.96], [0.34, -0.34], [0.96, -0.34], [0.96, 0.34], [0.34, 0.34], [0.34, 0.96], [-0.34, 0.96],
    [-0.34, 0.34], [-0.96, 0.34], [-0.96, -0.34], [-0.34, -0.34]],
  wedge: ring(3, Math.PI / 2),
  bow: [[-0.96, -0.78], [0, -0.26], [0.96, -0.78], [0.96, 0.78], [0, 0.26], [-0.96, 0.78]],
};

const look = (colour, shape) => ({ colour: COLOURS[colour], name: colour, shape });
const SEVEN = [
  look("sky", "circle"),
  look("green", "square"),
  look("yellow", "triangle"),
  look("vermilion", "star"),
  look("orange", "diamond"),
  look("purple", "hexagon"),
  look("blue", "pentagon"),
];
const FOUR = [SEVEN[0], SEVEN[1], SEVEN[4], SEVEN[5]];
const TEN = [...SEVEN, look("yellow", "cross"), look("vermilion", "wedge"), look("sky", "bow")];

/** What the lanes of a chart look like, from the left; up to ten lanes no two are alike. */
export function laneLooks(keys) {
  if (keys === 4) return FOUR;
  return Array.from({ length: keys }, (_, lane) => TEN[lane % TEN.length]);
}

/** Adds a shape to the current path of a canvas. */
export function traceShape(context, shape, x, y, radius) {
  const points = SHAPES[shape];
  if (!points.length) {
    context.moveTo(x + radius * 0.92, y);
    context.arc(x, y, radius * 0.92, 0, 2 * Math.PI);
    return;
  }
  for (let corner = 0; corner < points.length; corner++) {
    const px = x + points[corner][0] * radius;
    const py = y + points[corner][1] * radius;
    if (corner) context.lineTo(px, py);
    else context.moveTo(px, py);
  }
  context.closePath();
}

/** The path of a shape for SVG. */
export function pathOf(shape, x, y, radius) {
  if (shape === "circle") {
    const r = (radius * 0.92).toFixed(2);
    return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
  return `M${SHAPES[shape].map(([px, py]) => `${(x + px * radius).toFixed(2)} ${(y + py * radius).toFixed(2)}`).join("L")}z`;
}

/** The corners of a shape for an SVG polygon. */
export const polygon = (shape, x, y, radius) =>
  SHAPES[shape].map(([px, py]) => `${(x + px * radius).toFixed(2)},${(y + py * radius).toFixed(2)}`).join(" ");
