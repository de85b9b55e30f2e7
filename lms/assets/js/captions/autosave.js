// Saves the draft on the server shortly after every change; shows a failure and tries again.

const PAUSE_MS = 1500;
const FIRST_RETRY_MS = 3000;
const LAST_RETRY_MS = 30_000;

export class Autosave extends EventTarget {
  /** `read` returns the current text. `edits` is the number of the server's state that this page has loaded. */
  constructor({ url, token, edits, read }) {
    super();
    this.url = url;
    this.token = token;
    this.edits = edits;
    this.read = read;
    this.saved = read();
    this.timer = null;
    this.running = null;
    this.retry = FIRST_RETRY_MS;
    this.isInConflict = false;
    addEventListener("online", () => this.isDirty && this.now());
    addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  get isDirty() {
    return this.read() !== this.saved;
  }

  soon(pause = PAUSE_MS) {
    clearTimeout(this.timer);
    if (this.isInConflict || !this.isDirty) return;
    // An error stays visible until the next success.
    if (this.retry === FIRST_RETRY_MS) this.say("waiting");
    this.timer = setTimeout(() => this.now(), Math.max(pause, this.retry - FIRST_RETRY_MS));
  }

  /** Save what is unsaved; resolves after the last response. */
  async now() {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.isDirty || this.isInConflict) return;
    this.running = this.send(this.read());
    try {
      await this.running;
    } finally {
      this.running = null;
    }
    this.soon();
  }

  async send(text) {
    this.say("saving");
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ text, edits: this.edits }),
      });
    } catch {
      this.failed("offline");
      return;
    }
    // The response to an expired login is the login page.
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isData) {
      this.failed("broken");
      return;
    }
    const said = await answer.json();
    if (answer.ok) {
      this.edits = said.edits;
      this.saved = text;
      this.retry = FIRST_RETRY_MS;
      this.say("saved", said);
    } else if (answer.status === 409) {
      this.isInConflict = true;
      this.say("conflict", said);
    } else {
      this.failed("refused", said);
    }
  }

  failed(state, said) {
    this.retry = Math.min(LAST_RETRY_MS, this.retry * 2);
    this.say(state, said);
  }

  /** Overwrite what was saved meanwhile with the text of this page. */
  insist(edits) {
    this.edits = edits;
    this.isInConflict = false;
    return this.now();
  }

  /** Leave without a warning: the text of this page is discarded. */
  giveUp() {
    clearTimeout(this.timer);
    this.saved = this.read();
  }

  say(state, facts = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...facts } }));
  }
}
