// The page of a quiz: keeps each answer on this device, saves it on the server, and says which of both has happened.

import { Overview } from "./overview.js";
import { responseOf, showResponse, wasAnsweredEarly } from "./responses.js";
import { Line, Sender } from "./sender.js";
import { TimeLeft, clock } from "./time_left.js";
import { Waiting } from "./waiting.js";

const TYPING_MS = 800;
const ASK_EVERY_MS = 15_000;
// Of a fetch that outlives its page, by the Fetch standard; less for what else the page sends.
const MOST_KEPT_ALIVE = 50_000;
const SLOWEST_MS = 20_000;
// Not all at once when the time of a room is over.
const AFTER_THE_END_MS = [3000, 9000];

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
function counted(name, count) {
  const form_of = plurals.select(count);
  const sentence = said.dataset[`${name}${form_of[0].toUpperCase()}${form_of.slice(1)}`] ?? said.dataset[`${name}Other`];
  return sentence.replace("%", numbers.format(count));
}

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

function leave() {
  isLeaving = true;
  location.replace(location.pathname);
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
  if (line === Line.LOGIN) said.textContent = `${said.dataset.isLoggedOut} ${counted("waiting", waiting)}`;
  else if (waiting) said.textContent = counted("waiting", waiting);
  else if (left_ms !== undefined) said.textContent = said.dataset.isSaved;
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
  count();
}

const ready = start();

form.addEventListener("input", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const question = /** @type {HTMLElement} */ (target.closest("[data-slot]"));
  if (!question) return;
  mark(Number(question.dataset.slot), "");
  count();
  const isTyped = target.type === "text" || target.tagName === "TEXTAREA";
  // Not before it is known which epoch this device writes in.
  void ready.then(() => sender.add(Number(question.dataset.slot), responseOf(question), isTyped ? TYPING_MS : 0));
});

form.addEventListener("submit", async (event) => {
  if (isLeaving) return;
  event.preventDefault();
  const { submitter } = event;
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
