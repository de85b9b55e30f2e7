// Chat messages: shown at once, kept until the server acknowledges them, redrawn from the server's log.

import { keep, kept } from "./browser_storage.js";
import { clock, find, room, texts } from "./page.js";

const isStaff = "staff" in room.dataset;
const AGAIN_MS = 3000;

export class Chat {
  /** `me` is our key and role from the welcome. */
  constructor(me, connection) {
    this.me = me;
    this.connection = connection;
    this.talk = find("scroll");
    this.list = find("chat");
    this.box = find("text");
    this.muted = new Set();
    // What was sent on this connection and is not answered.
    this.waiting = new Map();
    this.box.value = kept.draft;
    // The message the next one replies to.
    this.replyTo = null;
    this.list.addEventListener("click", ({ target }) => {
      if (target.closest("[data-reply]")) this.startReply(target.closest("[data-seq]"));
      const quote = target.closest("[data-quote-of]");
      if (quote) this.bySeq(quote.dataset.quoteOf)?.scrollIntoView({ block: "center" });
    });
    find("reply-cancel").addEventListener("click", () => {
      this.startReply(null);
      this.box.focus();
    });
    this.box.addEventListener("keydown", ({ key }) => key === "Escape" && this.startReply(null));
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

  bySeq(seq) {
    return this.list.querySelector(`[data-seq="${Number(seq)}"]`);
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
    if (!message.seq) item.querySelector("[data-reply]")?.remove();
    this.drawQuote(item.querySelector("[data-quote]"), message.of);
    // Staff may pin their own messages; they do not moderate themselves.
    if (isOwn) for (const button of item.querySelectorAll("[data-act^='person.']")) button.remove();
    if (isOwn && !message.seq) item.querySelector("[data-more]")?.remove();
    if (message.removed) this.erase(item);
    return item;
  }

  drawQuote(quote, seq) {
    if (!seq) return quote.remove();
    const original = this.bySeq(seq);
    quote.dataset.quoteOf = seq;
    quote.textContent = original ? this.wordsOf(original) : texts.earlier;
  }

  wordsOf(item) {
    if (item.classList.contains("chat-line--removed")) return texts.removed;
    const words = item.querySelector("[data-body]").textContent;
    return `${item.querySelector("[data-name]").textContent}: ${words.length > 80 ? `${words.slice(0, 79)}…` : words}`;
  }

  startReply(item) {
    this.replyTo = item ? Number(item.dataset.seq) : null;
    find("replying").hidden = !item;
    if (!item) return;
    find("replying-name").textContent = item.querySelector("[data-name]").textContent;
    this.box.focus();
  }

  remove(seq) {
    const old = this.bySeq(seq);
    if (old) this.erase(old);
    for (const quote of this.list.querySelectorAll(`[data-quote-of="${Number(seq)}"]`)) quote.textContent = texts.removed;
    if (this.replyTo === seq) this.startReply(null);
  }

  erase(item) {
    item.classList.add("chat-line--removed");
    item.querySelector("[data-body]").textContent = texts.removed;
    item.querySelector("[data-more]")?.remove();
    item.querySelector("[data-reply]")?.remove();
    item.querySelector("[data-quote]")?.remove();
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
    if (this.replyTo) message.replyTo = this.replyTo;
    this.startReply(null);
    kept.unsent.push(message);
    this.setDraft("");
    this.post(message);
  }

  post(message) {
    let item = this.byId(message.id);
    if (!item) {
      item = this.draw({ name: this.me.name ?? "", text: message.text, by: this.me.key, at: message.at, of: message.replyTo });
      item.dataset.id = message.id;
      item.classList.add("chat-line--pending");
      this.list.append(item);
      find("quiet").hidden = true;
      this.goToEnd();
    }
    const isSent = this.connection.send("chat.send", { text: message.text, reply_to: message.replyTo ?? null }, message.id);
    if (isSent) this.waiting.set(message.id, message);
    this.note(item, isSent ? texts.sending : texts.kept);
  }

  postUnsent() {
    for (const message of kept.unsent) this.post(message);
  }

  /** The connection is lost: unanswered messages wait for the next one. */
  hold() {
    this.waiting.clear();
    for (const pending of this.list.querySelectorAll(".chat-line--pending")) this.note(pending, texts.kept);
  }

  acknowledge(id) {
    const message = this.waiting.get(id);
    this.waiting.delete(id);
    if (message) this.forget(message.id);
  }

  /** Returns whether the message will be resent, so that no error is shown. */
  refuse({ id, code, seconds }) {
    const message = this.waiting.get(id);
    this.waiting.delete(id);
    if (!message) return false;
    if (code === "too_fast" || code === "unavailable") {
      setTimeout(() => kept.unsent.includes(message) && this.post(message), AGAIN_MS);
      return true;
    }
    if (code === "slow_mode") {
      const pending = this.byId(message.id);
      if (pending) this.note(pending, texts.turn);
      setTimeout(() => kept.unsent.includes(message) && this.post(message), seconds * 1000);
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

  /** Mark everyone with a message as muted or unmuted. The server refuses to mute staff. */
  muteAll(isMuted) {
    this.muted.clear();
    if (isMuted) for (const item of this.list.querySelectorAll("[data-by]")) this.muted.add(item.dataset.by);
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
