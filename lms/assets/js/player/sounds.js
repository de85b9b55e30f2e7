// The choice between several sounds, remembered by language for all lessons.

import { remember, remembered } from "./memory.js";

export class Sounds {
  /** `change()` is called when the person chose another sound. */
  constructor(root, words, change) {
    this.words = words;
    this.select = root.querySelector("[data-sound]");
    if (!this.select) return;
    this.options = [...this.select.options];
    this.name();
    const wanted = remembered("sound");
    const known = this.options.find((option) => keyOf(option) === wanted);
    if (known) known.selected = true;
    this.select.addEventListener("change", () => this.chosen(change));
  }

  /** Names of languages in the reader's language, for sounds without a title in the file. */
  name() {
    const taken = new Set();
    for (const [number, option] of this.options.entries()) {
      const { language, label } = option.dataset;
      const name = label || languageName(language) || option.text;
      option.text = taken.has(name) ? `${name} (${this.words.digits(number + 1)})` : name;
      taken.add(name);
    }
  }

  chosen(change) {
    remember("sound", keyOf(this.select.selectedOptions[0]));
    change();
  }

  /** Selects the next sound; returns its name, or nothing where there is no other. */
  next(change) {
    if (!this.select) return "";
    this.select.selectedIndex = (this.select.selectedIndex + 1) % this.options.length;
    this.chosen(change);
    return this.select.selectedOptions[0].text;
  }

  /** The playlist of the same quality with the chosen sound. */
  addressOf(url) {
    return url.replace(/(?=\.m3u8)/, this.select?.value ?? "");
  }
}

/** Sounds without a language are identified by their order. */
function keyOf(option) {
  return option.dataset.language || option.value || "first";
}

function languageName(code) {
  try {
    const name = new Intl.DisplayNames([document.documentElement.lang], { type: "language", fallback: "none" }).of(code);
    return name ?? "";
  } catch {
    return "";
  }
}
