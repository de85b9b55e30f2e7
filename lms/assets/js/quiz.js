// Saves the answers of a quiz as they are chosen, on this device and on the server.

const PAUSE_MS = 600;
const AGAIN_MS = 10_000;

const form = document.querySelector("[data-quiz]");
const said = form.querySelector("[data-kept]");
const key = `quiz:${form.dataset.quiz}`;
let timer;

/** Where the browser forbids storage, answers are saved on the server only. */
function stored(value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Full or forbidden.
  }
  return null;
}

function answers() {
  const typed = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  typed.delete("csrfmiddlewaretoken");
  return typed.toString();
}

/** Answers on this device that the server does not have yet are newer than the page. */
function restore() {
  const kept = stored();
  if (kept === null) return;
  const chosen = new URLSearchParams(kept);
  for (const input of form.querySelectorAll("[name^='question-']")) {
    if (["radio", "checkbox"].includes(input.type)) {
      input.checked = chosen.getAll(input.name).includes(input.value);
    } else {
      input.value = chosen.get(input.name) ?? "";
    }
  }
  send();
}

async function send() {
  clearTimeout(timer);
  const sent = answers();
  let answer;
  try {
    answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), keepalive: true });
  } catch {
    said.textContent = said.dataset.isWaiting;
    timer = setTimeout(send, AGAIN_MS);
    return;
  }
  // The response to an expired login is the login page: the answers stay on the device.
  if (answer.status === 204) {
    if (answers() === sent) stored(null);
    said.textContent = said.dataset.isKept;
  } else if (answer.status === 409) {
    stored(null);
    said.textContent = said.dataset.isOver;
  } else if (answer.status === 400) {
    stored(null);
  } else {
    said.textContent = said.dataset.isWaiting;
    timer = setTimeout(send, AGAIN_MS);
  }
}

// Also while a line is typed.
form.addEventListener("input", () => {
  stored(answers());
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE_MS);
});
// The form submits the answers from here.
form.addEventListener("submit", () => clearTimeout(timer));
addEventListener("online", () => stored() !== null && send());
addEventListener("pagehide", () => stored() !== null && send());
restore();
