// Reactions: one tap, shown as a count that disappears after a while; screen readers of staff announce one sum.

import { find, number } from "./page.js";

const SHOWN_MS = 10000;
const TOLD_MS = 15000;

export class Reactions {
  constructor(connection) {
    this.box = find("reactions");
    this.told = find("reactions-told");
    this.counts = new Map();
    this.ephemeralHandlers = { reactions: ({ counts }) => this.add(counts) };
    this.box?.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-reaction]");
      if (button) connection.send("reaction.send", { reaction: button.dataset.reaction });
    });
  }

  welcome() {}

  add(counts) {
    for (const [kind, count] of Object.entries(counts)) {
      const one = this.counts.get(kind) ?? { count: 0 };
      clearTimeout(one.timer);
      one.count += count;
      one.timer = setTimeout(() => {
        this.counts.delete(kind);
        this.draw(kind);
      }, SHOWN_MS);
      this.counts.set(kind, one);
      this.draw(kind);
    }
    if (this.told && !this.announcing) this.announcing = setTimeout(() => this.announce(), TOLD_MS);
  }

  draw(kind) {
    const badge = this.box?.querySelector(`[data-reaction="${CSS.escape(kind)}"] [data-reaction-count]`);
    if (!badge) return;
    const { count } = this.counts.get(kind) ?? { count: 0 };
    badge.hidden = count === 0;
    badge.textContent = number.format(count);
  }

  announce() {
    this.announcing = null;
    const label = (kind) => this.box.querySelector(`[data-reaction="${CSS.escape(kind)}"] [data-reaction-label]`).textContent;
    this.told.textContent = [...this.counts].map(([kind, { count }]) => `${label(kind)}: ${number.format(count)}`).join(" · ");
  }
}
