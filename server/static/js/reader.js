// The reader beside the answer: a whole plan, its outline, the quoted words marked.

import { getPlan } from "./api.js";
import { button, fill, h, isWriting } from "./dom.js";
import { inferredMark } from "./inferred.js";
import { announce, copyText } from "./live.js";
import { failureNodes } from "./notices.js";
import { itemName, planName } from "./names.js";
import { itemElementId, planNodes, quoteStands, sectionElementId } from "./plan-text.js";
import { itemAddress } from "./router.js";
import { t } from "./texts.js";

const WIDE = window.matchMedia("(min-width: 112rem)");
const SHEET = window.matchMedia("(max-width: 68rem)");

/** Shows one plan at a time. */
export class Reader {
  /** `onClose()` is called when the reader closes it, `onShow(itemId)` when another item comes into view. */
  constructor(element, { onClose, onShow }) {
    this.element = element;
    this.onClose = onClose;
    this.onShow = onShow;
    this.target = null;
    this.citations = [];
    this.from = null;
    this.asked = 0;
    element.addEventListener("keydown", (event) => this.key(event));
  }

  /** Whether a plan is open. */
  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * Opens `{plan_id, item_id, quote, start, end, n}` (all but the plan may be missing) among
   * `citations`; `from` gets the focus back when the reader is closed.
   */
  async open(target, citations = [], from = null) {
    if (from) this.from = from;
    this.target = target;
    this.citations = citations;
    this.asked += 1;
    const asked = this.asked;
    this.element.hidden = false;
    document.body.classList.add("reading");
    this.modal(SHEET.matches);
    if (this.planId !== target.plan_id) {
      fill(this.element, this.head(null), h("p", { class: "reader-wait" }, t("loadingPlan")));
      // What had the focus is gone; the reader keeps it, so that its keys still work while it loads.
      this.element.focus({ preventScroll: true });
    }
    try {
      const plan = await getPlan(target.plan_id);
      if (asked === this.asked) this.draw(plan);
    } catch (error) {
      if (asked !== this.asked) return;
      this.planId = null;
      const words = error.status === 404 ? h("p", { class: "reader-wait" }, t("planGone", { id: target.plan_id })) : failureNodes(error, () => this.open(target, citations));
      fill(this.element, this.head(null), words);
      this.element.querySelector(".reader-close").focus();
    }
  }

  /** Closes the reader and gives the focus back. */
  close() {
    if (!this.isOpen) return;
    this.asked += 1;
    this.element.hidden = true;
    this.planId = null;
    document.body.classList.remove("reading");
    this.modal(false);
    if (this.from?.isConnected) this.from.focus();
    this.from = null;
  }

  /** Draws again, in another language. */
  redraw() {
    if (this.isOpen) this.open(this.target, this.citations);
  }

  modal(on) {
    for (const id of ["main", "sidebar"]) document.getElementById(id).inert = on;
    this.element.setAttribute("role", on ? "dialog" : "complementary");
    if (on) this.element.setAttribute("aria-modal", "true");
    else this.element.removeAttribute("aria-modal");
  }

  draw(plan) {
    const { target } = this;
    const quoted = this.citations.filter((each) => each.plan_id === plan.plan_id && quoteStands(plan, each));
    const stands = quoteStands(plan, target);
    const marked = quoted.map(({ start, end }) => ({ start, end, current: stands && start === target.start && end === target.end }));
    if (stands && !marked.some((range) => range.current)) marked.push({ start: target.start, end: target.end, current: true });
    const known = stands || !target.item_id || plan.outline.some((part) => part.item_id === parentItem(target.item_id, plan));
    fill(this.element, this.head(plan), this.outline(plan), h("div", { class: "plan-frame", tabindex: "0", role: "region", "aria-label": plan.title },
      known ? null : h("p", { class: "reader-note" }, t("itemGone", { id: target.item_id })),
      known && target.quote && !stands ? h("p", { class: "reader-note" }, t("quoteOff")) : null,
      h("article", { class: "plan-text", lang: "zh-CN" }, h("h2", { class: "plan-title" }, plan.title), planNodes(plan, marked)),
      sourceLine(plan.source)));
    this.planId = plan.plan_id;
    this.reveal(plan);
  }

  reveal(plan) {
    const frame = this.element.querySelector(".plan-frame");
    const item = this.target.item_id ? document.getElementById(itemElementId(parentItem(this.target.item_id, plan))) : null;
    item?.classList.add("in-view");
    const shown = frame.querySelector("mark.current") ?? item;
    if (shown) {
      const above = shown.getBoundingClientRect().top - frame.getBoundingClientRect().top;
      frame.scrollTop += above - Math.min(frame.clientHeight / 4, 140);
    }
    (item ?? frame).focus({ preventScroll: true });
    const where = `${planName(plan.plan_id, plan)} ${this.target.item_id ? itemName(this.target.item_id) : ""}`;
    announce(`${t("reader")}: ${where} ${this.target.quote ?? ""}`);
  }

