// The files of a question: made small, sent in pieces, named by the answer, and taken back.

import { FileNotTaken, numberOf, sendFile } from "./file_upload.js";

const SIDE = 2000;
const MOST_BYTES = 8_000_000;
const SLOWEST_MS = 90_000;
const NO_FILE = "00000000-0000-0000-0000-000000000000";

/** A picture at most 2000 dots long, as JPEG; anything else, and what does not get smaller, as it is. */
async function shrunk(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = "white";
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return small && small.size < file.size ? small : file;
  } catch {
    // No picture that this browser reads: the server says what is wrong with it.
    return file;
  }
}

export class AnswerFiles {
  /**
   * @param {HTMLElement} question
   * @param {object} page
   * @param {() => { epoch: string, token: string }} page.device
   * @param {Intl.NumberFormat} page.numbers
   */
  constructor(question, { device, numbers }) {
    this.question = question;
    this.device = device;
    this.place = question.querySelector("[data-files]");
    this.list = this.place.querySelector("[data-list]");
    this.state = this.place.querySelector("[data-state]");
    this.running = this.place.querySelector("[data-running]");
    this.chooser = this.place.querySelector("input[type=file]");
    this.words = this.place.dataset;
    this.numbers = numbers;
    const locale = numbers.resolvedOptions().locale;
    this.percent = new Intl.NumberFormat(locale, { style: "percent" });
    const stored = JSON.parse(this.place.querySelector("script").textContent);
    this.stored = new Map(stored.map((file) => [file.id, file]));
    this.waiting = [];
    this.isSending = false;
    this.place.querySelector("[data-plain]").hidden = true;
    this.place.querySelector("[data-choose]").hidden = false;
    for (const one of this.list.children) this.prepare(one);
    this.renumber();
    // That a file was chosen is no answer yet.
    this.chooser.addEventListener("input", (event) => event.stopPropagation());
    this.chooser.addEventListener("change", () => this.add([...this.chooser.files]));
    this.running.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
    question.addEventListener("files", (event) => this.show(/** @type {CustomEvent} */ (event).detail ?? []));
  }

  /** What the server said of those that the answer names. */
  get known() {
    return this.named.map((id) => this.stored.get(id)).filter(Boolean);
  }

  get named() {
    return [...this.list.children].map((one) => one.dataset.file);
  }

  say(sentence) {
    if (this.state.textContent !== sentence) this.state.textContent = sentence;
  }

  /** What an answer names that was kept on this device. */
  show(ids) {
    for (const one of [...this.list.children]) if (!ids.includes(one.dataset.file)) one.remove();
    for (const id of ids) if (!this.named.includes(id)) this.append(this.stored.get(id) ?? { id, kind: "picture", size: 0 });
    this.renumber();
  }

  append(file) {
    const one = this.place.querySelector("template").content.firstElementChild.cloneNode(true);
    one.dataset.file = file.id;
    one.querySelector("a").href = this.words.address.replace(NO_FILE, file.id);
    const kind = one.querySelector("[data-kind-text]");
    kind.textContent = kind.dataset[file.kind];
    one.querySelector("[data-size]").textContent = file.size_text ?? "";
    if (file.kind === "picture") {
      const picture = one.querySelector("img");
      picture.src = `${one.querySelector("a").href}?small`;
      picture.hidden = false;
      one.querySelector("svg").remove();
    }
    this.list.append(one);
    this.prepare(one);
    this.renumber();
  }

  prepare(one) {
    const button = one.querySelector("[data-take-back]");
    button.hidden = false;
    button.addEventListener("click", () => {
      one.remove();
      this.renumber();
      this.changed();
      this.say(this.words.isTakenBack);
      this.chooser.focus();
    });
  }

  renumber() {
    [...this.list.children].forEach((one, at) => {
      one.querySelector("[data-number]").textContent = this.numbers.format(at + 1);
      const button = one.querySelector("[data-take-back]");
      button.ariaLabel = `${button.textContent}: ${one.querySelector("a").innerText}`;
    });
  }

  changed() {
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async add(files) {
    this.chooser.value = "";
    this.waiting.push(...files);
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.waiting.length) await this.send(this.waiting.shift());
    } finally {
      this.isSending = false;
      this.running.hidden = true;
    }
  }

  async send(file) {
    if (this.named.length >= Number(this.words.most)) return this.say(this.words.isFull);
    if (!file.size) return this.say(this.words.isEmpty);
    this.say(this.words.isSmall);
    const small = await shrunk(file);
    if (small.size > MOST_BYTES) return this.say(this.words.isTooLarge);
    const address = `${this.words.parts}${await numberOf(small)}/`;
    this.aborter = new AbortController();
    const { signal } = this.aborter;
    const fetched = (url, more) => {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), SLOWEST_MS);
      signal.addEventListener("abort", () => stop.abort(), { once: true });
      const headers = { Accept: "application/json", "X-CSRFToken": this.device().token, ...more.headers };
      return fetch(url, { ...more, headers, signal: stop.signal }).finally(() => clearTimeout(timer));
    };
    this.running.hidden = false;
    try {
      const kept = await sendFile(small, {
        ask: () => fetched(address, {}),
        post: (piece, offset) =>
          fetched(`${address}?epoch=${this.device().epoch}&offset=${offset}&length=${small.size}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: piece }),
        tell: (share, isDown) => this.tell(share, isDown),
        wait: (ms) => pause(ms, signal),
        signal,
      });
      this.stored.set(kept.id, kept);
      if (this.named.includes(kept.id)) return this.say(this.words.isTwice);
      this.append(kept);
      this.changed();
      this.say(this.words.isSent);
    } catch (error) {
      if (signal.aborted) this.say("");
      else if (error instanceof FileNotTaken) this.say(error.message);
      else throw error;
    } finally {
      this.running.hidden = true;
    }
  }

  tell(share, isDown) {
    this.running.querySelector("progress").value = 100 * share;
    // By quarters: a reader of the screen must not be told of each piece.
    this.say(isDown ? this.words.isDown : this.words.isSending.replace("%1", this.percent.format(Math.floor(4 * share) / 4)));
  }

  cancel() {
    this.waiting = [];
    this.aborter?.abort();
  }
}

/** So long, or until the line is back. */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve(undefined);
    };
    const timer = setTimeout(over, ms);
    addEventListener("online", over);
    signal.addEventListener("abort", over, { once: true });
  });
}
