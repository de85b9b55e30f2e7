// The one sentence under the film that says what is wrong and what happens next.

export class Notices {
  constructor(root, heard) {
    this.lines = [...root.querySelectorAll("[data-message]")];
    this.heard = heard;
  }

  /** Shows the sentence of that name; null takes it away. */
  say(message) {
    if (message === this.said) return;
    this.said = message;
    for (const line of this.lines) line.hidden = line.dataset.message !== message;
    if (message === "offline") this.heard("offline");
  }

  /** The line is gone, or so slow that nothing comes. */
  showOffline() {
    this.say(navigator.onLine ? "waiting" : "offline");
  }
}
