// The transcript next to the video: searchable, and each line seeks to its time.

import { findFolded } from "./folding.js";
import { cuesOf, plainText } from "./tracks.js";

export class Transcript {
  /** `captions` has the languages, `go(seconds)` seeks. */
  constructor(root, captions, words, go) {
    this.root = root;
    this.captions = captions;
    this.words = words;
    this.go = go;
    this.panel = root.querySelector("[data-transcript]");
    this.button = root.querySelector("[data-transcript-button]");
    if (!this.panel) return;
    this.list = this.panel.querySelector("[data-lines]");
    this.field = this.panel.querySelector("[data-search]");
    this.found = this.panel.querySelector("[data-found]");
    this.select = this.panel.querySelector("[data-transcript-language]");
    this.lines = [];
    this.button.addEventListener("click", () => this.toggle());
    this.panel.querySelector("[data-hide-transcript]").addEventListener("click", () => this.toggle());
    this.field.addEventListener("input", () => this.search());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.lines.find((line) => !line.item.hidden)?.button.click();
    });
    this.select?.addEventListener("change", () => this.fill(this.select.value));
    this.list.addEventListener("click", (event) => {
      const at = event.target.closest("button")?.dataset.at;
      if (at !== undefined) this.go(Number(at));
    });
  }

  get isOpen() {
    return Boolean(this.panel) && !this.panel.hidden;
  }

  async toggle() {
    if (!this.panel) return;
    this.panel.hidden = this.isOpen;
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    this.root.classList.toggle("has-transcript", this.isOpen);
    if (!this.isOpen) {
      this.button.focus();
      return;
    }
    this.field.focus({ preventScroll: true });
    if (this.lines.length === 0) await this.fill(this.captions.track?.srclang);
  }

  async fill(language) {
    const element = this.captions.element(language);
    if (this.select) this.select.value = element.srclang;
    this.panel.setAttribute("aria-busy", "true");
    const cues = await cuesOf(element);
    this.panel.removeAttribute("aria-busy");
    this.list.lang = element.srclang;
    this.list.dir = /^(ar|fa|ur|he)\b/.test(element.srclang) ? "rtl" : "ltr";
    this.lines = cues.map((cue) => this.line(cue));
    this.list.replaceChildren(...this.lines.map((line) => line.item));
    this.found.textContent = cues.length ? "" : this.words.say("noTranscript");
    this.search();
    this.mark(this.now ?? 0);
  }

  line(cue) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const time = document.createElement("span");
    const text = document.createElement("span");
    button.type = "button";
    button.dataset.at = cue.startTime;
    time.className = "player__line-time";
    time.textContent = this.words.time(cue.startTime);
    text.textContent = plainText(cue);
    button.append(time, text);
    item.append(button);
    return { item, button, text, words: text.textContent, start: cue.startTime, end: cue.endTime };
  }

  search() {
    const query = this.field.value;
    let count = 0;
    for (const line of this.lines) {
      const places = findFolded(line.words, query);
      line.item.hidden = query.trim() !== "" && places.length === 0;
      count += line.item.hidden ? 0 : 1;
      line.text.replaceChildren(...marked(line.words, places));
    }
    if (this.lines.length === 0) return;
    this.found.textContent = query.trim() ? this.words.say("found", { count: this.words.digits(count) }) : "";
    if (!query.trim()) this.mark(this.now ?? 0, { isForced: true });
  }

  /** Marks the line that is spoken now, and scrolls to it except during a search. */
  mark(now, { isForced = false } = {}) {
    this.now = now;
    if (!this.isOpen) return;
    const current = this.lines.findLast((line) => line.start <= now + 0.1);
    if (current === this.current && !isForced) return;
    this.current?.button.removeAttribute("aria-current");
    this.current = current;
    current?.button.setAttribute("aria-current", "true");
    if (!current || this.field.value.trim() || this.list.contains(document.activeElement)) return;
    const { list } = this;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Only the list scrolls, not the page.
    const middle = current.item.offsetTop - list.offsetTop - list.clientHeight / 2 + current.item.offsetHeight / 2;
    list.scrollTo({ top: middle, behavior: isCalm ? "auto" : "smooth" });
  }
}

function marked(text, places) {
  const parts = [];
  let last = 0;
  for (const [from, to] of places) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(from, to);
    parts.push(text.slice(last, from), mark);
    last = to;
  }
  return [...parts, text.slice(last)];
}
