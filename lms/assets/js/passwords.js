// Buttons that show a typed password. Without the script they stay hidden.

for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers store the value of a submitted plain text field and suggest it later.
  input.form.addEventListener("submit", () => show(false));
}
