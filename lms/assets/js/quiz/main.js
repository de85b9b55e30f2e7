// The page of a quiz: keeps each answer on this device, saves it on the server, and says which of both has happened.

import { AnswerFiles } from "./files.js";
import { Kept } from "./kept.js";
import { Overview } from "./overview.js";
import { isReached } from "./reached.js";
import { responseOf, showResponse, wasAnsweredEarly } from "./responses.js";
import { Line, Sender } from "./sender.js";
import { TimeLeft, clock } from "./time_left.js";
import { unsentTextOf } from "./unsent_text.js";
import { Waiting } from "./waiting.js";
import { pauseOf, wordsIn } from "./words.js";

const TYPING_MS = 800;
const SETTLED_MS = 10_000;
const ASK_EVERY_MS = 15_000;
// Of a fetch that outlives its page, by the Fetch standard; less for what else the page sends.
const MOST_KEPT_ALIVE = 50_000;
const SLOWEST_MS = 20_000;
// Not all at once when the time of a room is over.
const AFTER_THE_END_MS = [3000, 9000];
const TRIED_AGAIN_MS = 5000;
const LOG_OUT_MS = 3000;

// As it was sent: what follows changes it. It is read, and no text becomes markup.
// eslint-disable-next-line no-restricted-properties
const html = `<!doctype html>\n${document.documentElement.outerHTML}`;
// Of a page that the worker showed, because there is no connection.
const isKept = "kept" in document.documentElement.dataset;
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-quiz]"));
const { quiz: attempt, changes: changesUrl, state: stateUrl, goOn: goOnUrl, worker } = form.dataset;
const device = JSON.parse(document.getElementById("attempt-device").textContent);
const questions = new Map([...form.querySelectorAll("[data-slot]")].map((one) => [Number(one.dataset.slot), one]));
const said = form.querySelector("[data-saved]");
const elsewhere = form.querySelector("[data-elsewhere]");
const unsent = unsentTextOf(form, questions, elsewhere.dataset, mark);
const named = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${form.dataset.numbering}`);
const plurals = new Intl.PluralRules(document.documentElement.lang);
let heardAt = performance.now();
let isLeaving = false;
// Another device goes on, or has handed it in: this page is read and copied, until the person leaves it.
let isStopped = false;

function post(address, body) {
  const text = JSON.stringify(body);
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": named("csrfmiddlewaretoken").value },
    body: text,
    keepalive: text.length < MOST_KEPT_ALIVE,
    signal: AbortSignal.timeout(SLOWEST_MS),
  });
}

/** A sentence with a number, in the form that the language asks for: data-waiting-one, data-waiting-few ... */
function counted(name, count, { dataset } = said) {
  const form_of = plurals.select(count);
  const sentence = dataset[`${name}${form_of[0].toUpperCase()}${form_of.slice(1)}`] ?? dataset[`${name}Other`];
  return sentence.replace("%", numbers.format(count));
}

/** Not twice: readers of screens would say it again. */
function say(sentence) {
  if (said.textContent !== sentence) said.textContent = sentence;
}

/** While a long text is written one sentence stays, which is true of it: a receipt every few seconds would be told each time. */
let grownAt = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;
const isGrowing = () => performance.now() - grownAt < SETTLED_MS;

function mark(slot, sentence) {
  const place = questions.get(slot)?.querySelector("[data-note]");
  if (place) place.textContent = sentence;
}

const timeLeft = new TimeLeft({
  show(left_ms) {
    const two = new Intl.NumberFormat(numbers.resolvedOptions().locale, { minimumIntegerDigits: 2 });
    form.querySelector("[data-left]").textContent = clock(left_ms).map((part) => two.format(part)).join(":");
  },
  warn(minutes) {
    const place = form.querySelector("[data-warning]");
    place.textContent = minutes === null ? "" : place.dataset[`in${minutes}`];
  },
  added(minutes) {
    const place = form.querySelector("[data-added]");
    const data = place.dataset;
    // All that was added, as the page says it when it is loaded again.
    data.given = Number(data.given) + minutes * 60;
    data.closes = Number(data.closes) + minutes * 60;
    // By the clock of the ministry: that of the phone may be wrong.
    const times = new Intl.DateTimeFormat(numbers.resolvedOptions().locale, { hour: "numeric", minute: "2-digit", hour12: true, timeZone: data.zone });
    place.textContent = counted("added", Math.round(data.given / 60), place).replace("@", times.format(new Date(data.closes * 1000)));
  },
  async over() {
    if (isStopped) return;
    const warning = form.querySelector("[data-warning]");
    warning.textContent = warning.dataset.over;
    for (const question of questions.values()) question.disabled = true;
    if (!(await sender.send()) && sender.line === Line.DOWN) warning.textContent = warning.dataset.overWaits;
    const [least, most] = AFTER_THE_END_MS;
    setTimeout(leave, least + Math.random() * (most - least));
  },
});

/** Once the site answers: without a connection the browser would put its own page in place of this one. */
async function leave() {
  if (isLeaving || isStopped) return;
  isLeaving = true;
  while (!(await isReached(location.pathname))) await new Promise((resolve) => setTimeout(resolve, TRIED_AGAIN_MS));
  // What was said to be sent once the line is back: the next page sends nothing.
  await sender.send();
  if (!isStopped) location.replace(location.pathname);
}

/** @param {import("./sender.js").News} news */
function tell({ line, waiting, left_ms, unreadable, full, overtaken = [], lost = [] }) {
  if (left_ms !== undefined) {
    heardAt = performance.now();
    timeLeft.set(left_ms);
    kept.keepDevice(device, endOf(left_ms));
  }
  if (unreadable !== undefined) mark(unreadable, said.dataset.isUnreadable);
  for (const slot of overtaken) mark(slot, said.dataset.isOvertaken);
  if (line === Line.ELSEWHERE) void stop();
  if (line === Line.OVER) {
    void kept.clear();
    if (lost.some((slot) => unsent.field(slot))) void stop(lost);
    else leave();
  }
  if (line === Line.LOGIN) say(`${said.dataset.isLoggedOut} ${counted("waiting", waiting)}`);
  else if (full) say(full);
  else if (line === Line.OPEN && isGrowing()) say(said.dataset.isGrowing);
  else if (waiting) say(counted("waiting", waiting));
  else if (left_ms !== undefined) say(said.dataset.isSaved);
}

/** Here nothing is changed any more. What did not arrive can be copied. @param {number[]} [lost] what was handed in without: then nothing can go on here */
async function stop(lost) {
  if (isStopped) return;
  isStopped = true;
  elsewhere.hidden = false;
  if (lost) {
    elsewhere.querySelector("p").textContent = elsewhere.dataset.over;
    elsewhere.querySelector("button").textContent = elsewhere.dataset.result;
    say("");
  }
  for (const one of form.querySelectorAll("[data-slot] :is(input, select, textarea, button:not([data-flag], [data-aside] *)), [type=submit]")) {
    if (one.matches("textarea, [type=text]")) one.readOnly = true;
    else one.disabled = true;
  }
  // Once the bar has its place: with this in it, it goes with the page of a phone.
  requestAnimationFrame(() => requestAnimationFrame(() => elsewhere.scrollIntoView({ block: "nearest" })));
  await ready;
  const waiting = (await sender.waiting.all()).map(({ slot }) => slot);
  for (const slot of new Set([...(lost ?? []), ...waiting, ...unchanged.keys()])) unsent.offer(slot);
}

/** Once nothing was written for a while: whether all of it is saved. */
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => void sender.send().then((isEmpty) => isEmpty && say(said.dataset.isSaved)), SETTLED_MS);
}

/** How many words an essay has. Readers of screens are told when they come to its field, not at each letter. */
function countWords(question) {
  const place = question.querySelector("[data-words]");
  if (place) place.textContent = counted("words", wordsIn(question.querySelector("textarea").value), place);
}

const overview = new Overview(form, questions, attempt);

/** How many are answered, in the words of the page. */
function count() {
  const place = form.querySelector("[data-answered]");
  const all = numbers.format(questions.size);
  place.textContent = place.dataset.sentence.replace("%1", numbers.format(overview.refresh())).replace("%2", all);
}

const kept = await Kept.of(attempt);

/** By the clock of this device, which is good enough to show. @param {number | null} left_ms */
function endOf(left_ms) {
  return left_ms === null ? null : Date.now() + left_ms;
}

if (isKept) {
  const before = await kept.device();
  if (before) Object.assign(device, before.device, { left_ms: before.until === null ? null : Math.max(0, before.until - Date.now()) });
  named("epoch").value = device.epoch;
}

const sender = new Sender({
  waiting: await Waiting.of(attempt),
  device,
  post: (changes) => post(changesUrl, changes),
  tell,
});

/** Another device had the attempt: from here on this one saves. */
async function takeOver() {
  const answer = await post(goOnUrl, {});
  if (!answer.ok) return leave();
  const told = await answer.json();
  named("epoch").value = told.epoch;
  return told;
}

async function start() {
  try {
    if (device.is_elsewhere) await sender.stop(Line.ELSEWHERE);
    // None has it yet.
    else if (!device.is_holder) Object.assign(device, await takeOver(), { is_holder: true });
  } catch {
    // No connection. What is answered meanwhile waits, and is sent once the person goes on here.
  }
  const early = new Map([...questions].filter(([, question]) => wasAnsweredEarly(question)));
  const show = (slot, response) => early.has(slot) || showResponse(questions.get(slot), response);
  // A page that the server sent has what is saved: only what is not among the changes yet is newer.
  const before = (await kept.answers()).filter(({ seq }) => isKept || seq === 0);
  device.next_seq = Math.max(device.next_seq, ...before.filter(({ epoch }) => epoch === device.epoch).map(({ seq }) => seq + 1));
  for (const { slot, response, files: known = [] } of before) {
    for (const file of known) filesOf(slot)?.stored.set(file.id, file);
    show(slot, response);
  }
  for (const { slot, response } of await sender.start()) show(slot, response);
  // Typed in the moment in which the page was closed: not yet among the changes. Another device may have answered since.
  for (const { slot, response, epoch, seq } of before) {
    if (seq !== 0) continue;
    if ((device.epochs[slot] ?? 0) <= epoch) await change(slot, response);
    else await sender.waiting.setAside({ attempt, slot, response, epoch, seq, at: Date.now() });
  }
  for (const [slot, question] of early) await change(slot, responseOf(question));
  const seq = Math.max(1, device.next_seq - 1);
  kept.fill([...questions].map(([slot, question]) => ({ slot, response: responseOf(question), epoch: device.epoch, seq, files: filesOf(slot)?.known })));
  for (const one of await sender.waiting.aside()) await unsent.show(one, sender.waiting);
  form.dispatchEvent(new Event("answers"));
  for (const question of questions.values()) countWords(question);
  count();
}

const files = [...questions.values()]
  .filter((question) => question.querySelector("[data-files]"))
  .map((question) => new AnswerFiles(question, { numbers, device: () => ({ epoch: named("epoch").value, token: named("csrfmiddlewaretoken").value }) }));

/** @param {number} slot */
function filesOf(slot) {
  return files.find((one) => one.question === questions.get(slot));
}

/** What was noted last of each question. @type {Map<number, any>} */
const noted = new Map();
/** What of it is not among the changes yet. @type {Map<number, any>} */
const unchanged = new Map();

/** On this device, at once: what is typed last outlives a page that is closed in that moment. */
function note(slot, response, seq = 0) {
  noted.set(slot, response);
  const answer = { slot, response, epoch: device.epoch, seq, files: filesOf(slot)?.known };
  if (seq) unchanged.delete(slot);
  else unchanged.set(slot, answer);
  kept.note(answer);
}

/** Among the changes, which are sent after a pause. */
async function change(slot, response, pause = 0, how = {}) {
  noted.set(slot, response);
  const seq = await sender.add(slot, response, pause, how);
  if (noted.get(slot) === response) note(slot, response, seq);
}

addEventListener("pagehide", () => kept.noteLast([...unchanged.values()]));

const ready = start();

form.addEventListener("input", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const question = /** @type {HTMLElement} */ (target.closest("[data-slot]"));
  if (!question) return;
  mark(Number(question.dataset.slot), "");
  count();
  countWords(question);
  const isEssay = target.tagName === "TEXTAREA";
  if (isEssay) {
    grownAt = performance.now();
    settle();
  }
  const slot = Number(question.dataset.slot);
  const response = responseOf(question);
  note(slot, response);
  const wait = isEssay ? pauseOf(target.value) : target.type === "text" ? TYPING_MS : 0;
  // Not before it is known which epoch this device writes in.
  void ready.then(() => change(slot, response, wait, { isGrowing: isEssay }));
});

// Who leaves a text has written it for now.
form.addEventListener("change", (event) => {
  if (/** @type {HTMLElement} */ (event.target).tagName === "TEXTAREA") void sender.send();
});

form.addEventListener("submit", async (event) => {
  if (isLeaving) return;
  event.preventDefault();
  const { submitter } = event;
  const unsent = files.find((one) => one.isSending);
  if (unsent) {
    unsent.say(unsent.words.isRunning);
    unsent.place.scrollIntoView({ block: "center" });
    return;
  }
  // What waits is saved before anything is handed in.
  if (!(await sender.send())) {
    said.scrollIntoView({ block: "center" });
    return;
  }
  isLeaving = true;
  // For the page that asks once more: the server does not keep them.
  named("flagged").value = [...overview.flagged].join(",");
  form.requestSubmit(submitter);
});

elsewhere.querySelector("button").addEventListener("click", async () => {
  await takeOver();
  location.replace(location.pathname);
});

/** A page that saves nothing asks from time to time: there may be more time, or another device. */
async function ask() {
  if (isStopped || device.left_ms === null || document.hidden || performance.now() - heardAt < ASK_EVERY_MS) return;
  try {
    const answer = await fetch(stateUrl, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(SLOWEST_MS) });
    if (!answer.ok || answer.redirected) return;
    const state = await answer.json();
    heardAt = performance.now();
    kept.keepDevice(device, endOf(state.left_ms));
    if (!state.is_open) leave();
    else if (!state.is_holder) await sender.stop(Line.ELSEWHERE);
    else timeLeft.set(state.left_ms);
  } catch {
    // No connection; the next time.
  }
}

// Who logs out from here: the page that asks says what could not be sent.
for (const link of document.querySelectorAll("[data-to-log-out]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await Promise.race([ready.then(() => sender.send()), new Promise((resolve) => setTimeout(resolve, LOG_OUT_MS))]);
    if (await isReached(location.pathname)) location.assign(link.href);
    else document.querySelector("[data-no-line]").hidden = false;
  });
}

// A file that is not whole yet would be lost with the page; answers are not.
addEventListener("beforeunload", (event) => {
  if (!isLeaving && files.some((one) => one.isSending)) event.preventDefault();
});

timeLeft.set(device.left_ms);
setInterval(() => timeLeft.tick(), 1000);
setInterval(() => void ask(), 3000);
addEventListener("online", () => void sender.send());
addEventListener("pagehide", () => void sender.send());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) void sender.send();
  else void ask();
});
await ready;

/** Once the page has all that it needs: another load, without a connection, shows it again. */
async function keepPage() {
  if (isKept || `${location.pathname}changes/` !== changesUrl) return;
  kept.keepDevice(device, endOf(device.left_ms));
  const shown = [...document.querySelectorAll("script[src], link[rel=stylesheet], main img, .bar img")].map((one) => one.src ?? one.href);
  const fonts = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\.woff2(\?|$)/.test(name));
  try {
    const answer = await fetch(stateUrl, { headers: { Accept: "application/json" } });
    const { headers } = answer;
    await answer.text();
    await kept.keepPage({ html, worker, parts: [...shown, ...fonts], headers });
  } catch {
    // No connection, or no place: the page works all the same.
  }
}

if (document.readyState === "complete") void keepPage();
else addEventListener("load", () => void keepPage(), { once: true });
