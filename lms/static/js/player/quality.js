// What is watched and what it costs: chosen before play, changed at any time, remembered on the device.

import { isSaving } from "./line.js";
import { remember, remembered } from "./memory.js";

export const AUTO = "auto";

export class Quality {
  /** `change()` is called when the person chose something else. */
  constructor(root, words, change) {
    this.root = root;
    this.words = words;
    this.inputs = [...root.querySelectorAll('input[name="quality"]')].filter((input) => isPlayable(input));
    this.label = root.querySelector("[data-quality-label]");
    this.limit = root.querySelector("[data-cap]");
    this.now = "";
    // Who turned on saving in the browser chooses for that by itself.
    this.key = isSaving() ? "quality-saving" : "quality";
    this.check(remembered(this.key) ?? (isSaving() ? this.lowest?.name : null));
    for (const input of this.inputs) {
      input.addEventListener("change", () => {
        remember(this.key, input.value);
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

  /** Pixels of the short side that choosing by itself may reach; 0 is no limit. */
  get cap() {
    return Number(this.limit?.value ?? 0);
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
    const shown = this.named(this.now)?.label ?? "";
    const chosen = this.named(this.chosen)?.label ?? this.words.say("automatic");
    this.label.textContent = this.isAutomatic && shown ? this.words.say("automaticNow", { quality: shown }) : chosen;
  }
}

/** What this device cannot show is no choice. */
function isPlayable(input) {
  const { codecs } = input.dataset;
  const isKnown = !codecs?.includes("av01") || Boolean(window.MediaSource?.isTypeSupported(`video/mp4; codecs="${codecs}"`));
  input.closest("label").hidden = !isKnown;
  return isKnown;
}
