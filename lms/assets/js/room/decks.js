// The instructor's slides: uploads and their state, the page that is shown, and its text.

import { find, number, texts } from "./page.js";

const LOOK_AGAIN_MS = 2000;

export class Decks {
  constructor(connection, stage) {
    this.connection = connection;
    this.stage = stage;
    this.box = find("decks-box");
    this.eventHandlers = {};
    if (!this.box) return;
    stage.onShown = (event) => this.mark(event);
    stage.onDescribed = (text) => this.offer(text);
    find("deck-form").addEventListener("submit", (event) => this.upload(event));
    find("describe").addEventListener("submit", (event) => this.describe(event));
    find("deck-list").addEventListener("click", ({ target }) => {
      const page = target.closest("[data-page]");
      if (page) connection.send("slides.show", { deck: page.dataset.deck, page: Number(page.dataset.page) });
    });
  }

  welcome() {
    if (this.box) this.look();
  }

  async look() {
    clearTimeout(this.again);
    try {
      const answer = await fetch(this.box.dataset.address, { headers: { Accept: "application/json" } });
      if (answer.ok) this.fill(await answer.json());
    } catch {
      // The next welcome loads it again.
    }
  }

  async upload(event) {
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form);
    const token = find("write").elements.csrfmiddlewaretoken.value;
    this.showMessage(texts.uploading);
    this.complain("");
    try {
      const answer = await fetch(this.box.dataset.address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
      const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (!answer.ok) return this.complain(said?.message ?? texts.upload_failed);
      form.reset();
      this.fill(said);
    } catch {
      this.complain(texts.upload_failed);
    } finally {
      if (!this.isPreparing) this.showMessage("");
    }
  }

  showMessage(text) {
    const state = find("deck-state");
    state.hidden = !text;
    state.textContent = text;
  }

  complain(text) {
    const error = find("deck-error");
    error.hidden = !text;
    error.textContent = text;
  }

  fill({ base, decks }) {
    find("deck-list").replaceChildren(...decks.map((deck) => this.item(deck, base)));
    this.isPreparing = decks.some((deck) => deck.state === "waiting");
    this.showMessage(this.isPreparing ? texts.preparing : "");
    if (this.isPreparing) this.again = setTimeout(() => this.look(), LOOK_AGAIN_MS);
    this.mark(this.stage.shown);
  }

  item(deck, base) {
    const item = find("deck-template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-title]").textContent = deck.title;
    item.querySelector("[data-about]").textContent = { waiting: texts.preparing, refused: deck.why }[deck.state] ?? "";
    const pages = deck.slides.map((slide, index) => this.page(deck.deck, slide, index + 1, base));
    item.querySelector("[data-pages]").append(...pages);
    return item;
  }

  page(deck, slide, page, base) {
    const item = find("page-template").content.firstElementChild.cloneNode(true);
    const button = item.firstElementChild;
    Object.assign(button.dataset, { deck, page });
    item.querySelector("[data-thumb]").src = `${base}/${slide.small}`;
    item.querySelector("[data-number]").textContent = texts.slide_number.replace("{page}", number.format(page));
    return item;
  }

  mark(shown) {
    for (const page of this.box.querySelectorAll("[data-page]")) {
      const isShown = shown?.deck === page.dataset.deck && shown.page === Number(page.dataset.page);
      page.setAttribute("aria-current", isShown);
    }
    find("describe").hidden = shown?.kind !== "slide.shown";
    if (shown) this.offer(shown.text);
  }

  offer(text) {
    const box = find("describe-text");
    if (document.activeElement !== box) box.value = text ?? "";
  }

  describe(event) {
    event.preventDefault();
    const { shown } = this.stage;
    const text = find("describe-text").value;
    if (shown) this.connection.send("slides.describe", { deck: shown.deck, page: shown.page, text });
  }
}
