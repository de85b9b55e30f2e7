// "Are you still here?": shown without taking the focus away, answered by one tap or the key P.

import { find, number, texts } from "./page.js";

export class Checks {
  constructor(me, connection, notice) {
    this.me = me;
    this.connection = connection;
    this.notice = notice;
    this.eventHandlers = {
      "check.asked": (event) => event.seq > this.asOf && this.ask(event.seq, event.seconds),
      "room.ended": () => this.close(),
    };
    this.box = find("check");
    this.asOf = 0;
    this.seq = null;
    this.sent = null;
    find("check-answer")?.addEventListener("click", () => this.answer());
    // By physical key, and never while the person types.
    addEventListener("keydown", (event) => {
      const isTyped = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog");
      if (event.code === "KeyP" && !isTyped) this.answer();
    });
  }

  /** The welcome has the open check; a check replayed from the log may be over. */
  welcome({ check, seq }) {
    this.asOf = seq;
    if (check) this.ask(check.seq, check.left);
    else this.close();
  }

  ask(seq, seconds) {
    if (!this.box || this.me.role !== "trainee" || seq === this.answered || seconds <= 0) return;
    if (seq === this.seq) return;
    this.seq = seq;
    this.sent = null;
    this.until = performance.now() + seconds * 1000;
    this.box.hidden = false;
    find("check-answer").disabled = false;
    find("check-said").textContent = texts.check;
    navigator.vibrate?.(200);
    clearInterval(this.counting);
    this.counting = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  tick() {
    const left = Math.ceil((this.until - performance.now()) / 1000);
    find("check-left").textContent = number.format(Math.max(0, left));
    if (left > 0) return;
    this.close();
    this.showMessage(texts.checkMissed, "bad");
  }

  answer() {
    if (this.seq === null) return;
    this.sent = this.connection.send("check.answer", { seq: this.seq });
    // While offline the question stays, and can be answered after the reconnect.
    if (!this.sent) this.showMessage(texts.lost, "bad");
  }

  /** A command was acknowledged: maybe the answer. */
  acknowledge(id) {
    if (!id || id !== this.sent) return;
    this.answered = this.seq;
    this.close();
    this.showMessage(texts.checkTaken, "good");
  }

  /** Returns whether the refused command was the answer. */
  refuse(frame) {
    if (!frame.id || frame.id !== this.sent) return false;
    this.sent = null;
    if (frame.code === "check_over") this.close();
    this.showMessage(frame.message, "bad");
    return true;
  }

  showMessage(text, tone) {
    find("check-said").textContent = text;
    this.notice.showBriefly(text, tone);
  }

  close() {
    clearInterval(this.counting);
    this.seq = this.sent = null;
    if (this.box) this.box.hidden = true;
  }
}
