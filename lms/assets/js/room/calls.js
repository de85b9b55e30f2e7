// "Ask to be called": for those who cannot type. The number itself is fetched on demand, by those who may see it.

import { find, room, texts } from "./page.js";

export class Calls {
  constructor(me, notice, connection, tabs) {
    this.open = new Map();
    this.button = find("call");
    this.notice = notice;
    this.eventHandlers = {
      "call.asked": (event) => {
        // Others receive the event without its author: our own is recognized by the ack.
        if (event.who) {
          this.open.set(event.seq, event);
          tabs.markUnseen("people");
        }
        this.draw();
      },
      "call.closed": (event) => {
        const wasMine = event.of === this.mine;
        this.open.delete(event.of);
        this.draw();
        if (wasMine && !this.isCancelling) notice.showBriefly(texts.callClosed);
      },
    };
    this.button?.addEventListener("click", () => {
      this.isCancelling = this.mine !== undefined;
      this.asked = connection.send(this.isCancelling ? "call.cancel" : "call.ask");
    });
    find("calls-list")?.addEventListener("click", ({ target }) => {
      if (target.closest("[data-show-number]")) this.showNumber(target.closest("[data-seq]"));
    });
  }

  /** The number of our own request, if there is one. */
  get mine() {
    return this.button ? [...this.open.keys()][0] : undefined;
  }

  welcome({ calls }) {
    this.open.clear();
    for (const call of calls) this.open.set(call.seq, call);
    this.draw();
  }

  /** Our own command was acknowledged. */
  answered({ id, seq }) {
    if (!this.button || !this.asked || id !== this.asked) return;
    this.asked = null;
    if (this.isCancelling) this.open.clear();
    else if (seq) {
      this.open.set(seq, { seq });
      this.notice.showBriefly(texts.callAsked, "good");
    }
    this.isCancelling = false;
    this.draw();
  }

  draw() {
    if (this.button) {
      this.button.setAttribute("aria-pressed", this.mine !== undefined);
      find("call-label").textContent = this.mine === undefined ? texts.askCall : texts.cancelCall;
    }
    const list = find("calls-list");
    if (!list) return;
    // A number that is shown stays while others come and go.
    const drawn = new Map([...list.children].map((item) => [Number(item.dataset.seq), item]));
    list.replaceChildren(...[...this.open.values()].map((call) => drawn.get(call.seq) ?? this.item(call)));
    find("calls").hidden = this.open.size === 0;
  }

  item(call) {
    const item = find("call-template").content.firstElementChild.cloneNode(true);
    item.dataset.seq = call.seq;
    item.querySelector("[data-name]").textContent = call.name;
    return item;
  }

  async showNumber(item) {
    let answer;
    try {
      answer = await fetch(room.dataset.callUrl.replace("/0/", `/${item.dataset.seq}/`), {
        method: "POST",
        headers: { "X-CSRFToken": find("write").elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
    } catch {
      return this.notice.showBriefly(texts.lost, "bad");
    }
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    if (!isJson) return this.notice.showBriefly(texts.failed, "bad");
    const { phone, message } = await answer.json();
    if (!phone) return this.notice.showBriefly(message, "bad");
    const link = item.querySelector("[data-number]");
    link.href = `tel:${phone}`;
    link.textContent = phone;
    link.hidden = false;
    item.querySelector("[data-show-number]").remove();
    link.focus();
  }
}
