// How many words an essay has, and when its next text is saved.

// A receipt for each few seconds of writing, and on a line of 64 kbit/s a twentieth of it at most: a change has the whole text.
const LEAST_MS = 8000;
const MOST_MS = 60_000;
const MS_A_BYTE = 2.5;

/** @param {string} text */
export function wordsIn(text) {
  return text.split(/[\s\u200b]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Milliseconds until a text that grows is sent. @param {string} text */
export function pauseOf(text) {
  return Math.min(MOST_MS, Math.max(LEAST_MS, new TextEncoder().encode(text).length * MS_A_BYTE));
}
