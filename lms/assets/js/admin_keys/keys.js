// Which key does what in the workplace. Needs no page: `tests/assets/admin_keys/keys.test.js` runs it.

/** @typedef {"find" | "help" | "next" | "previous" | "choose" | "acts" | "open"} Command */

/**
 * @typedef {object} Key What a `KeyboardEvent` says of a key.
 * @property {string} key
 * @property {string} code
 * @property {boolean} shiftKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} altKey
 * @property {boolean} [repeat]
 * @property {boolean} [isComposing]
 */

// By their places: an Arabic keyboard writes ت ن ء لا there.
/** @type {Record<string, Command>} */
const BY_PLACE = { KeyJ: "next", KeyK: "previous", KeyX: "choose", KeyB: "acts" };
// A key that is held down goes on through the rows, and does nothing else again.
const REPEATED = new Set(["next", "previous"]);

/**
 * The command of a key that was pressed alone; null where it has none.
 *
 * "?" itself is Wagtail's. An Arabic keyboard writes another question mark with the same two keys.
 *
 * @param {Key} pressed
 * @returns {Command | null}
 */
export function commandOf(pressed) {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null;
  const command = alone(pressed);
  return pressed.repeat && command && !REPEATED.has(command) ? null : command;
}

/** @param {Key} pressed @returns {Command | null} */
function alone({ key, code, shiftKey }) {
  if (key === "؟") return "help";
  if (key === "/" || (code === "Slash" && !shiftKey)) return "find";
  if (shiftKey) return null;
  return key === "Enter" ? "open" : (BY_PLACE[code] ?? null);
}

/**
 * The place of the row to go to: from none, the first one or the last one; the ends are the ends.
 *
 * @param {number} here -1 where no row has the focus
 * @param {number} count
 * @param {1 | -1} step
 */
export function placeAfter(here, count, step) {
  if (here < 0) return step > 0 ? 0 : count - 1;
  return Math.min(Math.max(here + step, 0), count - 1);
}
