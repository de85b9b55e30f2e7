// Messages among staff; others have neither the tab nor the messages.

import { clock, find } from "./page.js";

export class StaffTalk {
  constructor(connection, tabs) {
    this.list = find("staff-chat");
    this.eventHandlers = {};
    if (!this.list) return;
    this.scroll = find("staff-scroll");
    this.box = find("staff-text");
    // The id of the message that was sent and has not arrived yet.
    this.sent = null;
    this.eventHandlers["staff.said"] = (event) => {
      this.add(event);
      if (event.id && event.id === this.sent) this.box.value = "";
      tabs.markUnseen("staff");
    };
    const form = find("staff-write");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.box.value.trim();
      if (text) this.sent = connection.send("staff.say", { text });
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  welcome({ staff_talk }) {
    if (!this.list) return;
    this.list.replaceChildren();
    for (const message of staff_talk) this.add(message);
  }

  add(message) {
    const item = find("staff-line-template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-name]").textContent = message.name;
    item.querySelector("[data-body]").textContent = message.text;
    const time = item.querySelector("[data-time]");
    time.dateTime = message.at;
    time.textContent = clock.format(new Date(message.at));
    this.list.append(item);
    find("staff-quiet").hidden = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }
}
