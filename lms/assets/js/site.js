// Enhancements of all pages. Everything here also works without a script.

import { forget, forgetEnded } from "./quiz/forget.js";

// Pages of attempts that are kept on this device go with the login, with the attempt, and with its time.
void forgetEnded({ all: Boolean(document.querySelector("[data-visitor]")) });
for (const { dataset } of document.querySelectorAll("[data-ended-attempt]")) void forget(dataset.endedAttempt);
document.querySelector("[data-log-out]")?.addEventListener("submit", () => void forgetEnded({ all: true }));

// Large scripts are loaded after the first paint: on a slow connection they would delay the style sheet.
for (const { dataset } of document.querySelectorAll("[data-later]")) {
  requestAnimationFrame(() => setTimeout(() => import(dataset.later)));
}

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
  const zone = drop.querySelector(".file-drop__zone");
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
