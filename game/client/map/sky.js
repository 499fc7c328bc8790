// Sky: the picture of the map on WebGL: stars in their places, their ties when touched, and where one looks.
import { Sigma, UndirectedGraph } from "../vendor/sigma.js";
import { ALONE, colourOf, mixed } from "./cluster-colours.js";
import { nearestPlace, placed } from "./places.js";
import { drawNames, drawRings } from "./sky-words.js";
import { Star } from "./star.js";

const HALF = 1.3; // of the field that is seen when nothing is zoomed
const RATIOS = [0.06, 1.6];
const FINGER_PX = 14;
const MOVE_MS = 300;
const EDGE_PX = 40; // whoever stands nearer to the frame is out of the view
const CLOSE = 0.25; // the ratio of looking at somebody closely
const MARGIN = 0.14; // around everybody, for names
const DIM = 0.32; // how much colour is left of whom the touch is not about
const USER_COLOUR = "#ffd58a";
const TIE_COLOUR = "#f5f2eb";

/** Whether this browser draws on WebGL at all. */
export function hasWebGL() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** Sigma, asked by place instead of by reading pixels back: quicker, and a fingertip beside a star finds it. */
class Canvas extends Sigma {
  getNodeAtPosition({ x, y }) {
    const at = this.viewportToGraph({ x, y });
    const scale = this.getGraphToViewportRatio();
    return nearestPlace(this.getGraph().getAttribute("places"), at.x, at.y, FINGER_PX / scale)?.id ?? null;
  }
}

function settingsOf(nodeReducer) {
  return {
    nodeProgramClasses: { star: Star }, nodeHoverProgramClasses: { star: Star }, defaultNodeType: "star",
    itemSizesReference: "positions", zoomToSizeRatioFunction: (ratio) => ratio,
    stagePadding: 0, minCameraRatio: RATIOS[0], maxCameraRatio: RATIOS[1], enableCameraRotation: false,
    renderLabels: false, allowInvalidContainer: true, minEdgeThickness: 2, defaultDrawNodeHover() {}, zIndex: true, nodeReducer,
    cameraPanBoundaries: { tolerance: 200, boundaries: { x: [-HALF, HALF], y: [-HALF, HALF] } },
  };
}

function lookOf(person, place) {
  const color = person.is_me ? USER_COLOUR : person.cluster ? colourOf(person.cluster) : ALONE;
  return { x: place.x, y: -place.y, size: place.r, color, dim: mixed(color, DIM), ring: person.is_bridge && !person.is_me ? 1 : 0, zIndex: person.is_me ? 1 : 0 };
}

const NOBODY = { people: [], sectors: [], places: new Map(), ordered: [], byId: new Map() };

/**
 * The picture, in an element that has a size. `hears` has onHover(id or null), onChoose(id or null) and onOpen(id), which
 * hear of the pointer, onLost() for when the graphics card forgot the picture, and isCalm(): whether the view jumps
 * instead of gliding.
 */
export class Sky {
  constructor(box, hears) {
    this.box = box;
    this.hears = hears;
    this.seen = NOBODY;
    this.touched = null;
    this.lit = null; // whom the touch is about; null while nobody is touched
    this.hasMoved = false;
    this.isOver = false;
    this.graph = new UndirectedGraph();
    this.graph.setAttribute("places", new Map());
    this.sigma = new Canvas(this.graph, box, settingsOf((id, data) => this.lightOf(id, data)));
    this.sigma.setCustomBBox({ x: [-HALF, HALF], y: [-HALF, HALF] });
    this.camera = this.sigma.getCamera();
    this.layWords();
    this.listen();
  }

  /** Rings below the stars and names above them, on canvases of their own. */
  layWords() {
    this.sigma.createCanvasContext("rings", { beforeLayer: "edges" });
    this.sigma.createCanvasContext("names", { beforeLayer: "mouse" });
    const canvases = this.sigma.getCanvases();
    const [rings, names] = [canvases.rings.getContext("2d"), canvases.names.getContext("2d")];
    this.sigma.resize(true);
    this.sigma.on("afterRender", () => {
      drawRings(rings, this.sigma, this.seen);
      drawNames(names, this.sigma, this.seen, this);
      this.box.dataset.ties = this.graph.size; // how many are drawn, for whoever measures
    });
  }