  head(plan) {
    const { target, citations } = this;
    const at = citations.findIndex((each) => each.n !== undefined && each.n === target.n);
    return h("div", { class: "reader-head" },
      h("div", { class: "reader-where" },
        h("p", { class: "reader-plan" }, planName(target.plan_id, plan ?? target), " ", inferredMark(target.plan_id, plan?.city_source)),
        h("p", { class: "reader-item" }, [target.item_id ? itemName(target.item_id, target.number) : null, plan?.department].filter(Boolean).join(" · "))),
      h("div", { class: "reader-tools" },
        at >= 0 && citations.length > 1 ? h("div", { class: "stepper", role: "group", "aria-label": t("sources") },
          button({ iconName: "left", label: t("previousCitation"), class: "icon-button", disabled: at === 0, onClick: () => this.step(-1) }),
          h("span", { class: "stepper-at" }, t("citationOf", { i: at + 1, n: citations.length })),
          button({ iconName: "right", label: t("nextCitation"), class: "icon-button", disabled: at === citations.length - 1, onClick: () => this.step(1) })) : null,
        target.item_id ? button({ iconName: "link", label: t("copyAddress"), class: "icon-button", onClick: () => this.copyAddress() }) : null,
        button({ iconName: "close", label: t("closeReader"), class: "icon-button reader-close", onClick: () => this.onClose() })));
  }

  outline(plan) {
    const current = this.target.item_id ? parentItem(this.target.item_id, plan) : null;
    const showCurrent = (event) => event.target.querySelector("a[aria-current]")?.scrollIntoView({ block: "center" });
    return h("details", { class: "outline", open: WIDE.matches, on: { toggle: showCurrent } }, h("summary", {}, t("outline"), h("span", { class: "count" }, plan.items)),
      h("nav", { "aria-label": t("outline") }, h("ul", { lang: "zh-CN" }, plan.outline.map((part) => h("li", { class: `outline-${part.kind} level-${Math.min(part.level ?? 1, 4)}` },
        h("a", {
          href: part.item_id ? itemAddress(part.item_id) : `#/plans/${encodeURIComponent(plan.plan_id)}`,
          "aria-current": part.item_id !== null && part.item_id === current ? "true" : null,
          on: { click: (event) => this.jump(event, part) },
        }, h("span", { class: "outline-number" }, part.number), part.title || (part.item_id ? itemName(part.item_id) : "")))))));
  }

  jump(event, part) {
    event.preventDefault();
    const element = document.getElementById(part.item_id ? itemElementId(part.item_id) : sectionElementId(part));
    for (const other of this.element.querySelectorAll(".in-view")) other.classList.remove("in-view");
    for (const link of this.element.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    event.currentTarget.setAttribute("aria-current", "true");
    if (!WIDE.matches) this.element.querySelector(".outline").open = false;
    element.scrollIntoView({ block: "start" });
    if (!part.item_id) return;
    element.classList.add("in-view");
    element.focus({ preventScroll: true });
    this.onShow(part.item_id);
  }

  step(by) {
    const at = this.citations.findIndex((each) => each.n === this.target.n);
    const next = this.citations[at + by];
    if (!next) return;
    this.open(next, this.citations);
    this.onShow(next.item_id);
  }

  copyAddress() {
    const { origin, pathname } = window.location;
    copyText(`${origin}${pathname}${itemAddress(this.target.item_id)}`, t("copied"), t("copyFailed"));
  }

  key(event) {
    if (event.key === "Escape") this.onClose();
    else if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    else if (event.key === "j" || event.key === "ArrowRight") this.step(1);
    else if (event.key === "k" || event.key === "ArrowLeft") this.step(-1);
    else return;
    event.preventDefault();
  }
}

function sourceLine(source) {
  const words = source?.origin || source?.file;
  if (!words) return null;
  const named = words.startsWith("来源") ? null : `${t("sourceFile")} · `;
  return h("p", { class: "plan-source" }, named, source.url ? h("a", { href: source.url, rel: "noreferrer", target: "_blank" }, words) : words);
}

/** The item that holds a sub-point: the longest outline id that the id begins with. */
function parentItem(itemId, plan) {
  const ids = new Set(plan.outline.map((part) => part.item_id));
  let id = itemId;
  while (!ids.has(id) && id.lastIndexOf(".") > id.indexOf("#")) id = id.slice(0, id.lastIndexOf("."));
  return id;
}
