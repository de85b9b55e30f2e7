// Enhancements of all pages. Everything here also works without a script.

import { forget, forgetEnded, kept } from "./quiz/forget.js";
import { isReached } from "./quiz/reached.js";

const MOST_COVERED = [0.3, 0.25];

// Pages of attempts that are kept on this device go with the login, with the attempt, and with its time.
void forgetEnded({ all: Boolean(document.querySelector("[data-visitor]")) });
for (const { dataset } of document.querySelectorAll("[data-ended-attempt]")) void forget(dataset.endedAttempt);

// Without a connection the browser would show its own page in place of this one, and the login would go on.
for (const link of document.querySelectorAll("[data-to-log-out]")) {
  link.addEventListener("click", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector(".account [data-no-line]").hidden = false;
  });
}
const logOut = document.querySelector("[data-log-out]");
logOut?.addEventListener("submit", async (event) => {
  // Who has no open test here does not wait for one more answer.
  if (navigator.onLine && Object.keys(kept()).length === 0) return;
  event.preventDefault();
  const noLine = document.querySelector("main [data-no-line]");
  noLine.hidden = await isReached(logOut.action);
  if (!noLine.hidden) return;
  await forgetEnded({ all: true });
  logOut.submit();
});

// Large scripts are loaded after the first paint: on a slow connection they would delay the style sheet.
for (const { dataset } of document.querySelectorAll("[data-later]")) {
  requestAnimationFrame(() => setTimeout(() => import(dataset.later)));
}

// With very large letters, what stays in sight would leave no place for the page.
const staying = [...document.querySelectorAll(".nav, .quiz__bar")];
function cover() {
  const page = document.documentElement;
  const covered = staying.reduce((sum, one) => sum + one.offsetHeight, 0) / innerHeight;
  page.toggleAttribute("data-flows", covered > MOST_COVERED[Number(page.hasAttribute("data-flows"))]);
}
const sizes = new ResizeObserver(cover);
for (const one of staying) sizes.observe(one);
addEventListener("resize", cover);

const toasts = document.querySelector("[data-toasts]");
for (const button of document.querySelectorAll("[data-close]")) {
  button.hidden = false;
}
toasts?.addEventListener("click", (event) => event.target.closest("[data-close]")?.parentElement.remove());

// A link to a confirmation page opens the same question in place.
document.addEventListener("click", (event) => {
  const dialog = document.getElementById(event.target.closest("[data-dialog]")?.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  }
});

const connection = document.querySelector("[data-connection][hidden]");
if (connection) {
  const show = () => (connection.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

for (const drop of document.querySelectorAll("[data-file-drop]")) {
  const zone = drop.querySelector(".file-drop__zone, .file-choice");
  for (const [type, isOver] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    zone.addEventListener(type, () => zone.classList.toggle("is-over", isOver));
  }
  drop.querySelector("input").addEventListener("change", ({ target }) => {
    drop.querySelector("[data-file-name]").textContent = target.files[0]?.name ?? "";
  });
}

// Focus the list of errors of a refused form.
document.querySelector("[data-focus]:not([data-sample] *)")?.focus();

// The account menu closes like any menu.
const account = document.querySelector("[data-account]");
document.addEventListener("click", ({ target }) => account?.open && !account.contains(target) && (account.open = false));
account?.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !account.open) return;
  account.open = false;
  account.querySelector("summary").focus();
});
