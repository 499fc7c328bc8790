// Star: how sigma draws somebody: a disc in the colour of their cluster, and a ring around whoever is a bridge.
import { NodeProgram, floatColor } from "../vendor/sigma.js";

// A star is one point: software WebGL draws 5,000 of them several times as fast as 5,000 triangles.
const VERTEX = `
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_ring;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
varying vec4 v_color;
varying float v_pixels;
varying float v_ring;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  gl_PointSize = a_size / u_sizeRatio * u_pixelRatio * 2.0 + 1.0;
  v_pixels = gl_PointSize;
  v_color = a_color;
  v_color.a *= 255.0 / 254.0;
  v_ring = a_ring;
}`;
const FRAGMENT = `
precision mediump float;
varying vec4 v_color;
varying float v_pixels;
varying float v_ring;

void main(void) {
  float apart = length(gl_PointCoord - 0.5) * v_pixels;
  float radius = v_pixels * 0.5;
  float body = v_ring > 0.0 ? radius * 0.56 : radius;
  float disc = clamp(body - apart, 0.0, 1.0);
  float ring = v_ring * clamp(apart - radius * 0.72, 0.0, 1.0) * clamp(radius - apart, 0.0, 1.0);
  gl_FragColor = v_color * disc + vec4(0.96, 0.95, 0.92, 1.0) * ring;
}`;

/** A program for sigma; a node has `ring`, how bright its ring is from 0, which is none, to 1. */
export class Star extends NodeProgram {
  /** Without a buffer for picking: who is pointed at is asked of places, and a second drawing is saved. */
  constructor(gl, pickingBuffer, renderer) {
    super(gl, null, renderer);
  }

  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGLRenderingContext;
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: POINTS,
      UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_ring", size: 1, type: FLOAT },
      ],
    };
  }

  processVisibleItem(id, start, data) {
    const { array } = this;
    array[start] = data.x;
    array[start + 1] = data.y;
    array[start + 2] = data.size;
    array[start + 3] = floatColor(data.color);
    array[start + 4] = data.ring;
  }

  setUniforms({ pixelRatio, sizeRatio, matrix }, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_pixelRatio, pixelRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
  }
}
