// Resumable uploads: tus-js-client sends the bytes, and the server lists unfinished uploads for any browser.

import { Upload } from "tus-js-client";

const root = document.querySelector("[data-uploader]");
const find = (name) => root.querySelector(`[data-${name}]`);
const language = document.documentElement.lang;
const locale = `${language}-u-nu-${root.dataset.numbering}`;
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const texts = Object.fromEntries(
  [...find("texts").content.querySelectorAll("[data-text]")].map((span) => [span.dataset.text, span.textContent]),
);

const CHUNK_BYTES = 8 * 1024 * 1024;
// Retry delays: growing for a minute, then twice a minute for a day, as long as the server keeps the upload.
const PAUSES = [500, 1000, 3000, 5000, 10_000, 20_000, ...Array(2880).fill(30_000)];
const SILENCE = 30_000;
const STEP = 25;
const rows = [];

function say(name, facts = {}) {
  return Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, value), texts[name]);
}

function csrf() {
  // From the cookie, which a new login in another tab changes.
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? root.querySelector("[name=csrfmiddlewaretoken]").value;
}

// A hash of the beginning and the end of a file, to tell files of equal size apart. cyrb53 is enough to warn of a mix-up.
async function fingerprint(file) {
  const ends = [file.slice(0, 65_536), file.slice(Math.max(0, file.size - 65_536))];
  let [h1, h2] = [0xdeadbeef, 0x41c6ce57];
  for (const end of ends) {
    for (const byte of new Uint8Array(await end.arrayBuffer())) {
      h1 = Math.imul(h1 ^ byte, 2654435761);
      h2 = Math.imul(h2 ^ byte, 1597334677);
    }
  }
  return `${file.size.toString(36)}-${(h2 >>> 0).toString(16)}${(h1 >>> 0).toString(16)}`;
}

async function ask(url, method) {
  const headers = { "X-CSRFToken": csrf(), "Accept-Language": language };
  if (method === "DELETE") {
    headers["Tus-Resumable"] = "1.0.0";
  }
  return fetch(url, { method, headers, credentials: "same-origin" });
}

class Row {
  constructor(facts, file = null) {
    this.facts = facts;
    this.file = file;
    this.state = file ? "waiting" : facts.state;
    this.upload = null;
    this.note = "";
    this.told = 0;
    this.moments = [];
    this.element = find("row").content.firstElementChild.cloneNode(true);
    this.part = Object.fromEntries([...this.element.querySelectorAll("[data-of]")].map((part) => [part.dataset.of, part]));
    this.element.addEventListener("click", ({ target }) => this.do(target.closest("[data-do]")?.dataset.do));
    this.part.again.addEventListener("change", ({ target }) => this.chosenAgain(target.files[0]));
    rows.unshift(this);
    find("list").prepend(this.element);
    this.show();
  }

  do(verb) {
    const verbs = { pause: this.pause, resume: this.resume, cancel: this.cancel, keep: this.keep, hide: this.remove };
    verbs[verb]?.call(this);
  }

  become(state, note = "") {
    const isNew = state !== this.state;
    this.state = state;
    this.note = note;
    this.show();
    if (isNew) {
      announce(say("state", { title: this.facts.title, state: note || this.label }));
    }
  }

  get label() {
    return texts[this.state === "receiving" ? "missing" : this.state] ?? this.facts.label;
  }

  show() {
    const { facts, part, state } = this;
    part.title.textContent = facts.title;
    part.name.textContent = facts.name;
    part.label.textContent = this.label;
    part.bar.value = facts.length ? (100 * facts.offset) / facts.length : 0;
    part.bar.hidden = ["done", "duplicate", "refused"].includes(state);
    part.bytes.hidden = part.bar.hidden;
    part.bytes.textContent = say("bytes", { sent: tenths.format(facts.offset / 1e6), total: tenths.format(facts.length / 1e6) });
    const rate = state === "sending" ? this.rate : 0;
    part.speed.textContent = rate ? (rate < 1e6 ? say("kilobytes", { rate: whole.format(rate / 1e3) }) : say("megabytes", { rate: tenths.format(rate / 1e6) })) : "";
    part.left.textContent = rate ? timeLeft((facts.length - facts.offset) / rate) : "";
    const note = { receiving: this.note || texts.again, duplicate: texts.alike, refused: this.note || facts.refusal }[state] ?? this.note;
    part.note.textContent = note;
    part.note.hidden = !note;
    part.alike.replaceChildren(...(state === "duplicate" ? facts.alike.map(linkTo) : []));
    part.alike.hidden = state !== "duplicate";
    const shown = {
      choose: state === "receiving",
      pause: state === "sending" || state === "waiting",
      resume: state === "paused" || state === "broken",
      cancel: ["receiving", "waiting", "sending", "paused", "broken", "duplicate"].includes(state),
      keep: state === "duplicate",
      open: state === "done",
      hide: state === "done" || state === "refused",
    };
    for (const button of this.element.querySelectorAll("[data-do]")) {
      button.hidden = !shown[button.dataset.do];
      if (button.dataset.do === "open") {
        button.href = facts.video_url;
      }
    }
  }

