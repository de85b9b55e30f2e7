// What was typed on this device and did not arrive, or in whose place a later answer of another device counts: it is read, copied and removed.

import { wordsOf } from "./responses.js";
import { ASIDE } from "./waiting.js";

/**
 * @param {HTMLFormElement} form
 * @param {Map<number, HTMLElement>} questions
 * @param {DOMStringMap} words of the buttons
 * @param {(slot: number, note: string) => void} mark
 */
export function unsentTextOf(form, questions, words, mark) {
  /** The field of a text that grows. @param {number} slot @returns {HTMLTextAreaElement | null | undefined} */
  const field = (slot) => questions.get(slot)?.querySelector("textarea[name]");

  /** @param {number} slot @param {HTMLTextAreaElement} text */
  function copyButton(slot, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary";
    button.textContent = words.copy;
    button.addEventListener("click", () => {
      text.select();
      // Also over HTTP without TLS, where there is no other way. What stays selected can be copied by hand.
      if (!document.execCommand("copy")) return;
      mark(slot, words.copied);
      questions.get(slot).querySelector("[data-note]").dataset.fine = "";
    });
    return button;
  }

  /** @param {number} slot */
  function offer(slot) {
    const text = field(slot);
    if (text?.value) text.after(copyButton(slot, text));
  }

  /** Show below its question what was set aside. @param {import("./waiting.js").Change} change @param {import("./sender.js").Store} waiting */
  async function show({ slot, seq, response }, waiting) {
    const question = questions.get(slot);
    const typed = wordsOf(question, response);
    if (!typed) return waiting.remove(ASIDE, [seq]);
    const box = form.querySelector("[data-set-aside]").content.firstElementChild.cloneNode(true);
    const text = box.querySelector("textarea");
    text.value = typed;
    const button = box.querySelector("button");
    button.before(copyButton(slot, text));
    button.addEventListener("click", async () => {
      await waiting.remove(ASIDE, [seq]);
      box.remove();
      question.focus();
    });
    question.querySelector("[data-note]").after(box);
  }

  return { field, offer, show };
}
