// Captions on the picture in the chosen language, size and background, drawn above the controls.

import { remember, remembered } from "./memory.js";
import { cuesOf } from "./tracks.js";

const OFF = "off";

export class Captions {
  constructor(root, video, words) {
    this.root = root;
    this.video = video;
    this.words = words;
    this.box = root.querySelector("[data-captions]");
    this.button = root.querySelector("[data-captions-button]");
    this.select = root.querySelector("[data-captions-language]");
    this.tracks = [...video.querySelectorAll("track[data-caption]")];
    this.track = null;
    this.draw = () => this.show();
    if (this.tracks.length === 0) return;
    this.button.addEventListener("click", () => this.toggle());
    this.select.addEventListener("change", () => this.choose(this.select.value));
    for (const name of ["size", "ground"]) {
      const field = root.querySelector(`[data-captions-${name}]`);
      field.value = remembered(`captions-${name}`) ?? field.value;
      const apply = () => (this.box.dataset[name] = field.value);
      field.addEventListener("change", () => {
        remember(`captions-${name}`, field.value);
        apply();
      });
      apply();
    }
  }

  /** Nothing is fetched before the video plays. */
  begin() {
    const wanted = remembered("captions");
    if (wanted && wanted !== OFF) this.choose(wanted, { isRemembered: true });
  }

  /** The element of a language: as asked, else as the page, else the first. */
  element(language) {
    const of = (wanted) => this.tracks.find((track) => track.srclang === wanted);
    return of(language) ?? of(document.documentElement.lang) ?? this.tracks[0];
  }

  toggle() {
    const last = remembered("captions-last") ?? "";
    return this.choose(this.track ? OFF : this.element(last)?.srclang);
  }

  async choose(language, { isRemembered = false } = {}) {
    if (this.tracks.length === 0) return;
    const element = language === OFF ? null : this.tracks.find((track) => track.srclang === language);
    if (isRemembered && !element) return;
    this.track?.track.removeEventListener("cuechange", this.draw);
    this.track = element;
    remember("captions", element ? element.srclang : OFF);
    if (element) remember("captions-last", element.srclang);
    this.select.value = element?.srclang ?? OFF;
    this.button.setAttribute("aria-pressed", String(Boolean(element)));
    this.root.classList.toggle("has-captions", Boolean(element));
    this.show();
    if (!element) return;
    element.track.addEventListener("cuechange", this.draw);
    this.box.lang = element.srclang;
    await cuesOf(element);
    this.show();
  }

  show() {
    const cues = this.track ? [...(this.track.track.activeCues ?? [])] : [];
    this.box.replaceChildren(
      ...cues.map((cue) => {
        const line = document.createElement("p");
        line.dir = "auto";
        const text = document.createElement("span");
        text.append(cue.getCueAsHTML());
        line.append(text);
        return line;
      }),
    );
  }
}
