// Raised hands, in order.

import { find, texts } from "./page.js";

export class Hands {
  constructor(me, notice) {
    this.me = me;
    this.eventHandlers = {
      "hand.raised": (event) => this.put({ seq: event.seq, who: event.who, name: event.name, called: false }),
      "hand.called": (event) => {
        this.put({ seq: event.of, who: event.who, name: event.whose, called: true });
        if (event.who === me.key) notice.showBriefly(texts.called, "good");
      },
      "hand.lowered": (event) => this.lower(event.who),
    };
    this.up = new Map();
    this.button = find("hand");
  }

  get isMineUp() {
    return this.up.has(this.me.key);
  }

  welcome({ hands }) {
    this.up.clear();
    for (const hand of hands) this.up.set(hand.who, hand);
    this.draw();
  }

  put(hand) {
    this.up.set(hand.who, hand);
    this.draw();
  }

  lower(who) {
    this.up.delete(who);
    this.draw();
  }

  draw() {
    const inOrder = [...this.up.values()].sort((one, other) => one.seq - other.seq);
    find("hands").replaceChildren(...inOrder.map((hand) => this.item(hand)));
    find("hands-box").hidden = this.up.size === 0;
    if (!this.button) return;
    this.button.setAttribute("aria-pressed", this.isMineUp);
    find("hand-label").textContent = this.isMineUp ? texts.lower : texts.raise;
  }

  item(hand) {
    const item = find("hand-template").content.firstElementChild.cloneNode(true);
    item.dataset.seq = hand.seq;
    item.querySelector("[data-name]").textContent = hand.name;
    item.querySelector("[data-called]").hidden = !hand.called;
    item.classList.toggle("hands__one--called", hand.called);
    return item;
  }
}
