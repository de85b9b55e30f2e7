// The recording notice: a badge while there is a picture, and the text everyone has to acknowledge once.

import { find } from "./page.js";

export class Recorded {
  constructor() {
    this.mark = find("recorded");
    this.notice = find("recorded-notice");
    this.eventHandlers = { "video.started": () => this.show(true), "video.stopped": () => this.show(false) };
    this.notice?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.understand();
    });
  }

  welcome({ video }) {
    this.show(video.on);
  }

  show(isOn) {
    if (this.mark) this.mark.hidden = !isOn;
  }

  async understand() {
    const { action } = this.notice;
    try {
      const answer = await fetch(action, { method: "POST", body: new FormData(this.notice), headers: { "X-Requested-With": "fetch" } });
      // The server did not answer: the text stays, and the button can be pressed again.
      if (answer.ok) this.notice.hidden = true;
    } catch {
      return;
    }
  }
}
