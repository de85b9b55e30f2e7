// The pinned message.

import { find } from "./page.js";

export class Pinned {
  constructor() {
    this.box = find("pinned");
    this.eventHandlers = {
      "chat.pinned": (event) => this.show(event),
      "chat.unpinned": () => this.show(null),
    };
  }

  welcome({ pinned }) {
    this.show(pinned);
  }

  show(pin) {
    this.box.hidden = !pin || pin.removed === true;
    if (this.box.hidden) return;
    find("pinned-name").textContent = pin.whose;
    find("pinned-text").textContent = pin.text;
  }
}
