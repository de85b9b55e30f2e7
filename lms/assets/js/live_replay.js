// Slides and poll results next to a recording, each from the moment at which the class saw it.

const place = document.querySelector("[data-replay]");
const film = document.querySelector(`${place.dataset.film} video`);
const words = {};
for (const text of place.querySelector("[data-replay-words]").content.children) words[text.dataset.key] = text.textContent;
const part = (name) => place.querySelector(`[data-replay-${name}]`);
const picture = part("picture");
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${place.dataset.numbering}`);
const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => numbers.format(facts[name]));
// The width of the screen, or the small one in data saver mode.
const size = innerWidth < 700 || navigator.connection?.saveData ? "small" : "large";

// The number of messages shown, which fits a phone.
const MOST_MESSAGES = 20;

let replay = null;
let isAsked = false;
let shown = -1;
let answers = "";
let said = "";

async function begin() {
  if (isAsked) return;
  isAsked = true;
  try {
    const answer = await fetch(place.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    replay = await answer.json();
    showMessage("");
    follow();
  } catch {
    // Fetched again when the video plays on.
    isAsked = false;
    showMessage(words.failed);
  }
}

function showMessage(text) {
  part("hint").textContent = text;
  part("hint").hidden = !text;
}

const now = () => Math.round(film.currentTime * 1000);
const numberAt = (moment) => replay.stage.findLastIndex((entry) => entry.at <= moment);

function follow() {
  if (!replay) return;
  const number = numberAt(now());
  if (number !== shown) show(number);
  showMessages(replay.messages.filter((message) => message.at <= now()).slice(-MOST_MESSAGES));
  showPolls(replay.polls.filter((poll) => poll.at <= now()).reverse());
}

function show(number) {
  shown = number;
  const entry = replay.stage[number];
  const isSlide = Boolean(entry?.page);
  part("slide").hidden = !isSlide;
  part("reading").hidden = !isSlide || !entry.text;
  part("steps").hidden = replay.stage.length === 0;
  const title = isSlide ? filled(words.slide, entry) : entry?.board ? words.board : words.nothing;
  part("place").textContent = title;
  if (isSlide) {
    picture.src = replay.base + entry[size];
    picture.width = entry.size[0];
    picture.height = entry.size[1];
    picture.alt = entry.text || title;
    part("text").textContent = entry.text;
    const next = replay.stage[number + 1];
    // The browser caches it: a picture never changes under its name.
    if (next?.page) new Image().src = replay.base + next[size];
  }
  part("live").textContent = title;
  for (const button of place.querySelectorAll("[data-replay-step]")) {
    button.disabled = !replay.stage[Math.max(number, 0) + Number(button.dataset.replayStep)];
  }
}

function showMessages(messages) {
  const key = `${messages.length}:${messages.at(-1)?.at}`;
  if (key === said) return;
  said = key;
  part("messages").hidden = messages.length === 0;
  part("messages").replaceChildren(
    ...messages.map((message) => {
      const item = line("li", "replay__message", message.text);
      item.prepend(line("span", "replay__name", message.name), " ");
      return item;
    }),
  );
}

function showPolls(polls) {
  const moment = now();
  const key = polls.map((poll) => `${poll.at}:${poll.shown <= moment}`).join();
  if (key === answers) return;
  answers = key;
  part("polls").replaceChildren(...polls.map((poll) => pollOf(poll, poll.shown <= moment)));
}

function pollOf(poll, hasResults) {
  const box = document.createElement("section");
  box.className = "replay__poll";
  box.append(line("h3", "replay__question", poll.question));
  const list = document.createElement("ul");
  poll.options.forEach((option, number) => {
    const item = line("li", "replay__option", option);
    if (hasResults) {
      const votes = poll.tally[number];
      const bar = document.createElement("progress");
      bar.max = Math.max(1, poll.voters);
      bar.value = votes;
      bar.setAttribute("aria-hidden", "true");
      item.append(bar, line("span", "replay__votes", numbers.format(votes)));
    }
    list.append(item);
  });
  box.append(list, line("p", "muted", hasResults ? filled(words.voters, poll) : words.asked));
  return box;
}

function line(tag, name, text) {
  const element = document.createElement(tag);
  const words = document.createElement("bdi");
  element.className = name;
  words.textContent = text;
  element.append(words);
  return element;
}

place.addEventListener("click", ({ target }) => {
  const step = target.closest("[data-replay-step]")?.dataset.replayStep;
  const entry = step && replay?.stage[Math.max(shown, 0) + Number(step)];
  if (entry) film.currentTime = entry.at / 1000;
});
for (const event of ["play", "seeking"]) film.addEventListener(event, begin);
for (const event of ["timeupdate", "seeking", "seeked"]) film.addEventListener(event, follow);
place.hidden = false;
