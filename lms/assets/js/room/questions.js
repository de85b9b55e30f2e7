// Questions to the instructor, most voted first. One's own is kept until the server acknowledges it.

import { arrange } from "./arrange.js";
import { keep, kept, keptList } from "./browser_storage.js";
import { Outbox } from "./outbox.js";
import { find, number, texts } from "./page.js";

export class Questions {
  constructor(me, notice, connection, tabs) {
    this.me = me;
    this.notice = notice;
    this.connection = connection;
    this.tabs = tabs;
    this.questions = new Map();
    this.items = new Map();
    this.list = find("questions");
    this.form = find("question-form");
    this.box = find("question-text");
    this.outbox = new Outbox(connection, keptList("questions"), (entry, code) => this.settle(entry, code));
    this.eventHandlers = {
      "question.asked": (event) => this.asked(event),
      "question.answered": (event) => this.change(event.of, { answered: true }),
      "question.dismissed": (event) => this.drop(event.of),
    };
    this.ephemeralHandlers = {
      "question.votes": ({ votes }) => {
        for (const [seq, count] of Object.entries(votes)) this.change(Number(seq), { votes: count });
      },
    };
    this.list.addEventListener("click", ({ target }) => this.act(target.closest("[data-question-act]")));
    this.form?.addEventListener("submit", (event) => this.ask(event));
    this.box?.addEventListener("input", () => this.keepQuestion());
    this.box?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    if (this.box) this.box.value = kept.question ?? "";
  }

  welcome({ questions }) {
    this.questions.clear();
    this.items.clear();
    for (const question of questions) this.questions.set(question.seq, question);
    this.draw();
    this.outbox.postAll();
  }

  acknowledge(id) {
    this.outbox.acknowledge(id);
  }

  refuse(frame) {
    return this.outbox.refuse(frame);
  }

  lost() {
    this.draw();
  }

  // --- Frames of the server ----------------------------------------------------------------------------------------

  asked({ seq, id, by, name, text, removed }) {
    if (id) this.outbox.take(id);
    if (removed) return this.draw();
    if (!this.questions.has(seq)) this.questions.set(seq, { seq, by, name, text, votes: 1, voted: false, answered: false });
    this.tabs.markUnseen("questions");
    this.draw();
  }

  change(seq, news) {
    const question = this.questions.get(seq);
    if (!question) return;
    Object.assign(question, news);
    this.draw();
  }

  drop(seq) {
    this.questions.delete(seq);
    this.draw();
  }

  settle({ type, facts }, code) {
    if (type === "question.ask") {
      if (code && !this.box.value) this.box.value = facts.text;
      this.keepQuestion();
    } else if (!code) this.change(facts.seq, { voted: type === "question.vote" });
    this.draw();
  }

  // --- Input ----------------------------------------------------------------------------------------

  ask(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    this.outbox.put("question.ask", { text });
    this.box.value = "";
    this.keepQuestion();
    this.draw();
    this.box.focus();
  }

  keepQuestion() {
    kept.question = this.box.value;
    keep();
  }

  act(button) {
    if (!button) return;
    const seq = Number(button.closest("[data-question]").dataset.question);
    if (button.dataset.questionAct !== "question.vote") {
      if (!this.connection.send(button.dataset.questionAct, { seq })) this.notice.show(texts.lost);
      return;
    }
    this.outbox.replace((entry) => entry.facts.seq === seq);
    this.outbox.put(this.isWanted(this.questions.get(seq)) ? "question.unvote" : "question.vote", { seq });
    this.draw();
  }

  /** The state with pending commands applied. */
  isWanted(question) {
    const waiting = this.outbox.entries.find((entry) => entry.facts.seq === question.seq);
    return waiting ? waiting.type === "question.vote" : question.voted;
  }

  // --- Drawing -----------------------------------------------------------------------------------------------------

  draw() {
    const asked = [...this.questions.values()].sort(
      (one, other) => one.answered - other.answered || other.votes - one.votes || one.seq - other.seq,
    );
    const unsent = this.outbox.entries.filter((entry) => entry.type === "question.ask");
    const items = [...asked.map((question) => this.item(question)), ...unsent.map((entry) => this.unsent(entry))];
    arrange(this.list, items);
    find("questions-quiet").hidden = items.length > 0;
  }

  blank(name, text) {
    const item = find("question-template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-question-name]").textContent = name;
    item.querySelector("[data-question-body]").textContent = text;
    return item;
  }

  item(question) {
    if (!this.items.has(question.seq)) this.items.set(question.seq, this.blank(question.name, question.text));
    const item = this.items.get(question.seq);
    item.dataset.question = question.seq;
    item.classList.toggle("question--answered", question.answered);
    item.querySelector("[data-question-answered]").hidden = !question.answered;
    item.querySelector("[data-question-votes]").textContent = number.format(question.votes);
    for (const button of item.querySelectorAll("[data-question-act]")) {
      const isWish = button.dataset.questionAct === "question.vote";
      button.hidden = question.answered || (isWish && question.by === this.me.key);
      if (isWish) button.setAttribute("aria-pressed", this.isWanted(question));
    }
    return item;
  }

  unsent({ facts }) {
    const item = this.blank(this.me.name ?? "", facts.text);
    for (const part of item.querySelectorAll("[data-question-act], [data-question-wanted]")) part.hidden = true;
    const note = item.querySelector("[data-question-note]");
    note.hidden = false;
    note.textContent = this.connection.isOpen ? texts.sending : texts.kept;
    return item;
  }
}
