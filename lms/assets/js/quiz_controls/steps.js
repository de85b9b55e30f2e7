// Steps are moved by buttons in place of choosing a place for each.

import { announcer, button, filled } from "./texts.js";

/** @param {HTMLElement} list the steps, each with the select of its place */
export function orderSteps(list) {
  const said = announcer();
  const confirm = button(list.dataset.isRight, "button button--secondary");
  const rows = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const select = (/** @type {HTMLElement} */ row) => row.querySelector("select");
  const text = (/** @type {HTMLElement} */ row) => row.querySelector(".quiz__step-text").textContent;
  // As the page writes the numbers of places.
  const place = (/** @type {number} */ number) => select(rows()[0]).options[number].text;

  function write() {
    rows().forEach((row, index) => { select(row).value = String(index + 1); });
    list.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  /** After a page with places was restored, too: rows are in the order of their places. */
  function sort() {
    const placed = (/** @type {HTMLElement} */ row) => Number(select(row).value) || rows().length + 1;
    list.append(...rows().sort((one, other) => placed(one) - placed(other)));
    show();
  }

  function show() {
    const all = rows();
    const isAnswered = all.every((row) => select(row).value);
    all.forEach((row, index) => {
      row.querySelector(".quiz__number").textContent = isAnswered ? place(index + 1) : "–";
      const [up, down] = row.querySelectorAll(".quiz__move");
      up.setAttribute("aria-disabled", String(index === 0));
      down.setAttribute("aria-disabled", String(index === all.length - 1));
    });
    confirm.hidden = isAnswered;
  }

  /**
   * @param {HTMLElement} row
   * @param {number} by
   */
  function move(row, by) {
    const all = rows();
    const to = all.indexOf(row) + by;
    if (to < 0 || to >= all.length) return;
    if (by < 0) all[to].before(row);
    else all[to].after(row);
    write();
    said.textContent = filled(list.dataset.moved, { step: text(row), place: place(to + 1), total: place(all.length) });
  }

  for (const row of rows()) {
    select(row).closest("label").hidden = true;
    const number = document.createElement("span");
    number.className = "quiz__number";
    row.prepend(number);
    for (const [sign, name, by] of /** @type {[string, string, number][]} */ ([["▲", list.dataset.up, -1], ["▼", list.dataset.down, 1]])) {
      const mover = button(sign, "quiz__move");
      mover.setAttribute("aria-label", `${name}: ${text(row)}`);
      mover.addEventListener("click", () => {
        move(row, by);
        // Moved elements lose the focus.
        mover.focus();
      });
      row.append(mover);
    }
  }
  confirm.addEventListener("click", () => {
    write();
    /** @type {HTMLElement} */ (list.querySelector(".quiz__move")).focus();
  });
  list.after(confirm, said);
  // What restores answers writes the selects.
  list.closest("form").addEventListener("answers", sort);
  sort();
}
