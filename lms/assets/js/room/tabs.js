// Tabs of the room: one part is shown, the others have a count of what is new. Tabs that do not fit into the row
// are in a list at its end.

import { find, number, room } from "./page.js";

export class Tabs {
  constructor() {
    this.tabs = [...room.querySelectorAll("[data-tab]")];
    this.list = room.querySelector("[data-tabs]");
    this.more = find("more-parts");
    this.list.hidden = this.tabs.length < 2;
    this.list.addEventListener("click", ({ target }) => {
      const tab = target.closest("[data-tab]");
      if (tab) this.open(tab.dataset.tab);
    });
    // Arrow keys move in visual order: the first tab is on the right in Arabic.
    this.list.addEventListener("keydown", (event) => {
      const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      const step = { [forward]: 1, [back]: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const inRow = this.tabs.filter((tab) => tab.offsetWidth);
      const at = inRow.findIndex((tab) => tab.dataset.tab === this.shown);
      const next = inRow[(at + step + inRow.length) % inRow.length];
      this.open(next.dataset.tab);
      next.focus();
    });
    this.more.addEventListener("change", () => this.open(this.more.value));
    new ResizeObserver(() => this.fit()).observe(this.list.parentElement);
    // A tab may appear later, and a count makes one wider.
    new MutationObserver(() => this.fit()).observe(this.list, { attributes: true, attributeFilter: ["hidden"], subtree: true });
    this.open("talk");
  }

  /** As many tabs as fit stay in the row; the list after it has the others. */
  fit() {
    const { more, list } = this;
    const shown = this.tabs.filter((tab) => !tab.hidden);
    more.hidden = true;
    for (const tab of shown) tab.classList.remove("room__tab--away");
    let away = [];
    if (list.scrollWidth > list.clientWidth) {
      more.hidden = false;
      // Measured from the inline start, in either direction.
      const start = list.getBoundingClientRect();
      const reach = (tab) => (document.dir === "rtl" ? start.right - tab.getBoundingClientRect().left : tab.getBoundingClientRect().right - start.left);
      away = shown.filter((tab) => reach(tab) > list.clientWidth);
    }
    for (const tab of away) tab.classList.add("room__tab--away");
    const first = more.options[0];
    more.replaceChildren(first, ...away.map((tab) => new Option(this.nameOf(tab), tab.dataset.tab)));
    more.value = away.some((tab) => tab.dataset.tab === this.shown) ? this.shown : "";
  }

  nameOf(tab) {
    const unseen = Number(tab.dataset.unseenCount ?? 0);
    return tab.firstChild.textContent + (unseen ? ` (${number.format(unseen)})` : "");
  }

  open(name) {
    this.shown = name;
    for (const tab of this.tabs) {
      const isShown = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", isShown);
      tab.tabIndex = isShown ? 0 : -1;
      if (isShown) this.count(tab, 0);
    }
    for (const panel of room.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
    this.fit();
    room.dispatchEvent(new Event("part"));
  }

  /** Count something new in a part, unless it is the one that is shown. */
  markUnseen(name) {
    const tab = this.tabs.find((one) => one.dataset.tab === name);
    if (tab && name !== this.shown) this.count(tab, Number(tab.dataset.unseenCount ?? 0) + 1);
  }

  count(tab, unseen) {
    tab.dataset.unseenCount = unseen;
    const badge = tab.querySelector("[data-unseen]");
    badge.hidden = unseen === 0;
    badge.textContent = number.format(unseen);
  }
}
