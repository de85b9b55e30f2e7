// The rows that the keys go through: lines of work, rows of lists, people of a matrix. What gets the focus is a link or a box that
// the page has anyway, so that Enter, Tab and readers of screens do with it what they always do.

const ROWS = ".work__line, table.listing > tbody > tr, .matrix > table > tbody > tr";
const LINKS = "a[data-work-line], th[scope=row] a[href], .title a[href], a[href]";

/** The link of a row to its act: that of its name, else the first one. @param {Element} row */
function linkOf(row) {
  for (const selector of LINKS.split(", ")) {
    const link = row.querySelector(selector);
    if (link instanceof HTMLElement) return link;
  }
  return null;
}

/** The box by which a row is chosen for an act on many. @param {Element} row */
function boxOf(row) {
  const box = row.querySelector("input[type=checkbox]:not(:disabled)");
  return box instanceof HTMLInputElement ? box : null;
}

/** What shows that a row has the focus; null for a row of text alone. @param {Element} row */
export const targetOf = (row) => linkOf(row) ?? boxOf(row);

/** The rows as they are now: a list is replaced while its search is typed. */
export const rowsOf = () =>
  [...document.querySelectorAll(ROWS)].filter((row) => row instanceof HTMLElement && row.offsetParent && targetOf(row));

/** The row with the focus in it. @param {readonly Element[]} rows */
export const placeOf = (rows) => rows.findIndex((row) => row.contains(document.activeElement));

/** Choose a row, or no longer: its box gets the focus, which says so to readers of screens. @param {Element} row */
export function choose(row) {
  const box = boxOf(row);
  if (!box) return false;
  box.click();
  box.focus();
  return true;
}

/** Follow the link of a row whose box has the focus, where Enter would send the form. @param {Element} row */
export function openFromBox(row) {
  const link = linkOf(row);
  if (!link || document.activeElement !== boxOf(row)) return false;
  link.click();
  return true;
}
