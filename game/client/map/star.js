// Star: how sigma draws somebody: a disc in the colour of their cluster, and a ring around whoever is a bridge.
import { NodeProgram, floatColor } from "../vendor/sigma.js";

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_ring;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_offset;
varying float v_radius;
varying float v_ring;

void main() {
  v_radius = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  v_offset = 2.0 * v_radius * vec2(cos(a_angle), sin(a_angle));
  v_ring = a_ring;
  gl_Position = vec4((u_matrix * vec3(a_position + v_offset, 1)).xy, 0, 1);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;
const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_offset;
varying float v_radius;
varying float v_ring;
uniform float u_correctionRatio;

void main(void) {
  float apart = length(v_offset);
  #ifdef PICKING_MODE
  gl_FragColor = apart > v_radius ? vec4(0.0) : v_color;
  #else
  float soft = u_correctionRatio * 2.0;
  float body = v_ring > 0.0 ? v_radius * 0.56 : v_radius;
  float disc = 1.0 - smoothstep(body - soft, body, apart);
  float ring = v_ring * smoothstep(v_radius * 0.72 - soft, v_radius * 0.72, apart) * (1.0 - smoothstep(v_radius - soft, v_radius, apart));
  gl_FragColor = v_color * disc + vec4(0.96, 0.95, 0.92, 1.0) * ring;
  #endif
}`;
const CORNERS = [0, (2 * Math.PI) / 3, (4 * Math.PI) / 3]; // of the triangle around a disc

/** A program for sigma; a node has `ring`, how bright its ring is from 0, which is none, to 1. */
export class Star extends NodeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: CORNERS.length,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_ring", size: 1, type: FLOAT },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: CORNERS.map((angle) => [angle]),
    };
  }

  processVisibleItem(id, start, data) {
    this.array.set([data.x, data.y, data.size, floatColor(data.color), id, data.ring ?? 0], start);
  }

  setUniforms({ correctionRatio, sizeRatio, matrix }, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_correctionRatio, correctionRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
  }
}
