// The card that shows a quote beside its chip, on hover or focus, and stays while it is pointed at.

import { fill, h } from "./dom.js";
import { cityName, itemName, planName } from "./names.js";

const OPEN_MS = 120;
const CLOSE_MS = 180;
const MARGIN = 10;

const contents = new WeakMap();
let card = null;
let shownFor = null;
let timer = 0;
let asked = 0;

/** Gives an element a card; `draw()` gives its nodes (or a promise of them) when it is to be shown. */
export function setCard(element, draw) {
  contents.set(element, draw);
  element.dataset.card = "";
  return element;
}

/** The nodes of a citation's card. */
export function quoteNodes(citation) {
  if (!citation) return null;
  return [
    h("p", { class: "quote-card-head" },
      h("strong", {}, planName(citation.plan_id, citation)), " ",
      itemName(citation.item_id, citation.number),
      citation.title ? h("span", { class: "quote-card-title" }, citation.title) : null),
    h("blockquote", { lang: "zh-CN" }, citation.quote),
  ];
}

/** Starts listening; once per page. */
export function startCards() {
  card = document.getElementById("quote-card");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const owner = ownerOf(event.target);
    if (owner) later(() => show(owner), OPEN_MS);
    else if (!card.contains(event.target)) later(hide, CLOSE_MS);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const owner = ownerOf(event.target);
    if (owner && owner.matches(":focus-visible")) show(owner);
    else if (shownFor) hide();
  });
  document.addEventListener("click", (event) => {
    const owner = ownerOf(event.target);
    if (owner?.matches(".inferred")) show(owner);
    else hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shownFor) {
      hide();
      event.stopPropagation();
    }
  }, true);
  document.addEventListener("scroll", (event) => {
    if (shownFor && !card.contains(event.target)) hide();
  }, true);
}

function ownerOf(target) {
  return target instanceof Element ? target.closest("[data-card]") : null;
}

function later(run, wait) {
  clearTimeout(timer);
  timer = setTimeout(run, wait);
}

async function show(owner) {
  clearTimeout(timer);
  if (shownFor === owner || !owner.isConnected) return;
  asked += 1;
  const now = asked;
  const nodes = await contents.get(owner)();
  if (!nodes || now !== asked || !owner.isConnected) return;
  hide();
  fill(card, nodes);
  card.hidden = false;
  shownFor = owner;
  owner.setAttribute("aria-describedby", card.id);
  place(owner);
}

function hide() {
  clearTimeout(timer);
  asked += 1;
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  card.hidden = true;
}

function place(owner) {
  const at = owner.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.min(Math.max(at.left + at.width / 2 - width / 2, MARGIN), window.innerWidth - width - MARGIN);
  const above = at.top - height - MARGIN;
  card.style.left = `${Math.round(left)}px`;
  card.style.top = `${Math.round(above >= MARGIN ? above : at.bottom + MARGIN)}px`;
}

/** A citation as one line of plain text: `上海 · 2023 第11条:「…」`. */
export function citationLine(citation) {
  const { plan_id: planId, item_id: itemId, number, year, city } = citation;
  return `[${citation.n}] ${cityName(planId, city)} ${year} ${itemName(itemId, number)}:「${citation.quote}」`;
}
