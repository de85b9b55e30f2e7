// The list of cues: one row each, synchronized with the document without moving the text cursor.

import { marksOf, speed } from "./marks.js";
import { readMoment, showMoment } from "./vtt.js";

export class CueList extends EventTarget {
  /** `say` has the messages of the page, `row` is the template of a cue. */
  constructor(list, row, document_, { say, isChapter, language }) {
    super();
    this.list = list;
    this.row = row;
    this.document = document_;
    this.say = say;
    this.isChapter = isChapter;
    this.language = language;
    this.rows = new Map();
    this.current = null;
    list.addEventListener("focusin", (event) => this.select(idOf(event.target)));
    list.addEventListener("input", (event) => this.take(event));
    list.addEventListener("change", (event) => this.takeTime(event));
    list.addEventListener("click", (event) => this.seek(event));
  }

  take({ target }) {
    if (target.matches("textarea")) this.document.write(idOf(target), target.value);
  }

  takeTime({ target }) {
    if (!target.matches("[data-start], [data-end]")) return;
    const moment = readMoment(target.value);
    target.setAttribute("aria-invalid", String(moment === null));
    if (moment === null) return;
    if ("start" in target.dataset) this.document.setStart(idOf(target), moment);
    else this.document.setEnd(idOf(target), moment);
    target.value = showMoment(moment);
  }

  seek({ target }) {
    if (target.closest("input, textarea")) return;
    const id = idOf(target);
    if (id) this.dispatchEvent(new CustomEvent("seek", { detail: this.document.find(id) }));
    this.select(id);
  }

  select(id) {
    if (!id || id === this.current) return;
    this.rows.get(this.current)?.removeAttribute("aria-current");
    this.current = id;
    this.rows.get(id)?.setAttribute("aria-current", "true");
    this.dispatchEvent(new Event("select"));
  }

  /** Show and focus a cue; with `caret`, at that letter. */
  focus(id, caret) {
    const words = this.rows.get(id)?.querySelector("textarea");
    if (!words) return;
    words.focus({ preventScroll: true });
    if (caret !== undefined) words.setSelectionRange(caret, caret);
    this.reveal(id);
  }

  reveal(id) {
    this.rows.get(id)?.scrollIntoView({ block: "nearest" });
  }

  /** Mark the cue that plays. */
  hear(id) {
    this.list.querySelector("[data-heard]")?.removeAttribute("data-heard");
    this.rows.get(id)?.setAttribute("data-heard", "");
  }

  neighbor(step) {
    const index = this.document.cues.findIndex((cue) => cue.id === this.current);
    return this.document.cues[Math.max(0, index + step)]?.id;
  }

  draw() {
    const { cues } = this.document;
    const ids = new Set(cues.map((cue) => cue.id));
    for (const [id, row] of this.rows) {
      if (!ids.has(id)) {
        row.remove();
        this.rows.delete(id);
      }
    }
    let place = this.list.firstElementChild;
    cues.forEach((cue, index) => {
      const row = this.rows.get(cue.id) ?? this.build(cue.id);
      if (row === place) place = place.nextElementSibling;
      else this.move(row, place);
      this.fill(row, cue, index);
    });
    if (!ids.has(this.current)) {
      this.current = null;
      this.select(cues[0]?.id);
    }
  }

  /** Moving a row blurs its text box. */
  move(row, place) {
    /** @type {any} */
    const { activeElement } = document;
    const focused = row.contains(activeElement) ? activeElement : null;
    this.list.insertBefore(row, place);
    focused?.focus({ preventScroll: true });
  }

  build(id) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    row.dataset.cue = id;
    row.querySelector("textarea").lang = this.language;
    this.rows.set(id, row);
    return row;
  }

  fill(row, cue, index) {
    const marks = marksOf(cue, this.document.cues[index - 1], this.isChapter);
    const drawn = JSON.stringify([index, cue, marks]);
    if (row.drawn === drawn) return;
    row.drawn = drawn;
    row.querySelector("[data-number]").textContent = index + 1;
    setValue(row.querySelector("[data-start]"), showMoment(cue.start));
    setValue(row.querySelector("[data-end]"), showMoment(cue.end));
    const words = row.querySelector("textarea");
    setValue(words, cue.text);
    words.rows = Math.max(1, cue.text.split("\n").length);
    for (const field of row.querySelectorAll("input, textarea")) {
      field.setAttribute("aria-label", `${field.dataset.label} ${index + 1}`);
    }
    this.mark(row, cue, marks);
  }

  mark(row, cue, marks) {
    const box = row.querySelector("[data-marks]");
    box.replaceChildren(
      ...marks.map((mark) => {
        const badge = document.createElement("span");
        badge.className = "cue__mark";
        badge.dataset.mark = mark;
        badge.textContent = this.say[mark].replace("{speed}", Math.round(speed(cue)));
        return badge;
      }),
    );
    row.toggleAttribute("data-marked", marks.length > 0);
  }
}

function setValue(field, value) {
  if (field.value !== value) field.value = value;
}

function idOf(target) {
  return Number(target.closest("[data-cue]")?.dataset.cue) || null;
}
