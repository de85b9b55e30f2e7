// The stage: a slide as a picture or, by choice or on a slow connection, as text; or a blank board.

import { Ink } from "./ink.js";
import { find, number, room, texts } from "./page.js";
import { Pictures } from "./pictures.js";
import { layOutStage } from "./stage.js";

// How long the stage stays empty before the text is shown, and how long a picture may take.
const BLANK_MS = 1500;
const PICTURE_MS = 12000;
const POINTER_MS = 4000;
const POINTS_APART_MS = 334;
// Estimated bytes of an hour: heartbeats, messages and texts; and slides.
const TEXT_MB = 0.3;
const SLIDES_AN_HOUR = 30;

const withFacts = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

export class Stage {
  constructor(connection, me, ladder) {
    this.ladder = ladder;
    this.connection = connection;
    this.pictures = new Pictures();
    this.part = find("slides");
    this.sheet = find("sheet");
    this.picture = find("slide-picture");
    this.ink = new Ink(connection, this.sheet, me);
    this.shown = null;
    this.asOf = 0;
    this.base = "";
    this.sizes = [];
    // The page number of the presenter is updated.
    this.onShown = (_event) => {};
    this.onDescribed = (_text) => {};
    this.eventHandlers = {
      "slide.shown": (event) => this.isNews(event) && this.show(event),
      "board.shown": (event) => this.isNews(event) && this.show(event),
      "stage.cleared": (event) => this.isNews(event) && this.show(null),
      "slide.described": (event) => this.isNews(event) && event.of === this.shown?.seq && this.describe(event.text),
      "board.drawn": (event) => this.isNews(event) && this.announceDrawing(this.ink.add(event)),
      "board.undone": (event) => this.isNews(event) && this.ink.undo(event),
      "board.cleared": (event) => this.isNews(event) && this.ink.wipe(event.of),
    };
    this.ephemeralHandlers = { pointer: (frame) => this.point(frame) };
    this.listen();
  }

  listen() {
    this.ladder.addListener(() => this.shown && this.load());
    this.showCosts();
    new ResizeObserver(() => this.ink.draw()).observe(this.sheet);
    this.part.addEventListener("click", ({ target }) => {
      const step = target.closest("[data-step]");
      const tool = target.closest("[data-tool]");
      const board = target.closest("[data-board]");
      if (step) this.step(Number(step.dataset.step));
      else if (tool) this.take(tool.dataset.tool);
      else if (board && this.shown) this.connection.send(board.dataset.board, { shown: this.shown.seq });
    });
    if (!("staff" in room.dataset)) return;
    this.sheet.addEventListener("pointermove", (event) => this.sendPointer(event));
    this.sheet.addEventListener("pointerleave", () => this.tool === "point" && this.connection.send("slides.point"));
    addEventListener("keydown", (event) => this.turnByKey(event));
    this.take("point");
  }

  // --- Frames of the server --------------------------------------------------------------------------------------

  /** After a reconnect old events are replayed after a welcome that already includes them. */
  isNews({ seq }) {
    return seq > this.asOf;
  }

  welcome({ seq, stage }) {
    this.asOf = seq;
    this.base = stage.base;
    if (stage.shown?.seq !== this.shown?.seq || !stage.shown) this.show(stage.shown);
    else if (stage.shown.text !== undefined) this.describe(stage.shown.text);
    this.ink.fill(stage.strokes);
  }

  refuse(frame) {
    return this.ink.refuse(frame);
  }

  show(event) {
    this.shown = event;
    this.wanted = event?.page;
    this.isFallen = false;
    this.part.hidden = !event;
    this.part.dataset.kind = event?.kind ?? "";
    this.ink.begin(event?.seq ?? 0);
    find("pointer").hidden = true;
    if (event) this.present(event);
    layOutStage();
    this.onShown(event);
  }

  present(event) {
    const isSlide = event.kind === "slide.shown";
    const [wide, high] = isSlide ? event.size : [16, 9];
    this.sheet.style.setProperty("--ratio", wide / high);
    const place = isSlide ? withFacts(texts.slide_place, this.placeOf(event)) : texts.board;
    find("place").textContent = place;
    this.describe(isSlide ? event.text : texts.board_blank);
    find("stage-says").textContent = isSlide ? `${place}. ${event.text.slice(0, 120)}` : `${place}. ${texts.board_blank}`;
    if (isSlide) this.sizes.push(event.bytes);
    this.showCosts();
    for (const step of this.part.querySelectorAll("[data-step]")) step.disabled = !isSlide || !this.has(event.page + Number(step.dataset.step));
    this.load();
  }

  placeOf({ page, pages }) {
    return { page: number.format(page), pages: number.format(pages) };
  }

