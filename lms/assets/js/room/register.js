// The register, for staff and inspectors: fetched repeatedly while it is visible.

import { find, number, texts } from "./page.js";

const RENEW_MS = 15000;

export class Register {
  constructor() {
    this.eventHandlers = {};
    this.list = find("register");
    if (!this.list) return;
    this.panel = this.list.closest("[data-panel]");
    new MutationObserver(() => this.renew()).observe(this.panel, { attributeFilter: ["hidden"] });
    setInterval(() => this.renew(), RENEW_MS);
  }

  welcome() {
    this.renew();
  }

  async renew() {
    if (!this.list || this.panel.hidden || document.hidden) return;
    let people;
    try {
      const answer = await fetch(this.list.dataset.registerUrl, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      ({ people } = await answer.json());
    } catch {
      return; // Offline: the last numbers stay until the reconnect.
    }
    this.list.replaceChildren(...people.map((person) => this.item(person)));
  }

  item({ name, minutes, held, checks, asked, status, here, plays }) {
    const item = find("register-template").content.firstElementChild.cloneNode(true);
    item.classList.toggle("register__one--here", here);
    item.querySelector("[data-name]").textContent = name;
    item.querySelector("[data-plays]").textContent = here ? plays || texts.here : texts.away;
    const counted = `${number.format(minutes)}/${number.format(held)}`;
    const answered = asked ? ` · ✓ ${number.format(checks)}/${number.format(asked)}` : "";
    item.querySelector("[data-count]").textContent = counted + answered;
    item.querySelector("[data-status]").textContent = status;
    return item;
  }
}
