// Keys of the workplace: "/" leads to the search from every page, j and k go through the rows, x chooses one, b leads to the acts for
// those that are chosen, and Enter follows a link, as it always does. Wagtail's dialog behind "?" lists them, and its setting of the
// own account switches them off (WCAG 2.1.4).

import { commandOf, placeAfter } from "./keys.js";
import { choose, openFromBox, placeOf, rowsOf, targetOf } from "./rows.js";

/** Where keys belong to what they are typed into, or to what lies over the page. */
const ELSEWHERE = "[role=textbox], [role=combobox], [role=listbox], [role=menu], dialog, [role=dialog], .modal";
const TYPED_INTO = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])";

/** @param {EventTarget | null} target */
function isElsewhere(target) {
  if (!(target instanceof HTMLElement)) return false;
  // A dialog that was just closed may still have the focus.
  return target.isContentEditable || target.matches(TYPED_INTO) || Boolean(target.closest(ELSEWHERE)?.checkVisibility());
}

/** Whether the own account has them on, as it does unless somebody switched them off. */
function areOn() {
  const told = document.getElementById("wagtail-config")?.textContent;
  return told ? JSON.parse(told).KEYBOARD_SHORTCUTS_ENABLED !== false : true;
}

/** Every command answers whether it did something: the key is then not the browser's. */
/** @type {Record<import("./keys.js").Command, () => boolean>} */
const COMMANDS = {
  find() {
    const field = document.getElementById("find-typed");
    if (field instanceof HTMLInputElement) field.select();
    else if (address) location.assign(address);
    return true;
  },
  help() {
    const button = document.querySelector("[data-a11y-dialog-show=keyboard-shortcuts-dialog]");
    if (button instanceof HTMLElement) button.click();
    return button !== null;
  },
  next: () => go(1),
  previous: () => go(-1),
  choose() {
    const rows = rowsOf();
    const row = rows[placeOf(rows)];
    return row !== undefined && choose(row);
  },
  acts() {
    const button = document.querySelector("[data-bulk-acts] button");
    if (button instanceof HTMLElement) button.focus();
    return button !== null;
  },
  open() {
    const rows = rowsOf();
    const row = rows[placeOf(rows)];
    return row !== undefined && openFromBox(row);
  },
};

/** @param {1 | -1} step */
function go(step) {
  const rows = rowsOf();
  const row = rows[placeAfter(placeOf(rows), rows.length, step)];
  const target = row && targetOf(row);
  target?.focus();
  return Boolean(target);
}

const address = document.currentScript?.dataset.find ?? "";

if (areOn())
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isElsewhere(event.target)) return;
    const command = commandOf(event);
    if (command && COMMANDS[command]()) event.preventDefault();
  });
