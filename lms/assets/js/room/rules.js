// Rules of the room: slow mode, closed chat, and the switches of staff.

import { find, number, texts } from "./page.js";
import { serverClock } from "./timer.js";

const RULE_NAMES = ["slow_seconds", "trainee_chat", "lobby", "locked"];

export class Rules {
  /** `settle()` updates the message form. */
  constructor(me, connection, settle) {
    this.me = me;
    this.connection = connection;
    this.settle = settle;
    this.now = { slow_seconds: 0, trainee_chat: true };
    // When our last message was acknowledged, by the server's clock.
    this.lastAt = 0;
    this.form = find("rules");
    this.eventHandlers = {
      "rules.changed": (event) => this.change(event),
      chat: (event) => event.by === me.key && this.count(Date.parse(event.at)),
    };
    this.form?.addEventListener("change", ({ target }) => {
      const value = target.type === "checkbox" ? target.checked : Number(target.value);
      // A change that the server refused is reset.
      if (!connection.send("rules.set", { [target.name]: value })) this.fillForm();
    });
    this.form?.addEventListener("submit", (event) => event.preventDefault());
  }

  get isStaff() {
    return this.me.role === "trainer";
  }

  get isClosed() {
    return !this.isStaff && !this.now.trainee_chat;
  }

  get secondsLeft() {
    if (this.isStaff || !this.now.slow_seconds) return 0;
    return Math.max(0, Math.ceil((this.lastAt - serverClock.now()) / 1000 + this.now.slow_seconds));
  }

  welcome({ rules }) {
    this.now = rules;
    this.fillForm();
    this.count(rules.wait ? serverClock.now() + (rules.wait - rules.slow_seconds) * 1000 : 0);
  }

  change(event) {
    for (const name of RULE_NAMES) if (name in event) this.now[name] = event[name];
    this.fillForm();
    this.draw();
  }

  fillForm() {
    if (!this.form) return;
    const select = this.form.elements.slow_seconds;
    const isListed = [...select.options].some((option) => Number(option.value) === this.now.slow_seconds);
    if (!isListed) select.add(new Option(number.format(this.now.slow_seconds), String(this.now.slow_seconds)));
    select.value = this.now.slow_seconds;
    for (const name of RULE_NAMES.slice(1)) this.form.elements[name].checked = this.now[name];
  }

  count(lastAt) {
    this.lastAt = lastAt;
    this.draw();
  }

  draw() {
    clearTimeout(this.ticking);
    const line = find("slow");
    const left = this.secondsLeft;
    if (line) {
      line.hidden = this.isStaff || !this.now.slow_seconds || this.isClosed;
      const text = left ? texts.slowLeft : texts.slow;
      line.textContent = text.replace("{seconds}", number.format(left || this.now.slow_seconds));
    }
    if (left) this.ticking = setTimeout(() => this.draw(), 1000);
    this.settle();
  }
}
