// The button by which staff choose a file: says which one was chosen.

for (const button of document.querySelectorAll("[data-file-choice]")) {
  const input = button.querySelector("input");
  input.addEventListener("change", () => {
    button.parentElement.querySelector("[data-file-name]").textContent = input.files[0]?.name ?? "";
  });
}
