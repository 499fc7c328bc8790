// Markup: preact, htm and signals under one name, so that modules import from one place.
import { h, render, Fragment } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";
import { batch, computed, effect, signal, useSignal } from "./vendor/signals.js";

export const html = htm.bind(h);
export { Fragment, batch, computed, effect, render, signal, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useSignal, useState };
