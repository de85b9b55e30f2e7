// Speed and volume, by menu or by key.

import { remember, remembered } from "./memory.js";

export class SpeedAndVolume {
  /** `announce(text)` tells a screen reader what a key did. */
  constructor(root, video, words, announce) {
    this.root = root;
    this.video = video;
    this.words = words;
    this.announce = announce;
    this.select = root.querySelector("[data-speed]");
    this.button = root.querySelector("[data-mute]");
    this.select.addEventListener("change", () => this.setSpeed(Number(this.select.value)));
    this.button.addEventListener("click", () => this.toggleMute());
    video.addEventListener("volumechange", () => this.showMute());
    this.setSpeed(Number(remembered("rate") ?? 1));
  }

  setSpeed(rate) {
    this.select.value = String(rate);
    if (this.select.selectedIndex < 0) this.select.value = "1";
    const chosen = Number(this.select.value);
    this.video.defaultPlaybackRate = this.video.playbackRate = chosen;
    remember("rate", String(chosen));
  }

  stepSpeed(step) {
    const option = this.select.options[this.select.selectedIndex + step];
    if (!option) return;
    this.setSpeed(Number(option.value));
    this.announce(this.words.say("speedNow", { rate: this.words.rate(option.value) }));
  }

  turnVolume(step) {
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + step));
    this.video.muted = this.video.volume === 0;
    this.announce(this.words.say("volumeNow", { share: this.words.percent(Math.round(this.video.volume * 100)) }));
  }

  toggleMute() {
    this.video.muted = !this.video.muted;
    this.announce(this.words.say(this.video.muted ? "muted" : "unmuted"));
  }

  showMute() {
    const { muted } = this.video;
    this.root.classList.toggle("is-muted", muted);
    this.button.setAttribute("aria-pressed", String(muted));
  }
}