  // Bytes a second over the last ten seconds.
  get rate() {
    const [first, last] = [this.moments[0], this.moments.at(-1)];
    const seconds = last ? (last.at - first.at) / 1000 : 0;
    return seconds > 0.5 ? (last.sent - first.sent) / seconds : 0;
  }

  start() {
    this.become("sending");
    this.heardAt = Date.now();
    if (this.isAnnouncing) {
      return;
    }
    this.isAnnouncing = !this.facts.url;
    this.upload = new Upload(this.file, {
      endpoint: root.dataset.endpoint,
      uploadUrl: this.facts.url || null,
      chunkSize: CHUNK_BYTES,
      retryDelays: PAUSES,
      storeFingerprintForResuming: false,
      metadata: { filename: this.file.name, title: this.facts.title, center: find("center").value, fingerprint: this.facts.fingerprint },
      onBeforeRequest: (request) => {
        request.setHeader("X-CSRFToken", csrf());
        request.setHeader("Accept-Language", language);
      },
      onUploadUrlAvailable: () => this.announced(),
      onShouldRetry: ({ originalResponse }) => {
        const status = originalResponse?.getStatus() ?? 0;
        const isPassing = status === 0 || status === 409 || (status >= 500 && (status !== 507 || Boolean(this.facts.url)));
        return isPassing && this.state === "sending";
      },
      onProgress: (sent) => this.progress(sent),
      onSuccess: () => this.sent(),
      onError: (error) => this.failed(error),
    });
    this.upload.start();
  }

  // Paused or canceled while the upload was being created: only now is there an address to pause or to delete.
  announced() {
    this.isAnnouncing = false;
    this.facts.url = new URL(this.upload.url, location.href).pathname;
    if (this.isCanceled) {
      ask(this.facts.url, "DELETE").catch(() => null);
    }
    if (this.isCanceled || this.state !== "sending") {
      this.upload.abort();
    }
  }

  progress(sent) {
    this.heardAt = Date.now();
    this.moments.push({ at: this.heardAt, sent });
    this.moments = this.moments.filter(({ at, sent: then }) => at > this.heardAt - 10_000 && then <= sent);
    this.facts.offset = sent;
    this.show();
    const percent = (100 * sent) / this.facts.length;
    if (percent >= this.told + STEP) {
      this.told = percent - (percent % STEP);
      announce(say("step", { title: this.facts.title, percent: percents.format(this.told / 100) }));
    }
  }

  sent() {
    this.facts.offset = this.facts.length;
    this.become("checking");
    pump();
    follow();
  }

  failed(error) {
    this.isAnnouncing = false;
    if (this.state !== "sending") {
      return;
    }
    const response = error.originalResponse;
    const status = response?.getStatus() ?? 0;
    if (status === 401 || (status === 403 && this.facts.url)) {
      this.become("broken", texts.login);
    } else if (status >= 400 && status < 500 && status !== 409) {
      this.become("refused", response.getBody() || texts.trouble);
    } else {
      this.become("broken", response?.getBody() || texts.trouble);
    }
    pump();
  }

  // Back online, or no data for long: a new request, from the server's offset.
  async again() {
    if (this.state === "sending" && this.upload?.url) {
      this.heardAt = Date.now();
      this.moments = [];
      await this.upload.abort();
      this.upload.start();
    }
  }

  async pause() {
    const wasSending = this.state === "sending";
    this.moments = [];
    this.become("paused");
    if (wasSending) {
      await this.rest();
      pump();
    }
  }

  resume() {
    this.become("waiting");
    pump();
  }

