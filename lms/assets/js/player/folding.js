// Search that matches Arabic as it is typed: without vowel signs, any alef, any yeh, any digits. As `fold_arabic` on
// the server.

/** @type {Record<string, string>} */
const LETTERS = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ئ: "ي", ؤ: "و", ة: "ه", ک: "ك" };
const SILENT = /[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u0640\u061C\u200C-\u200F]/;

/**
 * The folded text, and the original index of each of its characters.
 *
 * @param {string} text
 */
export function folded(text) {
  let plain = "";
  const places = [];
  let at = 0;
  for (const letter of text) {
    if (!SILENT.test(letter)) {
      const digit = "٠١٢٣٤٥٦٧٨٩".indexOf(letter) % 10;
      const persian = "۰۱۲۳۴۵۶۷۸۹".indexOf(letter);
      const known = digit >= 0 ? String(digit) : persian >= 0 ? String(persian) : (LETTERS[letter] ?? letter.toLowerCase());
      places.push(...Array(known.length).fill(at));
      plain += known;
    }
    at += letter.length;
  }
  places.push(at);
  return { plain, places };
}

/**
 * The matches of `query` in `text`, as [from, to] pairs; none for an empty query.
 *
 * @param {string} text
 * @param {string} query
 */
export function findFolded(text, query) {
  const wanted = folded(query).plain.trim();
  if (!wanted) return [];
  const { plain, places } = folded(text);
  const found = [];
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
    found.push([places[at], places[at + wanted.length]]);
  }
  return found;
}
