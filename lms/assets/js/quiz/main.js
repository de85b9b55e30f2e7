// The page of a quiz: keeps each answer on this device, saves it on the server, and says which of both has happened.

import { AnswerFiles } from "./files.js";
import { Overview } from "./overview.js";
import { responseOf, showResponse, wasAnsweredEarly } from "./responses.js";
import { Line, Sender } from "./sender.js";
import { TimeLeft, clock } from "./time_left.js";
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

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-quiz]"));
const { quiz: attempt, changes: changesUrl, state: stateUrl, goOn: goOnUrl } = form.dataset;
const device = JSON.parse(document.getElementById("attempt-device").textContent);
const questions = new Map([...form.querySelectorAll("[data-slot]")].map((one) => [Number(one.dataset.slot), one]));
const said = form.querySelector("[data-saved]");
const elsewhere = form.querySelector("[data-elsewhere]");
const named = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${form.dataset.numbering}`);
const plurals = new Intl.PluralRules(document.documentElement.lang);
let heardAt = performance.now();
let isLeaving = false;

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
    form.querySelector("[data-warning]").textContent = form.querySelector("[data-warning]").dataset[`in${minutes}`];
  },
  async over() {
    form.querySelector("[data-warning]").textContent = form.querySelector("[data-warning]").dataset.over;
    for (const question of questions.values()) question.disabled = true;
    await sender.send();
    const [least, most] = AFTER_THE_END_MS;
    setTimeout(leave, least + Math.random() * (most - least));
  },
});

/** Once the site answers: without a connection the browser would put its own page in place of this one. */
async function leave() {
  if (isLeaving) return;
  isLeaving = true;
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, TRIED_AGAIN_MS));
  location.replace(location.pathname);
}

/** @returns {Promise<boolean>} */
async function answers() {
  try {
    return (await fetch(location.pathname, { method: "HEAD", redirect: "manual", cache: "no-store" })).status < 500;
  } catch {
    return false;
  }
}

/** @param {import("./sender.js").News} news */
function tell({ line, waiting, left_ms, unreadable, overtaken = [] }) {
  if (left_ms !== undefined) {
    heardAt = performance.now();
    timeLeft.set(left_ms);
  }
  if (unreadable !== undefined) mark(unreadable, said.dataset.isUnreadable);
  for (const slot of overtaken) mark(slot, said.dataset.isOvertaken);
  if (line === Line.OVER && !isLeaving) leave();
  elsewhere.hidden = line !== Line.ELSEWHERE;
  if (line === Line.LOGIN) say(`${said.dataset.isLoggedOut} ${counted("waiting", waiting)}`);
  else if (line === Line.OPEN && isGrowing()) say(said.dataset.isGrowing);
  else if (waiting) say(counted("waiting", waiting));
  else if (left_ms !== undefined) say(said.dataset.isSaved);
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
    if (!device.is_holder) Object.assign(device, await takeOver());
  } catch {
    // No connection. What is answered meanwhile waits, and is sent once the person goes on here.
  }
  const early = [...questions].filter(([, question]) => wasAnsweredEarly(question));
  for (const { slot, response } of await sender.start()) {
    if (!early.some(([answered]) => answered === slot)) showResponse(questions.get(slot), response);
  }
  for (const [slot, question] of early) await sender.add(slot, responseOf(question));
  form.dispatchEvent(new Event("answers"));
  for (const question of questions.values()) countWords(question);
  count();
}

const files = [...questions.values()]
  .filter((question) => question.querySelector("[data-files]"))
  .map((question) => new AnswerFiles(question, { numbers, device: () => ({ epoch: named("epoch").value, token: named("csrfmiddlewaretoken").value }) }));

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
  const wait = isEssay ? pauseOf(target.value) : target.type === "text" ? TYPING_MS : 0;
  // Not before it is known which epoch this device writes in.
  void ready.then(() => sender.add(Number(question.dataset.slot), responseOf(question), wait, { isGrowing: isEssay }));
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
  form.requestSubmit(submitter);
});

elsewhere.querySelector("button").addEventListener("click", async () => {
  await takeOver();
  location.reload();
});

/** A page that saves nothing asks from time to time: there may be more time, or another device. */
async function ask() {
  if (device.left_ms === null || document.hidden || performance.now() - heardAt < ASK_EVERY_MS) return;
  try {
    const answer = await fetch(stateUrl, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(SLOWEST_MS) });
    if (!answer.ok || answer.redirected) return;
    const state = await answer.json();
    heardAt = performance.now();
    if (!state.is_open) leave();
    else if (!state.is_holder) elsewhere.hidden = false;
    else timeLeft.set(state.left_ms);
  } catch {
    // No connection; the next time.
  }
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
