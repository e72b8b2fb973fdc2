// The narrow column on the left: conversations, language, light and dark.

import { fileName } from "./answer-export.js";
import { exportSession, isForeseen } from "./api.js";
import { button, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { download, toast } from "./live.js";
import { conversationAddress } from "./router.js";
import { currentLanguage, onLanguage, setLanguage, t } from "./texts.js";

const THEMES = ["auto", "light", "dark"];

function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

const EXPORTS = { markdown: ["exportMarkdown", "md", "text/markdown;charset=utf-8"], json: ["exportJson", "json", "application/json"] };

/** Draws the list of conversations and the switches; `actions`: fresh(). */
export class Sidebar {
  constructor(conversations, actions) {
    this.conversations = conversations;
    this.actions = actions;
    this.current = null;
    this.renaming = false;
    this.list = document.getElementById("conversation-list");
    this.languageButton = document.getElementById("switch-language");
    this.themeButton = document.getElementById("switch-theme");
    this.opener = document.getElementById("open-sidebar");
    document.getElementById("new-conversation").addEventListener("click", () => actions.fresh());
    this.opener.addEventListener("click", () => this.show(true));
    for (const id of ["close-sidebar", "veil"]) document.getElementById(id).addEventListener("click", () => this.show(false));
    document.getElementById("sidebar").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.show(false);
    });
    this.languageButton.addEventListener("click", () => {
      const next = currentLanguage() === "zh" ? "en" : "zh";
      remember("planqa.language", next);
      setLanguage(next).catch(() => toast(t("state_offline")));
    });
    this.themeButton.addEventListener("click", () => this.nextTheme());
    onLanguage(() => this.draw());
    this.draw();
  }

  /** Opens or closes the column where it lies over the page. */
  show(open) {
    const before = document.body.classList.contains("sidebar-open");
    if (open === before) return;
    document.body.classList.toggle("sidebar-open", open);
    document.getElementById("main").inert = open;
    document.getElementById("veil").hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) document.getElementById("close-sidebar").focus();
    else this.opener.focus();
  }

  nextTheme() {
    const now = document.documentElement.dataset.theme ?? "auto";
    const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember("planqa.theme", next === "auto" ? null : next);
    this.draw();
  }

  /** Draws the column; `current` is the open conversation's id. */
  draw(current = this.current) {
    this.current = current;
    this.languageButton.textContent = t("switchLanguage");
    this.languageButton.setAttribute("aria-label", t("switchLanguageLabel"));
    this.languageButton.lang = currentLanguage() === "zh" ? "en" : "zh-CN";
    this.themeButton.textContent = t({ light: "themeLight", dark: "themeDark" }[document.documentElement.dataset.theme] ?? "themeAuto");
    this.drawList();
  }

  drawList() {
    if (this.renaming) return;
    const { list, enabled, unread, hasMore } = this.conversations;
    const hint = !enabled ? "conversationsOff" : unread ? "conversationsUnread" : list.length === 0 ? "noConversations" : null;
    fill(this.list, hint ? h("li", { class: "side-hint" }, t(hint)) : null, list.map((conversation) => this.row(conversation)),
      hasMore ? h("li", {}, button({ text: t("moreConversations"), class: "text-button", onClick: () => this.conversations.loadMore() })) : null);
  }

  row(conversation) {
    const { session_id: id, title } = conversation;
    const menu = h("details", { class: "menu" },
      h("summary", { class: "icon-button", "aria-label": t("moreFor", { title }), title: t("moreFor", { title }) }, icon("more")),
      h("div", { class: "menu-items" },
        button({ text: t("rename"), onClick: () => this.rename(conversation, row) }),
        Object.entries(EXPORTS).map(([format, [name]]) => button({ text: t("exportAs", { format: t(name) }), onClick: () => exportConversation(conversation, format) })),
        button({ text: t("remove"), onClick: () => this.remove(conversation) })));
    menu.addEventListener("focusout", (event) => {
      if (!menu.contains(event.relatedTarget)) menu.open = false;
    });
    menu.addEventListener("click", (event) => {
      if (event.target.closest(".menu-items")) menu.open = false;
    });
    const row = h("li", { class: "conversation-row" },
      h("a", { href: conversationAddress(id), class: "conversation-open", "aria-current": id === this.current ? "page" : null, title }, title),
      menu);
    return row;
  }

  rename(conversation, row) {
    const input = h("input", { class: "rename", value: conversation.title, "aria-label": t("renameLabel"), maxlength: 200 });
    this.renaming = true;
    const done = (keep) => {
      if (!this.renaming) return;
      this.renaming = false;
      if (keep) this.conversations.rename(conversation.session_id, input.value);
      this.draw();
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") done(true);
      if (event.key === "Escape") {
        event.stopPropagation();
        done(false);
      }
    });
    input.addEventListener("blur", () => done(true));
    fill(row, input);
    input.select();
    input.focus();
  }

  remove({ session_id: id, title }) {
    const bringBack = this.conversations.remove(id);
    if (id === this.current) this.actions.fresh();
    toast(t("removed", { title }), { text: t("undo"), run: bringBack });
  }
}

async function exportConversation({ session_id: id, title }, format) {
  const [, ending, type] = EXPORTS[format];
  try {
    download(fileName(title, ending), type, await exportSession(id, format));
  } catch (error) {
    if (!isForeseen(error)) throw error;
    toast(t("exportFailed"));
  }
}
