// Builds elements. Text only ever enters as text nodes: there is no way in for markup.

import { icon } from "./icons.js";

const LINK = /^(#|\/|https?:|blob:)/i;

/**
 * An element with attributes and children.
 *
 * Attributes: `class`, `dataset` (object), `on` (object of listeners), any other by name;
 * `null`, `undefined` and `false` leave it out, `true` sets it empty. Children: nodes, strings,
 * numbers, arrays of these; `null` and `false` are skipped.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  append(element, children);
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  } else if (name === "dataset") {
    for (const [key, entry] of Object.entries(value)) {
      if (entry !== null && entry !== undefined) element.dataset[key] = String(entry);
    }
  } else if (name === "href" && !LINK.test(String(value))) {
    // A plan's source address comes from a file: only addresses a browser can open safely.
    return;
  } else if (name.startsWith("on") || name === "style") {
    throw new TypeError(`attribute ${name} is not allowed here`);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Adds children to a node; see `h` for what a child may be. */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/** Replaces what is in a node. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

/** A button; `iconName` puts a drawing before the words, a lone drawing needs `label`. */
export function button({ label, text, iconName, onClick, ...attributes }) {
  return h(
    "button",
    { type: "button", "aria-label": label, title: label, on: onClick ? { click: onClick } : null, ...attributes },
    iconName ? icon(iconName) : null,
    text === undefined ? null : h("span", {}, text),
  );
}

/** Whether a key event belongs to someone writing. */
export function isWriting(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}
