// Sky: the picture of the map on WebGL: stars in their places, their ties when touched, and where one looks.
import { Sigma, UndirectedGraph } from "../vendor/sigma.js";
import { ALONE, colourOf, mixed } from "./cluster-colours.js";
import { nearestPlace, placed } from "./places.js";
import { drawNames, drawRings } from "./sky-words.js";
import { Star } from "./star.js";

const HALF = 1.3; // of the field that is seen when nothing is zoomed
const RATIOS = [0.02, 1.6];
const FINGER_PX = 14;
const MOVE_MS = 300;
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
    renderLabels: false, minEdgeThickness: 2, defaultDrawNodeHover() {}, zIndex: true, nodeReducer,
    cameraPanBoundaries: { tolerance: 200, boundaries: { x: [-HALF, HALF], y: [-HALF, HALF] } },
  };
}

function lookOf(person, place) {
  const color = person.is_me ? USER_COLOUR : person.cluster ? colourOf(person.cluster) : ALONE;
  return { x: place.x, y: -place.y, size: place.r, color, dim: mixed(color, DIM), ring: person.is_bridge && !person.is_me ? 1 : 0, zIndex: person.is_me ? 1 : 0 };
}

/**
 * Opens the picture in an element that has a size. `onHover(id or null)`, `onChoose(id or null)` and `onOpen(id)` hear of
 * the pointer; `isCalm()` says whether the view jumps instead of gliding.
 */
export function openSky(box, { onHover, onChoose, onOpen, isCalm }) {
  const graph = new UndirectedGraph();
  graph.setAttribute("places", new Map());
  let seen = { people: [], sectors: [], places: new Map(), ordered: [] };
  let isOver = false;
  let touched = null;
  let lit = null; // whom the touch is about; null while nobody is touched
  const sigma = new Canvas(graph, box, settingsOf((id, data) => (!lit || lit.has(id) ? { ...data, zIndex: lit ? 2 : data.zIndex } : { ...data, color: data.dim, ring: data.ring * DIM })));
  sigma.setCustomBBox({ x: [-HALF, HALF], y: [-HALF, HALF] });
  sigma.createCanvasContext("rings", { beforeLayer: "edges" });
  sigma.createCanvasContext("names", { beforeLayer: "mouse" });
  const { rings, names } = sigma.getCanvases();
  const contexts = { rings: rings.getContext("2d"), names: names.getContext("2d") };
  sigma.on("afterRender", () => {
    drawRings(contexts.rings, sigma, seen);
    drawNames(contexts.names, sigma, seen, { touched, lit });
    box.dataset.ties = graph.size; // how many are drawn, for whoever measures
  });
  sigma.resize(true);
  sigma.on("enterNode", ({ node }) => onHover(node));
  sigma.on("leaveNode", () => onHover(null));
  sigma.on("clickNode", ({ node }) => onChoose(node));
  sigma.on("clickStage", () => onChoose(null));
  sigma.on("doubleClickNode", (event) => {
    event.preventSigmaDefault();
    onOpen(event.node);
  });
  const camera = sigma.getCamera();
  const move = (state) => (isCalm() ? camera.setState(state) : camera.animate(state, { duration: MOVE_MS }));
  const framed = ({ x, y }) => sigma.viewportToFramedGraph(sigma.graphToViewport({ x, y: -y }));
  let hasMoved = false;
  box.addEventListener("pointerdown", () => (hasMoved = true));

  const fitted = () => {
    const out = [...seen.places.values()].reduce((most, { x, y, r }) => Math.max(most, Math.hypot(x, y) + r), 0.3);
    return { x: 0.5, y: 0.5, ratio: Math.min(RATIOS[1], (out + 0.14) / HALF) };
  };
  const fit = () => move(fitted());

  /** Shows these people, `ordered` from near to far, with the sectors of their clusters. */
  function show(people, ordered, sectorsAmong) {
    const places = placed(people, seen.places);
    const isFirst = seen.people.length === 0;
    seen = { people, places, ordered, sectors: sectorsAmong(places), byId: new Map(people.map((one) => [one.id, one])) };
    graph.setAttribute("places", new Map([...places].map(([id, place]) => [id, { ...place, y: -place.y }])));
    const gone = graph.filterNodes((id) => !places.has(id));
    if (isFirst) {
      graph.import({ nodes: people.map((person) => ({ key: person.id, attributes: lookOf(person, places.get(person.id)) })) });
    } else {
      gone.forEach((id) => graph.dropNode(id));
      people.forEach((person) => graph.mergeNode(person.id, lookOf(person, places.get(person.id))));
    }
    if (isFirst) camera.setState(fitted());
    sigma.refresh();
  }

  /** Lights somebody and their ties ({ id, weight }), or nobody (null); ties may come later than the touch. */
  function touch(id, ties = []) {
    if (isOver) return;
    touched = id;
    graph.clearEdges();
    lit = id ? new Set([id, ...ties.map((one) => one.id)]) : null;
    const most = Math.max(...ties.map(({ weight }) => weight), 1e-9);
    for (const one of ties) {
      if (one.id === id || !graph.hasNode(one.id) || !graph.hasNode(id)) continue;
      graph.mergeEdge(id, one.id, { size: 0.0005, color: mixed(TIE_COLOUR, 0.45 + 0.55 * Math.min(1, one.weight / most)) });
    }
    sigma.refresh({ schedule: true });
  }

  return {
    sigma, show, touch, fit,
    tiesShown: () => graph.size,
    placeOf: (id) => seen.places.get(id),
    resize() {
      if (isOver || !box.offsetWidth || !box.offsetHeight) return;
      sigma.resize();
      if (!hasMoved) camera.setState(fitted());
      sigma.refresh({ schedule: true });
    },
    zoom(by) {
      hasMoved = true;
      move({ ratio: camera.getBoundedRatio(camera.getState().ratio / by) });
    },
    pan([dx, dy]) {
      hasMoved = true;
      const { x, y, ratio } = camera.getState();
      move({ x: x + dx * ratio, y: y + dy * ratio });
    },
    /** Brings somebody into the view, if they are out of it; or nearer, when `isClose`. */
    lookAt(id, isClose = false) {
      const place = seen.places.get(id);
      if (!place) return;
      const { x, y } = sigma.graphToViewport({ x: place.x, y: -place.y });
      const { width, height } = sigma.getDimensions();
      const isOut = x < 40 || y < 40 || x > width - 40 || y > height - 40;
      if (isOut || isClose) move({ ...framed(place), ...(isClose ? { ratio: Math.min(camera.getState().ratio, 0.25) } : {}) });
    },
    stop() {
      isOver = true;
      sigma.kill();
    },
  };
}