  listen() {
    const { onHover, onChoose, onOpen, onLost } = this.hears;
    this.sigma.on("enterNode", ({ node }) => onHover(node));
    this.sigma.on("leaveNode", () => onHover(null));
    this.sigma.on("clickNode", ({ node }) => onChoose(node));
    this.sigma.on("clickStage", () => onChoose(null));
    this.sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      onOpen(event.node);
    });
    this.box.addEventListener("pointerdown", () => (this.hasMoved = true));
    this.box.addEventListener("webglcontextlost", () => this.isOver || onLost(), { capture: true });
    // Until the map has the focus, the wheel scrolls the page that it stands in.
    const keep = (event) => event.ctrlKey || document.activeElement === this.box || event.stopPropagation();
    this.box.addEventListener("wheel", keep, { capture: true, passive: true });
  }

  lightOf(id, data) {
    if (!this.lit) return data;
    return this.lit.has(id) ? { ...data, zIndex: 2 } : { ...data, color: data.dim, ring: data.ring * DIM };
  }

  /** Shows these people, `ordered` from near to far, with the sectors of their clusters as `sectorsAmong(places)` says. */
  show(people, ordered, sectorsAmong) {
    const places = placed(people, this.seen.places);
    const isFirst = this.seen === NOBODY;
    this.seen = { people, places, ordered, sectors: sectorsAmong(places), byId: new Map(people.map((one) => [one.id, one])) };
    this.graph.setAttribute("places", new Map([...places].map(([id, place]) => [id, { ...place, y: -place.y }])));
    this.graph.filterNodes((id) => !places.has(id)).forEach((id) => this.graph.dropNode(id));
    const looks = people.map((person) => ({ key: person.id, attributes: lookOf(person, places.get(person.id)) }));
    if (isFirst) this.graph.import({ nodes: looks });
    else looks.forEach(({ key, attributes }) => this.graph.mergeNode(key, attributes));
    if (isFirst) this.camera.setState(this.fitted());
    this.sigma.refresh();
  }

  /** Lights somebody and their ties ({ id, weight }), or nobody (null); ties may come later than the touch. */
  touch(id, ties = []) {
    if (this.isOver) return;
    this.touched = id;
    this.lit = id ? new Set([id, ...ties.map((one) => one.id)]) : null;
    this.graph.clearEdges();
    const most = Math.max(...ties.map(({ weight }) => weight), 1e-9);
    for (const one of ties) {
      if (one.id === id || !this.graph.hasNode(one.id) || !this.graph.hasNode(id)) continue;
      this.graph.mergeEdge(id, one.id, { size: 0.0005, color: mixed(TIE_COLOUR, 0.45 + 0.55 * Math.min(1, one.weight / most)) });
    }
    this.sigma.refresh({ schedule: true });
  }

  /** The view that has everybody in it. */
  fitted() {
    const out = [...this.seen.places.values()].reduce((most, { x, y, r }) => Math.max(most, Math.hypot(x, y) + r), 0.3);
    return { x: 0.5, y: 0.5, ratio: Math.min(RATIOS[1], (out + MARGIN) / HALF) };
  }

  move(state) {
    this.hasMoved = true;
    if (this.hears.isCalm()) this.camera.setState(state);
    else this.camera.animate(state, { duration: MOVE_MS });
  }

  fit() {
    this.move(this.fitted());
    this.hasMoved = false;
  }

  zoom(by) {
    this.move({ ratio: this.camera.getBoundedRatio(this.camera.getState().ratio / by) });
  }

  pan([dx, dy]) {
    const { x, y, ratio } = this.camera.getState();
    this.move({ x: x + dx * ratio, y: y + dy * ratio });
  }

  /** Brings somebody into the view, if they are out of it; or nearer, when `isClose`. */
  lookAt(id, isClose = false) {
    const place = this.seen.places.get(id);
    if (!place) return;
    const at = this.sigma.graphToViewport({ x: place.x, y: -place.y });
    const { width, height } = this.sigma.getDimensions();
    const isOut = at.x < EDGE_PX || at.y < EDGE_PX || at.x > width - EDGE_PX || at.y > height - EDGE_PX;
    if (!isOut && !isClose) return;
    const ratio = isClose ? Math.min(this.camera.getState().ratio, CLOSE) : this.camera.getState().ratio;
    this.move({ ...this.sigma.viewportToFramedGraph(at), ratio });
  }

  resize() {
    if (this.isOver || !this.box.offsetWidth || !this.box.offsetHeight) return;
    this.sigma.resize();
    if (!this.hasMoved && this.seen !== NOBODY) this.camera.setState(this.fitted());
    this.sigma.refresh({ schedule: true });
  }

  stop() {
    this.isOver = true;
    this.sigma.kill();
  }
}
