// The status line: state of the connection, of the class, of the person.

import { find } from "./page.js";

const FOR_NOW_MS = 5000;

export class Notice {
  /** `usual()` returns the text to restore after a brief message; null leaves the line unchanged. */
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
