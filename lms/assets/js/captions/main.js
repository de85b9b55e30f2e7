// The editor of captions. Without this script the page is a form with the file as text.

import { Autosave } from "./autosave.js";
import { Document } from "./document.js";
import { EditorVideo } from "./editor_video.js";
import { actOf } from "./keys.js";
import { CueList } from "./list.js";
import { Replace } from "./replace.js";
import { parse, serialize, showMoment } from "./vtt.js";

const SKIP_SECONDS = 2;

class Editor {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.text = this.form.querySelector("textarea[name=text]");
    this.say = JSON.parse(document.getElementById("captions-say").textContent);
    const parsed = parse(this.text.value);
    this.document = new Document(parsed ?? { header: "WEBVTT", cues: [], tail: [] });
    this.find = (selector) => box.querySelector(selector);
    this.film = new EditorVideo(this.find("video"), box.dataset);
    this.list = new CueList(this.find("[data-cues]"), this.find("[data-row]"), this.document, {
      say: this.say,
      isChapter: box.dataset.kind === "chapters",
      language: box.dataset.language,
    });
    this.replace = new Replace(this.find("[data-replace]"), this.document, this.list, this.say);
    this.isText = !parsed;
    this.autosave = new Autosave({
      url: box.dataset.autosave,
      token: this.form.querySelector("[name=csrfmiddlewaretoken]").value,
      edits: Number(this.form.elements.edits.value),
      read: () => this.read(),
    });
    this.listen();
    this.document.addEventListener("change", () => this.changed());
    this.list.draw();
    this.find("[data-text-place]").append(this.form.querySelector("[data-text-field]"));
    box.hidden = false;
    this.form.dataset.isEditing = "";
    this.showText(this.isText);
    if (!parsed) this.status(this.say.unreadable, "warning");
  }

  /** The current text, from the list or the text view. */
  read() {
    return this.isText ? this.text.value : serialize(this.document.state);
  }

  listen() {
    addEventListener("keydown", (event) => {
      const act = actOf(event);
      if (!act || !this.acts[act]) return;
      // The text view has the browser's own undo.
      if (this.isText && act !== "save") return;
      event.preventDefault();
      this.acts[act]();
    });
    this.box.addEventListener("click", ({ target }) => this.acts[target.closest("[data-act]")?.dataset.act]?.());
    this.text.addEventListener("input", () => this.autosave.soon());
    this.list.addEventListener("seek", ({ detail }) => this.film.seek(detail.start));
    this.film.addEventListener("move", () => this.moved());
    this.autosave.addEventListener("state", ({ detail }) => this.saved(detail));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.find("[data-mine]").addEventListener("click", () => this.keepMine());
    this.find("[data-theirs]").addEventListener("click", () => this.takeTheirs());
    this.find("[data-copy]").addEventListener("click", (event) => {
      event.currentTarget.href = URL.createObjectURL(new Blob([this.read()], { type: "text/vtt" }));
    });
  }

  acts = {
    toggle: () => this.film.toggle(),
    back: () => this.film.skip(-SKIP_SECONDS),
    forward: () => this.film.skip(SKIP_SECONDS),
    playCue: () => this.withCue((cue) => this.film.playCue(cue)),
    setStart: () => this.withCue(({ id }) => this.document.setStart(id, this.film.milliseconds)),
    setEnd: () => this.withCue(({ id }) => this.document.setEnd(id, this.film.milliseconds)),
    split: () => this.withCue((cue) => this.split(cue)),
    join: () => this.withCue(({ id }) => this.document.joinNext(id)),
    insert: () => this.list.focus(this.document.insertAfter(this.list.current, this.film.milliseconds), 0),
    remove: () => this.withCue(({ id }) => this.list.focus(this.document.remove(id))),
    previous: () => this.step(-1),
    next: () => this.step(1),
    find: () => this.replace.toggle(),
    undo: () => this.document.undo(),
    redo: () => this.document.redo(),
    save: () => this.autosave.now(),
    list: () => this.showText(false),
    text: () => this.showText(true),
  };

  withCue(act) {
    const cue = this.document.find(this.list.current);
    if (cue) act(cue);
  }

  step(by) {
    const id = this.list.neighbor(by);
    if (!id) return;
    this.list.focus(id);
    this.withCue((cue) => this.film.seek(cue.start));
  }

  split(cue) {
    const words = this.list.rows.get(cue.id).querySelector("textarea");
    const isTyping = document.activeElement === words;
    const caret = isTyping ? words.selectionStart : Math.ceil(cue.text.length / 2);
    this.list.focus(this.document.split(cue.id, caret, isTyping ? -1 : this.film.milliseconds), 0);
  }

  changed() {
    this.list.draw();
    this.moved();
    this.find("[data-act=undo]").disabled = !this.document.past.length;
    this.find("[data-act=redo]").disabled = !this.document.future.length;
    this.autosave.soon();
  }

  moved() {
    const now = this.film.milliseconds;
    const heard = this.document.cues.find((cue) => cue.start <= now && now < cue.end);
    this.find("[data-clock]").textContent = showMoment(now);
    const preview = this.find("[data-preview]");
    preview.textContent = heard?.text ?? "";
    preview.hidden = !heard;
    this.list.hear(heard?.id);
    if (heard && !this.film.video.paused) this.list.reveal(heard.id);
  }

  showText(isText) {
    if (!isText && this.isText) {
      const parsed = parse(this.text.value);
      if (!parsed) {
        this.status(this.say.unreadable, "warning");
        return;
      }
      this.isText = false;
      if (this.text.value !== serialize(this.document.state)) this.document.load(parsed);
    } else if (isText && !this.isText) {
      this.text.value = serialize(this.document.state);
      this.isText = true;
    }
    this.form.toggleAttribute("data-is-text", isText);
    this.find("[data-act=list]").setAttribute("aria-pressed", String(!isText));
    this.find("[data-act=text]").setAttribute("aria-pressed", String(isText));
  }

  saved({ state, saved, problems, message, edits }) {
    if (state === "conflict") {
      this.find("[data-conflict-said]").textContent = message;
      this.find("[data-conflict]").hidden = false;
      this.theirEdits = edits;
    }
    const text = message ?? this.say[state]?.replace("{time}", saved ?? "") ?? "";
    this.status(text, ["offline", "broken", "refused", "conflict"].includes(state) ? "critical" : "");
    if (problems) this.showProblems(problems);
  }

  showProblems(problems) {
    const box = this.form.querySelector("[data-problems]");
    box.hidden = !problems.length;
    box.querySelector("ul").replaceChildren(
      ...problems.map(({ line, text }) => {
        const item = document.createElement("li");
        item.textContent = this.say.problem.replace("{line}", line).replace("{text}", text);
        return item;
      }),
    );
  }

  status(text, tone) {
    const status = this.find("[data-status]");
    status.textContent = text;
    status.dataset.tone = tone;
  }

  keepMine() {
    this.find("[data-conflict]").hidden = true;
    this.autosave.insist(this.theirEdits);
  }

  takeTheirs() {
    this.autosave.giveUp();
    location.reload();
  }

  /** The form submits the text and the number of its state, after the response to the last save. */
  async submit(event) {
    if (this.isReady) return;
    event.preventDefault();
    await this.autosave.now();
    if (this.autosave.isInConflict) return;
    this.text.value = this.read();
    this.form.elements.edits.value = this.autosave.edits;
    this.autosave.giveUp();
    this.autosave.saved = this.read();
    this.isReady = true;
    // A form cannot be submitted again inside its own submit event.
    setTimeout(() => this.form.requestSubmit(event.submitter));
  }
}

const box = document.querySelector("[data-captions-editor]");
if (box) new Editor(box);
