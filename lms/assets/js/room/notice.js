// The one line that says how things stand: with the connection, with the class, with me.

import { find } from "./page.js";

const FOR_NOW_MS = 5000;

export class Notice {
  /** `usual()` is the text to come back to; null leaves the line as it is. */
  constructor(usual) {
    this.line = find("line");
    this.usual = usual;
  }

  tell(text, tone = "") {
    clearTimeout(this.timer);
    const { line } = this;
    line.hidden = !text;
    line.className = `room__line${tone ? ` room__line--${tone}` : ""}`;
    if (line.textContent !== text) line.textContent = text;
  }

  tellForNow(text, tone) {
    this.tell(text, tone);
    this.timer = setTimeout(() => this.settle(), FOR_NOW_MS);
  }

  settle() {
    const text = this.usual();
    if (text !== null) this.tell(text);
  }
}
