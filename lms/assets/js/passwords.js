// What was typed into a field of a password can be looked at. Without a script the buttons stay hidden.

for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers keep what was sent from a field of plain text, and offer it later.
  input.form.addEventListener("submit", () => show(false));
}
