// Reorders lists in place.

/** Puts `items` into `list` in this order, moves only those out of place, and leaves the focus where it is. */
export function arrange(list, items) {
  /** @type {any} */
  const focused = document.activeElement;
  for (const item of [...list.children]) if (!items.includes(item)) item.remove();
  items.forEach((item, place) => {
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
}
