// Finds problems of cues for readers.

// Letters a second that most people can still read: the usual limit of broadcasters.
export const FASTEST = 17;
const SHORTEST_MS = 700;
const TAGS = /<[^>]*>/g;
// Vowel signs and the tatweel do not count as letters.
const SIGNS = /[\p{Mn}\u0640]/gu;

/** @param {import("./vtt.js").Cue} cue */
export function speed(cue) {
  const letters = cue.text.replace(TAGS, "").replace(SIGNS, "").replace(/\s+/g, " ").trim().length;
  return cue.end > cue.start ? letters / ((cue.end - cue.start) / 1000) : Infinity;
}

/**
 * Codes of the problems of a cue: overlap, backwards, empty, short, fast.
 *
 * @param {import("./vtt.js").Cue} cue
 * @param {import("./vtt.js").Cue | undefined} before
 * @param {boolean} isChapter
 */
export function marksOf(cue, before, isChapter) {
  const marks = [];
  if (before && cue.start < before.end) marks.push("overlap");
  if (cue.end <= cue.start) marks.push("backwards");
  if (!cue.text.trim()) marks.push("empty");
  else if (!isChapter && cue.end - cue.start < SHORTEST_MS) marks.push("short");
  else if (!isChapter && speed(cue) > FASTEST) marks.push("fast");
  return marks;
}
