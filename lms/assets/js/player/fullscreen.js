// Full screen with picture and controls; the controls are hidden while there is no input.

const IDLE_MS = 3_000;

export class Fullscreen {
  constructor(root, video, words) {
    this.frame = root.querySelector("[data-frame]");
    this.video = video;
    this.words = words;
    this.button = root.querySelector("[data-fullscreen]");
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("fullscreenchange", () => this.changed());
    for (const event of ["pointermove", "pointerdown", "keydown", "focusin"]) {
      this.frame.addEventListener(event, () => this.stir());
    }
    video.addEventListener("pause", () => this.stir());
  }

  get isOn() {
    return document.fullscreenElement === this.frame;
  }

  async toggle() {
    if (this.isOn) {
      await document.exitFullscreen();
      return;
    }
    if (this.frame.requestFullscreen) await this.frame.requestFullscreen().catch(() => {});
    // iPhones allow full screen for the video element only.
    else this.video.webkitEnterFullscreen?.();
  }

  changed() {
    const name = this.isOn ? "leaveFullscreen" : "fullscreen";
    this.button.setAttribute("aria-label", this.words.say(name));
    this.button.setAttribute("aria-pressed", String(this.isOn));
    if (this.isOn && innerHeight > innerWidth) screen.orientation?.lock?.("landscape").catch(() => {});
    this.stir();
  }

  stir() {
    clearTimeout(this.timer);
    this.frame.classList.remove("is-idle");
    if (!this.isOn) return;
    this.timer = setTimeout(() => {
      const isBusy = this.video.paused || this.frame.querySelector(".is-open");
      this.frame.classList.toggle("is-idle", !isBusy && this.isOn);
    }, IDLE_MS);
  }
}
