// The overlay before play: the large button, and the position at which playback resumes.

export class StartOverlay {
  /** `from` is the second to resume from, 0 for the beginning. */
  constructor(root, words, from) {
    this.root = root;
    this.words = words;
    this.box = root.querySelector("[data-cover]");
    this.offer(from);
  }

  offer(from) {
    this.from = from;
    const text = this.root.querySelector("[data-resume]");
    const play = this.root.querySelector("[data-play]");
    text.hidden = this.root.querySelector("[data-from-start]").hidden = !from;
    text.textContent = from ? this.words.say("resume", { time: this.words.time(from) }) : "";
    if (from) play.removeAttribute("aria-label");
    else play.setAttribute("aria-label", this.words.say("play"));
  }

  /** The focus moves to the button that replaces it. */
  hide() {
    const hadFocus = this.box.contains(document.activeElement);
    this.box.hidden = true;
    if (hadFocus) this.root.querySelector("[data-toggle]").focus({ preventScroll: true });
  }

  show() {
    this.box.hidden = false;
  }
}
