// The parts of the room beside the stage: one is shown, the others tell how much in them is new.

import { number, room } from "./page.js";

export class Tabs {
  constructor() {
    this.tabs = [...room.querySelectorAll("[data-tab]")];
    const list = room.querySelector("[data-tabs]");
    list.hidden = this.tabs.length < 2;
    list.addEventListener("click", ({ target }) => {
      const tab = target.closest("[data-tab]");
      if (tab) this.open(tab.dataset.tab);
    });
    // Arrows go from tab to tab as they are seen: the first is on the right in Arabic.
    list.addEventListener("keydown", (event) => {
      const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      const step = { [forward]: 1, [back]: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const tabs = this.tabs.filter((tab) => !tab.hidden);
      const at = tabs.findIndex((tab) => tab.dataset.tab === this.shown);
      const next = tabs[(at + step + tabs.length) % tabs.length];
      this.open(next.dataset.tab);
      next.focus();
    });
    this.open("talk");
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
  }

  /** Something happened in a part: its tab says so unless it is the one that is shown. */
  tell(name) {
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
