// The notes: one text by staff for all. Saving names the edited revision; on a conflict both texts are shown.

import { find, texts } from "./page.js";

export class SharedNotes {
  constructor(notice, connection, tabs) {
    this.saved = { revision: 0, text: "", name: "" };
    this.eventHandlers = {
      "notes.changed": (event) => {
        this.take({ revision: event.seq, text: event.text, name: event.name });
        if (event.id && event.id === this.sent) notice.showBriefly(texts.notesSaved, "good");
        else tabs.markUnseen("notes");
      },
    };
    this.draft = find("notes-draft");
    this.sent = null;
    find("notes-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sent = connection.send("notes.write", { text: this.draft.value, revision: this.saved.revision });
      if (!this.sent) notice.showBriefly(texts.lost, "bad");
    });
    find("notes-take")?.addEventListener("click", () => {
      this.draft.value = this.saved.text;
      this.draw();
      this.draft.focus();
    });
  }

  welcome({ notes }) {
    this.take(notes);
  }

  take(notes) {
    // The server trims what it keeps; a draft that differs by that only is not a draft.
    const isUntouched = this.draft && this.draft.value.trim() === this.saved.text;
    this.saved = notes;
    if (isUntouched || this.draft?.value.trim() === notes.text) this.draft.value = notes.text;
    this.draw();
  }

  draw() {
    const { text, name, revision } = this.saved;
    const shown = find("notes-text");
    if (shown) shown.textContent = text;
    const theirs = find("notes-theirs");
    if (theirs) theirs.hidden = this.draft.value.trim() === text;
    const quiet = find("notes-quiet");
    if (quiet) quiet.hidden = text !== "";
    find("notes-by").textContent = revision ? texts.notesBy.replace("{name}", name) : "";
  }
}