  // A creation request is not aborted: the server would keep the upload, and the next try would create another.
  async rest() {
    if (!this.isAnnouncing) {
      await this.upload?.abort();
    }
  }

  async cancel() {
    this.isCanceled = true;
    await this.rest();
    if (this.facts.url) {
      await ask(this.facts.url, "DELETE").catch(() => null);
    }
    this.remove();
    pump();
  }

  async keep() {
    await ask(this.facts.keep_url, "POST");
    this.become("checking");
    follow();
  }

  remove() {
    this.element.remove();
    rows.splice(rows.indexOf(this), 1);
  }

  async chosenAgain(file) {
    if (!file) {
      return;
    }
    if (!(await this.isOf(file))) {
      this.become("receiving", texts.other);
      return;
    }
    this.file = file;
    this.resume();
  }

  async isOf(file) {
    return file.size === this.facts.length && (!this.facts.fingerprint || this.facts.fingerprint === (await fingerprint(file)));
  }
}

function linkTo({ title, url }) {
  const [item, link] = [document.createElement("li"), document.createElement("a")];
  link.href = url;
  link.textContent = title;
  item.append(link);
  return item;
}

function timeLeft(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) {
    return texts.seconds;
  }
  return minutes < 60
    ? say("minutes", { minutes: whole.format(minutes) })
    : say("hours", { hours: whole.format(Math.floor(minutes / 60)), minutes: whole.format(minutes % 60) });
}

function announce(text) {
  find("said").textContent = text;
}

// One at a time: two would share a slow connection and both end later.
function pump() {
  if (!rows.some(({ state }) => state === "sending")) {
    rows.findLast(({ state }) => state === "waiting")?.start();
  }
}

async function add(files) {
  const title = find("title-field").value.trim();
  for (const file of files) {
    const unfinished = [];
    for (const row of rows.filter(({ state }) => state === "receiving")) {
      if (await row.isOf(file)) {
        unfinished.push(row);
      }
    }
    if (unfinished.length) {
      unfinished[0].chosenAgain(file);
      continue;
    }
    const own = files.length === 1 && title ? title : file.name.replace(/\.[^.]+$/, "") || file.name;
    new Row({ title: own, name: file.name, length: file.size, offset: 0, fingerprint: await fingerprint(file), url: "", alike: [] }, file);
  }
  find("title-field").value = "";
  pump();
}

// The server's state: uploads of other browsers, and the results of whole ones.
async function refresh() {
  const answer = await fetch(root.dataset.stateUrl, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    return;
  }
  const { uploads } = await answer.json();
  for (const facts of uploads.reverse()) {
    const row = rows.find(({ facts: { url } }) => url === facts.url);
    // Unknown while an upload is being created: it may be the same one.
    if (!row && !rows.some(({ isAnnouncing }) => isAnnouncing)) {
      new Row(facts);
    } else if (row && (row.state === "checking" || !row.file)) {
      row.facts = facts;
      if (row.state !== facts.state) {
        row.become(facts.state);
      }
    }
  }
}

let following = null;
function follow() {
  following ??= setInterval(async () => {
    await refresh();
    if (!rows.some(({ state }) => state === "checking")) {
      clearInterval(following);
      following = null;
    }
  }, 2000);
}

function showLine() {
  find("offline").hidden = navigator.onLine;
}

addEventListener("online", () => {
  showLine();
  rows.forEach((row) => row.again());
});
addEventListener("offline", showLine);
setInterval(() => {
  for (const row of rows.filter(({ state }) => state === "sending")) {
    if (navigator.onLine && Date.now() - row.heardAt > SILENCE) {
      row.again();
    }
  }
}, 5000);
addEventListener("beforeunload", (event) => {
  if (rows.some(({ state }) => state === "sending" || state === "waiting")) {
    event.preventDefault();
  }
});

const zone = find("zone");
for (const [type, isOver] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
  zone.addEventListener(type, () => zone.classList.toggle("is-over", isOver));
}
find("files").addEventListener("change", ({ target }) => {
  // A copy: emptying the field, so that the same file can be chosen again, empties its list.
  const files = [...target.files];
  target.value = "";
  add(files);
});

document.querySelector("[data-plain-upload]")?.setAttribute("hidden", "");
root.hidden = false;
showLine();
await refresh();
follow();
root.dataset.ready = "";
