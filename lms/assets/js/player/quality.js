// The choice of quality and its cost in data, remembered on the device.

import { isSaving } from "./connection.js";
import { remember, remembered } from "./memory.js";

export const AUTO = "auto";
// Phones have three device pixels per CSS pixel; a picture that fills them all costs more data without a visible gain.
const MOST_RATIO = 1.5;

export class Quality {
  /** `change()` is called when the person chose something else. */
  constructor(root, words, change) {
    this.root = root;
    this.words = words;
    this.inputs = [...root.querySelectorAll('input[name="quality"]')].filter((input) => isPlayable(input));
    this.label = root.querySelector("[data-quality-label]");
    this.limit = root.querySelector("[data-cap]");
    this.ways = [...root.querySelectorAll('input[name="way"]')];
    // Useful pixels of the short side of the box; 0 while unknown.
    this.box = 0;
    this.now = "";
    // The browser's data saver selects the small picture by default.
    this.key = isSaving() ? "quality-saving" : "quality";
    this.check(remembered(this.key) ?? (isSaving() ? this.lowest?.name : null));
    for (const input of this.inputs) {
      input.addEventListener("change", () => {
        remember(this.key, input.value);
        this.tell();
        change();
      });
    }
    for (const way of this.ways) {
      way.addEventListener("change", () => {
        this.check(way.dataset.plays);
        remember(this.key, way.dataset.plays);
        this.tell();
        change();
      });
    }
    this.limit?.addEventListener("change", () => {
      remember("cap", this.limit.value);
      this.check(AUTO);
      remember(this.key, AUTO);
      this.tell();
      change();
    });
    if (this.limit) this.limit.value = remembered("cap") ?? "0";
    if (this.limit?.selectedIndex < 0) this.limit.value = "0";
    this.tell();
  }

  check(name) {
    const input = this.inputs.find((one) => one.value === name);
    if (input) input.checked = true;
  }

  get chosen() {
    return this.inputs.find((input) => input.checked)?.value ?? AUTO;
  }

  get isAutomatic() {
    return this.chosen === AUTO;
  }

  /** Takes the size of the box in pixels; returns whether the limit of automatic quality changed. */
  fit(width, height, ratio) {
    const before = this.cap;
    this.box = Math.min(width, height) * Math.min(ratio, MOST_RATIO);
    this.tell();
    return this.cap !== before;
  }

  /** The best rendition of automatic quality: limited by the box and by the chosen limit. */
  get best() {
    const pictures = this.renditions.filter((one) => one.height && !one.isAside).sort((a, b) => a.height - b.height);
    const limit = Number(this.limit?.value ?? 0) || Infinity;
    const allowed = pictures.filter((one) => one.height <= limit);
    const shown = allowed.length ? allowed : pictures.slice(0, 1);
    return (this.box && shown.find((one) => one.height >= this.box)) || shown.at(-1);
  }

  /** The limit of automatic quality in pixels of the short side; 0 is no limit. */
  get cap() {
    return this.best?.height ?? 0;
  }

  get renditions() {
    return this.inputs
      .filter((input) => input.value !== AUTO)
      .map((input) => ({
        name: input.value,
        label: input.dataset.label,
        height: Number(input.dataset.height),
        codecs: input.dataset.codecs,
        url: input.dataset.url,
        size: input.dataset.size,
        isAside: "isAside" in input.dataset,
      }));
  }

  get lowest() {
    return this.renditions.find((rendition) => rendition.height) ?? this.renditions[0];
  }

  named(name) {
    return this.renditions.find((rendition) => rendition.name === name);
  }

  show(name) {
    this.now = name;
    this.tell();
  }

  tell() {
    for (const way of this.ways) way.checked = way.dataset.plays === this.chosen;
    const { best } = this;
    for (const text of this.root.querySelectorAll("[data-expected]")) {
      text.textContent = best ? this.words.say("upTo", { size: best.size }) : "";
      text.closest("label").dataset.limit = best?.height ?? 0;
    }
    const shown = this.named(this.now)?.label ?? "";
    const chosen = this.named(this.chosen)?.label ?? this.words.say("automatic");
    this.label.textContent = this.isAutomatic && shown ? this.words.say("automaticNow", { quality: shown }) : chosen;
  }
}

/** Hides renditions that this device cannot decode. */
function isPlayable(input) {
  const { codecs } = input.dataset;
  const isKnown = !codecs?.includes("av01") || Boolean(window.MediaSource?.isTypeSupported(`video/mp4; codecs="${codecs}"`));
  input.closest("label").hidden = !isKnown;
  return isKnown;
}
