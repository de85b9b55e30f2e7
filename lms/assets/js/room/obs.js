// Sending with OBS: the instructor's address for it, and whether its picture arrives.

import { find } from "./page.js";
import { wordsOf } from "./words.js";

const OBS_LOOK_MS = 3000;

export class ObsBox {
  constructor() {
    this.box = find("obs");
    this.eventHandlers = {};
    if (!this.box) return;
    this.words = wordsOf("obs-texts");
    find("obs-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask("renew", { picture: event.target.elements.picture.value });
    });
    find("obs-end").addEventListener("click", () => this.ask("end"));
    find("obs-take").addEventListener("click", () => this.ask("next"));
    find("obs-copy").addEventListener("click", () => this.copy());
    this.box.addEventListener("toggle", () => this.look());
    document.addEventListener("visibilitychange", () => this.look());
  }

  welcome() {
    if (this.box) this.look();
  }

  /** Poll the state while the panel is visible. */
  async look() {
    clearTimeout(this.again);
    if (!this.box.open || document.hidden) return;
    await this.fetched({});
    clearTimeout(this.again);
    this.again = setTimeout(() => this.look(), OBS_LOOK_MS);
  }

  ask(act, facts = {}) {
    const token = find("write").elements.csrfmiddlewaretoken.value;
    return this.fetched({ method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ do: act, ...facts }) });
  }

  async fetched(request) {
    try {
      const answer = await fetch(this.box.dataset.url, { ...request, headers: { Accept: "application/json", ...request.headers } });
      if (!answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
      this.draw(await answer.json());
    } catch {
      this.showMessage(this.words.failed);
    }
  }

  draw({ state, picture, code, message, address }) {
    if (address) find("obs-address").value = address;
    if (state === "off") find("obs-address").value = "";
    find("obs-made").hidden = !find("obs-address").value;
    find("obs-end").hidden = state === "off" || !state;
    find("obs-on").hidden = state !== "sending";
    find("obs-next").hidden = code !== "video_taken";
    if (picture && document.activeElement !== find("obs-form").elements.picture) find("obs-form").elements.picture.value = picture;
    this.showMessage(message || this.words[state] || "");
  }

  showMessage(text) {
    const line = find("obs-state");
    line.hidden = !text;
    if (line.textContent !== text) line.textContent = text;
  }

  async copy() {
    const address = find("obs-address");
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      this.showMessage(this.words.copied);
    } catch {
      // The clipboard API needs a secure origin.
      this.showMessage(this.words.select);
    }
  }
}
