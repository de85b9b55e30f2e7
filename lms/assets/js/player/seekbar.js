// The seek bar: a native slider, which keyboards, touch and screen readers support.

export class SeekBar {
  /** `video` has position, seconds and buffered ranges; `go(seconds)` moves it. */
  constructor(root, words, { storyboard, chapters, go }) {
    this.words = words;
    this.go = go;
    this.storyboard = storyboard;
    this.chapters = chapters;
    this.seconds = Number(root.dataset.seconds);
    this.bar = root.querySelector("[data-seekbar]");
    this.slider = root.querySelector("[data-seek]");
    this.peek = root.querySelector("[data-peek]");
    this.picture = root.querySelector("[data-peek-picture]");
    this.caption = root.querySelector("[data-peek-text]");
    this.clock = root.querySelector("[data-clock]");
    this.ahead = root.querySelector("[data-ahead]");
    this.isHeld = false;
    this.slider.addEventListener("input", () => {
      this.isHeld = true;
      this.paint(this.wanted);
      this.look(this.wanted / this.seconds);
    });
    this.slider.addEventListener("change", () => {
      this.isHeld = false;
      this.peek.hidden = true;
      this.go(this.wanted);
    });
    this.bar.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.look(this.shareAt(event)));
    for (const event of ["pointerleave", "pointercancel"]) {
      this.bar.addEventListener(event, () => (this.peek.hidden = true));
    }
    // A touch without movement changes nothing.
    this.slider.addEventListener("pointerup", () => setTimeout(() => ((this.isHeld = false), (this.peek.hidden = true))));
    this.clock.parentElement.hidden = false;
    this.paint(0);
  }

  get wanted() {
    return Number(this.slider.value);
  }

  shareAt({ clientX }) {
    const { left, width } = this.bar.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    return getComputedStyle(this.bar).direction === "rtl" ? 1 - share : share;
  }

  async look(share) {
    const seconds = share * this.seconds;
    const begun = this.storyboard.begin();
    this.peek.hidden = false;
    const title = this.chapters.titleAt(seconds);
    // Isolated: a title in the other script must not reorder the text.
    this.caption.textContent = this.words.time(seconds) + (title ? ` · \u2068${title}\u2069` : "");
    const place = () => {
      this.storyboard.draw(this.picture, seconds);
      const half = this.peek.offsetWidth / 2;
      const width = this.bar.clientWidth;
      this.peek.style.insetInlineStart = `${Math.min(Math.max(share * width, half), width - half) - half}px`;
    };
    place();
    await begun;
    if (!this.peek.hidden) place();
  }

  show(now, buffered) {
    if (!this.isHeld) {
      this.slider.value = now;
      this.paint(now);
    }
    let ahead = 0;
    for (let number = 0; number < buffered.length; number += 1) {
      if (buffered.start(number) <= now + 0.5) ahead = Math.max(ahead, buffered.end(number));
    }
    this.ahead.style.inlineSize = `${Math.min(100, (ahead / this.seconds) * 100)}%`;
  }

  paint(now) {
    this.bar.style.setProperty("--played", `${Math.min(100, (now / this.seconds) * 100)}%`);
    const text = this.words.time(now);
    if (text === this.shown) return;
    this.shown = text;
    this.clock.textContent = text;
    const facts = { now: text, all: this.words.time(this.seconds) };
    const chapter = this.chapters.titleAt(now);
    this.slider.setAttribute("aria-valuetext", this.words.say("position", facts) + (chapter ? ` · ${chapter}` : ""));
  }
}
