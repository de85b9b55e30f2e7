// The one line that says how things stand: with the connection, with the class, with me.

import { find } from "./page.js";

const FOR_NOW_MS = 5000;

export class Notice {
  /** `usual()` is the text to come back to; null leaves the line as it is. */
  constructor(usual) {
    this.line = find("line");
    this.usual = usual;
  }

  show(text, tone = "") {
    clearTimeout(this.timer);
    const { line } = this;
    line.hidden = !text;
    line.className = `room__line${tone ? ` room__line--${tone}` : ""}`;
    if (line.textContent !== text) line.textContent = text;
  }

  showBriefly(text, tone) {
    this.show(text, tone);
    this.timer = setTimeout(() => this.restore(), FOR_NOW_MS);
  }

  restore() {
    const text = this.usual();
    if (text !== null) this.show(text);
  }
}
