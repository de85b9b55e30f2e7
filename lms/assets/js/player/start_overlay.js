// What lies over the film until it plays: the large button, and where it would go on.

export class StartOverlay {
  /** `from` is the second to go on from, 0 for the beginning. */
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

  /** The focus goes with the person, to the button that takes its place. */
  hide() {
    const hadFocus = this.box.contains(document.activeElement);
    this.box.hidden = true;
    if (hadFocus) this.root.querySelector("[data-toggle]").focus({ preventScroll: true });
  }

  show() {
    this.box.hidden = false;
  }
}
