// Which questions are answered and which are to be looked at again; one question at a time for who prefers it.
//
// What is flagged, and the view, are kept on this device: others do not see them. The page before handing in is told which ones, and keeps nothing of it.

import { FLAGS } from "./forget.js";
import { responseOf } from "./responses.js";

export class Overview {
  /**
   * @param {HTMLFormElement} form
   * @param {Map<number, HTMLElement>} questions by slot
   * @param {string} attempt
   */
  constructor(form, questions, attempt) {
    this.form = form;
    this.questions = questions;
    this.key = `${FLAGS}${attempt}`;
    this.list = form.querySelector(".quiz__places");
    const kept = this.kept();
    this.flagged = new Set(kept.flagged);
    // The page before handing in leads to one.
    const asked = Number(/^#question-(\d+)$/.exec(location.hash)?.[1]) - 1;
    this.current = questions.has(asked) ? asked : Math.min(...questions.keys());
    form.querySelector("[data-views]").hidden = false;
    form.querySelector("[data-one]").addEventListener("click", () => this.showOne(!this.isOne));
    for (const turn of form.querySelectorAll("[data-turn]"))
      turn.addEventListener("click", () => this.go(this.current + Number(turn.dataset.turn)));
    for (const place of this.places())
      place.addEventListener("click", () => this.isOne && this.go(Number(place.dataset.place)));
    for (const [slot, question] of questions) this.prepare(slot, question);
    this.showOne(kept.isOne ?? false);
    this.refresh();
  }

  get isOne() {
    return "one" in this.form.dataset;
  }

  /** @returns {NodeListOf<HTMLElement>} */
  places() {
    return this.form.querySelectorAll("[data-place]");
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  keep() {
    try {
      // Of one test at a time: those of earlier ones go.
      for (const key of Object.keys(localStorage))
        if (key.startsWith(FLAGS) && key !== this.key) localStorage.removeItem(key);
      localStorage.setItem(this.key, JSON.stringify({ flagged: [...this.flagged], isOne: this.isOne }));
    } catch {
      // Forbidden or full: it holds as long as the page is open.
    }
  }

  /** @param {number} slot @param {HTMLElement} question */
  prepare(slot, question) {
    const flag = /** @type {HTMLButtonElement} */ (question.querySelector("[data-flag]"));
    flag.hidden = false;
    flag.addEventListener("click", () => {
      if (!this.flagged.delete(slot)) this.flagged.add(slot);
      this.keep();
      this.refresh();
    });
  }

  /** @param {boolean} isOne */
  showOne(isOne) {
    if (isOne) this.form.dataset.one = "";
    else delete this.form.dataset.one;
    this.form.querySelector("[data-one]").ariaPressed = String(isOne);
    this.form.querySelector("[data-turns]").hidden = !isOne;
    this.keep();
    this.go(this.current, { isQuiet: true });
  }

  /** @param {number} slot @param {{ isQuiet?: boolean }} [how] */
  go(slot, { isQuiet = false } = {}) {
    if (!this.questions.has(slot)) return;
    this.current = slot;
    for (const [other, question] of this.questions) question.toggleAttribute("data-current", other === slot);
    for (const turn of this.form.querySelectorAll("[data-turn]"))
      turn.disabled = !this.questions.has(slot + Number(turn.dataset.turn));
    if (!isQuiet) this.questions.get(slot).focus();
  }

  refresh() {
    const words = this.list.dataset;
    let answered = 0;
    for (const place of this.places()) {
      const slot = Number(place.dataset.place);
      const question = this.questions.get(slot);
      const isAnswered = responseOf(question) !== null;
      const isFlagged = this.flagged.has(slot);
      answered += Number(isAnswered);
      place.toggleAttribute("data-is-answered", isAnswered);
      place.toggleAttribute("data-is-flagged", isFlagged);
      const said = isAnswered ? words.answeredText : words.openText;
      place.querySelector("[data-place-text]").textContent = isFlagged ? words.flaggedText.replace("%1", said) : said;
      question.querySelector("[data-flag]").ariaPressed = String(isFlagged);
    }
    return answered;
  }
}
