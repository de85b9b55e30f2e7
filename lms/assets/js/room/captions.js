// Captions typed during the class.

import { find } from "./page.js";

// As long as the lesson shows a caption: `live.queries.captions`.
const CAPTION_MS = 1_500;
const CAPTION_MS_A_CHARACTER = 60;
const CAPTION_LONGEST_MS = 7_000;

export class LiveCaptions {
  constructor(connection) {
    this.box = find("captions");
    this.line = find("caption");
    this.eventHandlers = { "caption.said": (event) => this.show(event) };
    const form = find("caption-form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = find("caption-text");
      const text = field.value.trim();
      // What is not sent stays in the field.
      if (text && connection.send("caption.say", { text })) field.value = "";
    });
    this.isTypist = Boolean(form);
  }

  show({ at, text }) {
    if (!this.line) return;
    const reads = Math.min(CAPTION_LONGEST_MS, CAPTION_MS + CAPTION_MS_A_CHARACTER * text.length);
    // After a reconnect, captions of what was missed are not shown.
    if (Date.now() - Date.parse(at) > 60_000) return;
    clearTimeout(this.going);
    this.line.textContent = text;
    this.line.hidden = this.box.hidden = false;
    this.going = setTimeout(() => {
      this.line.hidden = true;
      this.box.hidden = !this.isTypist;
    }, reads + 3_000);
  }
}
