// What is written: shown at once, kept until the server has it, drawn again from the server's log.

import { keep, kept } from "./kept.js";
import { clock, find, room, texts } from "./page.js";

const isStaff = "staff" in room.dataset;
const AGAIN_MS = 3000;

export class Chat {
  /** `me` is who we are, as the server says. */
  constructor(me, connection) {
    this.me = me;
    this.connection = connection;
    this.talk = find("scroll");
    this.list = find("chat");
    this.box = find("text");
    this.muted = new Set();
    // What was sent on this line and is not answered.
    this.waiting = new Map();
    this.box.value = kept.draft;
  }

  get isAtEnd() {
    return this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 80;
  }

  goToEnd() {
    this.talk.scrollTop = this.talk.scrollHeight;
  }

  byId(id) {
    return this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  fill(messages) {
    this.list.replaceChildren();
    for (const message of messages) this.place(this.draw(message));
  }

  show(message) {
    const mine = message.id && this.byId(message.id);
    if (mine) mine.remove();
    this.place(this.draw(message));
    this.forget(message.id);
  }

  draw(message) {
    const item = find("line-template").content.firstElementChild.cloneNode(true);
    const isOwn = message.by === this.me.key;
    item.classList.toggle("chat-line--own", isOwn);
    item.querySelector("[data-name]").textContent = message.name;
    item.querySelector("[data-body]").textContent = message.text;
    const time = item.querySelector("[data-time]");
    time.dateTime = message.at;
    time.textContent = clock.format(new Date(message.at));
    if (message.seq) {
      item.dataset.seq = message.seq;
      item.dataset.by = message.by;
    }
    if (isOwn) item.querySelector("[data-more]")?.remove();
    if (message.removed) this.erase(item);
    return item;
  }

  remove(seq) {
    const old = this.list.querySelector(`[data-seq="${Number(seq)}"]`);
    if (old) this.erase(old);
  }

  erase(item) {
    item.classList.add("chat-line--removed");
    item.querySelector("[data-body]").textContent = texts.removed;
    item.querySelector("[data-more]")?.remove();
  }

  note(item, text) {
    const state = item.querySelector("[data-note]");
    state.hidden = !text;
    state.textContent = text;
  }

  place(item) {
    this.list.insertBefore(item, this.list.querySelector(".chat-line--pending"));
    find("quiet").hidden = true;
    this.drawMutes();
  }

  // --- Our own ---------------------------------------------------------------------------------------------------

  write(message) {
    kept.unsent.push(message);
    this.setDraft("");
    this.post(message);
  }

  post(message) {
    let item = this.byId(message.id);
    if (!item) {
      item = this.draw({ name: this.me.name ?? "", text: message.text, by: this.me.key, at: message.at });
      item.dataset.id = message.id;
      item.classList.add("chat-line--pending");
      this.list.append(item);
      find("quiet").hidden = true;
      this.goToEnd();
    }
    const isSent = this.connection.send("chat.send", { text: message.text }, message.id);
    if (isSent) this.waiting.set(message.id, message);
    this.note(item, isSent ? texts.sending : texts.kept);
  }

  postUnsent() {
    for (const message of kept.unsent) this.post(message);
  }

  /** The line is gone: what was not answered waits for the next one. */
  hold() {
    this.waiting.clear();
    for (const pending of this.list.querySelectorAll(".chat-line--pending")) this.note(pending, texts.kept);
  }

  acknowledge(id) {
    const message = this.waiting.get(id);
    this.waiting.delete(id);
    if (message) this.forget(message.id);
  }

  /** Returns whether the message will be tried again, so that nothing has to be said. */
  refuse({ id, code }) {
    const message = this.waiting.get(id);
    this.waiting.delete(id);
    if (!message) return false;
    if (code === "too_fast" || code === "unavailable") {
      setTimeout(() => kept.unsent.includes(message) && this.post(message), AGAIN_MS);
      return true;
    }
    this.forget(message.id);
    this.byId(message.id)?.remove();
    if (!this.box.value) this.setDraft(message.text);
    return false;
  }

  forget(id) {
    kept.unsent = kept.unsent.filter((message) => message.id !== id);
    keep();
  }

  setDraft(text) {
    this.box.value = text;
    this.keepDraft();
  }

  keepDraft() {
    kept.draft = this.box.value;
    keep();
  }

  // --- Who may not write ------------------------------------------------------------------------------------------

  setMuted(people) {
    this.muted.clear();
    for (const who of people) this.muted.add(who);
  }

  mute(who, isMuted) {
    this.muted[isMuted ? "add" : "delete"](who);
    this.drawMutes();
  }

  drawMutes() {
    if (!isStaff) return;
    for (const item of this.list.querySelectorAll("[data-by]")) {
      const button = item.querySelector("[data-act='person.mute'], [data-act='person.unmute']");
      if (!button) continue;
      const isMuted = this.muted.has(item.dataset.by);
      button.dataset.act = isMuted ? "person.unmute" : "person.mute";
      button.textContent = isMuted ? texts.unmute : texts.mute;
    }
  }
}
