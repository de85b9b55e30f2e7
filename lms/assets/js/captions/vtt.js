// WebVTT as data: cues in milliseconds, everything else kept as it was written.

const MOMENT = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$/;
const TIMING = /^((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(?:[ \t]+(.*))?$/;
const ASIDE = /^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/;
// Arabic-Indic and Persian digits, as some keyboards type them.
const DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹";

/**
 * @typedef {{
 *   id: number, name: string, start: number, end: number, settings: string, text: string, asides: string[],
 * }} Cue `asides` are the notes before it
 * @typedef {{ header: string, cues: Cue[], tail: string[] }} Words of a whole file
 */

let lastId = 0;

/**
 * @param {number} start
 * @param {number} end
 * @param {string} text
 * @returns {Cue}
 */
export function newCue(start, end, text) {
  lastId += 1;
  return { id: lastId, name: "", start, end, settings: "", text, asides: [] };
}

/**
 * Cues, header and closing notes of a WebVTT text; null where a line cannot be parsed: then only the text view is safe.
 *
 * @param {string} text
 * @returns {Words | null}
 */
export function parse(text) {
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split("\n");
  if (!/^WEBVTT(?:[ \t].*)?$/.test(lines[0])) return null;
  const blocks = blocksOf(lines);
  const header = blocks.shift() ?? [];
  const timed = header.findIndex((line) => line.includes("-->"));
  if (timed > 0) blocks.unshift(header.splice(timed));
  const cues = [];
  /** @type {string[]} */
  let asides = [];
  for (const block of blocks) {
    if (ASIDE.test(block[0])) {
      asides.push(block.join("\n"));
      continue;
    }
    const cue = cueOf(block);
    if (!cue) return null;
    cues.push({ ...cue, asides });
    asides = [];
  }
  return { header: header.join("\n"), cues, tail: asides };
}

/** @param {string[]} lines */
function blocksOf(lines) {
  /** @type {string[][]} */
  const blocks = [];
  /** @type {string[] | null} */
  let open = null;
  for (const line of lines) {
    if (!/[^ \t]/.test(line)) open = null;
    else if (open) open.push(line);
    else blocks.push((open = [line]));
  }
  return blocks;
}

/** @param {string[]} block */
function cueOf(block) {
  const at = block[0].includes("-->") ? 0 : 1;
  const timing = TIMING.exec((block[at] ?? "").trim());
  const words = block.slice(at + 1);
  if (!timing || words.some((line) => line.includes("-->"))) return null;
  const [start, end] = [readMoment(timing[1]), readMoment(timing[2])];
  if (start === null || end === null) return null;
  const cue = newCue(start, end, words.join("\n"));
  return { ...cue, name: at ? block[0] : "", settings: timing[3] ?? "" };
}

/** @param {Words} words */
export function serialize({ header, cues, tail }) {
  const parts = [header];
  for (const cue of cues) {
    parts.push(...cue.asides);
    const timing = `${showMoment(cue.start)} --> ${showMoment(cue.end)}${cue.settings ? ` ${cue.settings}` : ""}`;
    parts.push([...(cue.name ? [cue.name] : []), timing, ...payload(cue.text)].join("\n"));
  }
  return `${[...parts, ...tail].join("\n\n")}\n`;
}

/**
 * The lines of a cue: a blank one would end it, an arrow would begin another.
 *
 * @param {string} text
 */
function payload(text) {
  return text
    .replaceAll("-->", "--&gt;")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line);
}

/**
 * Milliseconds of `1:02:03.4` or `2:03`; null where it is not a time.
 *
 * @param {string} typed
 */
export function readMoment(typed) {
  const latin = typed.trim().replace(/[٠-٩۰-۹]/g, (digit) => String(DIGITS.indexOf(digit) % 10));
  const parts = MOMENT.exec(latin.replace("٫", "."));
  if (!parts || Number(parts[2]) > 59 || Number(parts[3]) > 59) return null;
  const seconds = (Number(parts[1] ?? 0) * 60 + Number(parts[2])) * 60 + Number(parts[3]);
  return seconds * 1000 + Number((parts[4] ?? "").padEnd(3, "0"));
}

/** @param {number} milliseconds */
export function showMoment(milliseconds) {
  const whole = Math.max(0, Math.round(milliseconds));
  /** @param {number} number */
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60_000);
  const seconds = two(Math.floor(whole / 1000) % 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${seconds}.${String(whole % 1000).padStart(3, "0")}`;
}
