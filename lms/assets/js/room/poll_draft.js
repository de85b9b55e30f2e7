// The form in which staff write a poll, to open now or later.

import { find, texts } from "./page.js";

export class PollDraft {
  constructor(notice, connection) {
    const draft = find("poll-draft");
    if (!draft) return;
    const { options } = draft.elements;
    const lines = () => options.value.split("\n").map((line) => line.trim()).filter(Boolean);
    draft.addEventListener("input", () => options.setCustomValidity(""));
    draft.addEventListener("click", ({ target }) => {
      const preset = target.closest("[data-preset]");
      if (!preset) return;
      options.value = preset.dataset.preset.split("|").join("\n");
      options.focus();
    });
    draft.addEventListener("submit", (event) => {
      event.preventDefault();
      const { question, multiple, anonymous, results } = draft.elements;
      const texted = lines();
      const isRight = texted.length >= 2 && texted.length <= Number(options.dataset.most);
      options.setCustomValidity(isRight && new Set(texted).size === texted.length ? "" : texts.pollOptions);
      if (!options.reportValidity()) return;
      const facts = {
        question: question.value,
        options: texted.map((text) => text.slice(0, Number(options.dataset.longest))),
        multiple: multiple.checked,
        anonymous: anonymous.checked,
        results: results.value,
      };
      if (!connection.send(event.submitter?.value ?? "poll.prepare", facts)) return notice.show(texts.lost);
      draft.reset();
      find("poll-new").open = false;
      find("poll-new").querySelector("summary").focus();
    });
  }
}
