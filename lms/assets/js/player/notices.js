// The message under the video: what is wrong and what happens next.

export class Notices {
  constructor(root, heard) {
    this.lines = [...root.querySelectorAll("[data-message]")];
    this.heard = heard;
  }

  /** Shows the message of that name; null hides it. */
  say(message) {
    if (message === this.said) return;
    this.said = message;
    for (const line of this.lines) line.hidden = line.dataset.message !== message;
    if (message === "offline") this.heard("offline");
  }

  /** Offline, or so slow that nothing arrives. */
  showOffline() {
    this.say(navigator.onLine ? "waiting" : "offline");
  }
}