  describe(text) {
    if (this.shown) this.shown.text = text;
    find("slide-text").textContent = text || texts.slide_without_text;
    this.onDescribed(text);
  }

  // --- Picture or text -------------------------------------------------------------------------------------------

  get isText() {
    return this.ladder.way === "text";
  }

  addressOf(facts, size) {
    return `${this.base}/${facts[size]}`;
  }

  async load() {
    const { shown } = this;
    clearTimeout(this.blank);
    clearTimeout(this.patience);
    if (shown.kind !== "slide.shown") return this.view(this.isText ? "text" : "board");
    if (this.isText) return this.view("text");
    if (this.pictures.isResting) return this.fall();
    const size = this.pictures.sizeFor(this.sheet.clientWidth || innerWidth);
    // While pictures are late the text is shown at once.
    if (this.pictures.misses) this.view("text", texts.slow_line);
    else {
      this.view("waiting");
      this.blank = setTimeout(() => this.view("text"), BLANK_MS);
    }
    this.patience = setTimeout(() => this.fall(), PICTURE_MS);
    try {
      const url = await this.pictures.show(this.addressOf(shown, size));
      if (this.shown !== shown || this.isText) return;
      this.picture.src = url;
      this.view("picture");
      this.isFallen = false;
      if (shown.next) this.pictures.ahead(this.addressOf(shown.next, size));
    } catch {
      if (this.shown === shown && !this.isText) this.fall();
    } finally {
      if (this.shown === shown) {
        clearTimeout(this.blank);
        clearTimeout(this.patience);
      }
    }
  }

  /** The picture did not arrive in time: the text is shown until one does. */
  fall() {
    if (!this.isFallen) this.pictures.missed();
    this.isFallen = true;
    this.view("text", texts.slow_line);
  }

  view(shows, note = "") {
    this.sheet.dataset.shows = shows;
    this.picture.hidden = shows !== "picture";
    const line = find("stage-note");
    line.hidden = !note;
    line.textContent = note;
    this.ink.draw();
  }

  /** The data of each playback mode in an hour, including slides. */
  showCosts() {
    const size = this.pictures.sizeFor(innerWidth) === "small" ? 0 : 1;
    const mean = this.sizes.reduce((sum, bytes) => sum + bytes[size], 0) / Math.max(1, this.sizes.length);
    const slides = (SLIDES_AN_HOUR * mean) / 1e6;
    for (const option of find("ways").options) {
      const { label, mb, weighs } = option.dataset;
      const all = TEXT_MB + Number(mb) + (option.value === "text" ? 0 : slides);
      const shown = all < 10 ? Math.ceil(all * 10) / 10 : Math.ceil(all);
      option.textContent = `${label} (${withFacts(weighs, { mb: number.format(shown) })})`;
    }
  }

  // --- The instructor -----------------------------------------------------------------------------------------------

  has(page) {
    return this.shown?.kind === "slide.shown" && page >= 1 && page <= this.shown.pages;
  }

  /** Count from the page requested last, so that quick clicks need not wait for the server. */
  step(by) {
    const page = (this.wanted ?? 0) + by;
    if (!this.has(page)) return;
    if (this.connection.send("slides.show", { deck: this.shown.deck, page })) this.wanted = page;
  }

  turnByKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog, [role=tablist]")) return;
    const [next, previous] = document.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const by = { [next]: 1, PageDown: 1, [previous]: -1, PageUp: -1 }[event.key];
    if (!by || this.shown?.kind !== "slide.shown") return;
    event.preventDefault();
    this.step(by);
  }

  take(tool) {
    this.tool = tool;
    this.ink.hold(tool === "point" ? null : Number(tool));
    for (const button of this.part.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", button.dataset.tool === tool);
  }

  sendPointer(event) {
    if (this.tool !== "point" || !this.shown || Date.now() - (this.pointed ?? 0) < POINTS_APART_MS) return;
    this.pointed = Date.now();
    const [x, y] = this.ink.placeOf(event);
    this.connection.send("slides.point", { x, y });
  }

  // --- Ephemeral events -----------------------------------------------------------------------------------------------

  point({ x, y }) {
    const pointer = find("pointer");
    clearTimeout(this.pointerTimer);
    pointer.hidden = x === undefined || !this.shown;
    if (pointer.hidden) return;
    pointer.style.setProperty("--x", x);
    pointer.style.setProperty("--y", y);
    this.pointerTimer = setTimeout(() => (pointer.hidden = true), POINTER_MS);
  }

  announceDrawing(isFirst) {
    if (isFirst) find("stage-says").textContent = texts.drawing;
  }
}
