// Keys of the workplace: "/" leads to the search from every page, j and k go through the lines of work. Enter follows a line, as
// it follows every link.

/** Whether keys are being typed into something, where they write letters. @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=textbox], [role=combobox]"))
  );
}

/** The line after or before the one with the focus. @param {number} step */
function focusLine(step) {
  const lines = [...document.querySelectorAll("a[data-work-line]")];
  const here = lines.indexOf(/** @type {Element} */ (document.activeElement));
  const next = lines[here < 0 ? (step > 0 ? 0 : lines.length - 1) : here + step];
  if (next instanceof HTMLElement) next.focus();
}

const find = document.currentScript?.dataset.find ?? "";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  // By the key's place for j and k: an Arabic keyboard writes ت and ن there.
  if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
    const field = document.getElementById("find-typed");
    event.preventDefault();
    if (field instanceof HTMLInputElement) field.select();
    else if (find) location.assign(find);
  } else if (event.code === "KeyJ" && !event.shiftKey) focusLine(1);
  else if (event.code === "KeyK" && !event.shiftKey) focusLine(-1);
});
