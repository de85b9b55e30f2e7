// The captions being edited. Every change pushes the previous state onto the undo stack.

import { newCue } from "./vtt.js";

const DEEPEST_UNDO = 200;
// Letters typed in a row are one undo step.
const ONE_GO_MS = 1200;
const USUAL_MS = 2000;
const SHORTEST_MS = 100;

export class Document extends EventTarget {
  /** @param {import("./vtt.js").Words} words */
  constructor({ header, cues, tail }) {
    super();
    this.state = { header, cues, tail };
    /** @type {import("./vtt.js").Words[]} */
    this.past = [];
    /** @type {import("./vtt.js").Words[]} */
    this.future = [];
    this.going = { key: "", at: 0 };
  }

  get cues() {
    return this.state.cues;
  }

  /** @param {number | null | undefined} id */
  find(id) {
    return this.cues.find((cue) => cue.id === id);
  }

  /**
   * Replace everything, as after editing the text view; it is one undo step.
   *
   * @param {import("./vtt.js").Words} state
   */
  load(state) {
    this.commit(state);
  }

  /**
   * `key` names a run of changes that one undo reverts together.
   *
   * @param {import("./vtt.js").Words} state
   * @param {string} [key]
   */
  commit(state, key = "") {
    const now = Date.now();
    const goesOn = key && key === this.going.key && now - this.going.at < ONE_GO_MS;
    this.going = { key, at: now };
    if (!goesOn) this.past = [...this.past.slice(1 - DEEPEST_UNDO), this.state];
    this.future = [];
    this.set(state);
  }

  /** @param {import("./vtt.js").Words} state */
  set(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  /**
   * @param {import("./vtt.js").Words[]} from
   * @param {import("./vtt.js").Words[]} to
   */
  step(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push(this.state);
    this.going = { key: "", at: 0 };
    this.set(state);
  }

  /**
   * @param {import("./vtt.js").Cue[]} cues
   * @param {string} [key]
   */
  replaceCues(cues, key) {
    // WebVTT wants cues in the order of their starts; the sort is stable.
    this.commit({ ...this.state, cues: [...cues].sort((one, other) => one.start - other.start) }, key);
  }

  /**
   * @param {number} id
   * @param {Partial<import("./vtt.js").Cue>} facts
   * @param {string} [key]
   */
  change(id, facts, key) {
    this.replaceCues(this.cues.map((cue) => (cue.id === id ? { ...cue, ...facts } : cue)), key);
  }

  /**
   * @param {number} id
   * @param {string} text
   */
  write(id, text) {
    this.change(id, { text }, `text ${id}`);
  }

  /**
   * Move the start of a cue; the end moves along where it would be before the start.
   *
   * @param {number} id
   * @param {number} start
   */
  setStart(id, start) {
    const cue = this.find(id);
    if (!cue) return;
    const length = Math.max(SHORTEST_MS, cue.end - cue.start);
    this.change(id, { start, end: cue.end > start ? cue.end : start + length });
  }

  /**
   * @param {number} id
   * @param {number} end
   */
  setEnd(id, end) {
    const cue = this.find(id);
    if (cue && end >= SHORTEST_MS) this.change(id, { end, start: Math.min(cue.start, end - SHORTEST_MS) });
  }

  /**
   * A new cue after `id` (or at `at` milliseconds where there is none); its id.
   *
   * @param {number | null | undefined} id
   * @param {number} at
   */
  insertAfter(id, at) {
    const index = this.cues.findIndex((cue) => cue.id === id);
    const before = this.cues[index];
    const start = before ? Math.max(before.end, 0) : Math.max(0, at);
    const next = this.cues.find((cue) => cue.start > start);
    const room = next ? next.start - start : USUAL_MS;
    const cue = newCue(start, start + Math.max(SHORTEST_MS, Math.min(USUAL_MS, room)), "");
    const cues = [...this.cues];
    cues.splice(index < 0 ? cues.length : index + 1, 0, cue);
    this.replaceCues(cues);
    return cue.id;
  }

  /**
   * Split the text at `caret`; the time at `at` if it is inside the cue, else in proportion to the text.
   *
   * @param {number} id
   * @param {number} caret
   * @param {number} at
   */
  split(id, caret, at) {
    const index = this.cues.findIndex((cue) => cue.id === id);
    const cue = this.cues[index];
    const length = cue.end - cue.start;
    if (length < 2 * SHORTEST_MS) return id;
    const share = cue.start + Math.round((length * caret) / Math.max(1, cue.text.length));
    const wanted = at > cue.start && at < cue.end ? Math.round(at) : share;
    const middle = Math.min(cue.end - SHORTEST_MS, Math.max(cue.start + SHORTEST_MS, wanted));
    const rest = { ...newCue(middle, cue.end, cue.text.slice(caret).trim()), settings: cue.settings };
    const cues = [...this.cues];
    cues.splice(index, 1, { ...cue, end: middle, text: cue.text.slice(0, caret).trim() }, rest);
    this.replaceCues(cues);
    return rest.id;
  }

  /** @param {number} id */
  joinNext(id) {
    const index = this.cues.findIndex((cue) => cue.id === id);
    const [cue, next] = this.cues.slice(index, index + 2);
    if (!next) return;
    const text = [cue.text, next.text].filter((part) => part).join("\n");
    const asides = [...cue.asides, ...next.asides];
    const cues = [...this.cues];
    cues.splice(index, 2, { ...cue, text, asides, end: Math.max(cue.end, next.end) });
    this.replaceCues(cues);
  }

  /**
   * Remove a cue; the id of the cue in its place, if there is one.
   *
   * @param {number} id
   */
  remove(id) {
    const index = this.cues.findIndex((cue) => cue.id === id);
    const cues = this.cues.filter((cue) => cue.id !== id);
    this.replaceCues(cues);
    return (cues[index] ?? cues[index - 1])?.id;
  }

  /**
   * Replace every occurrence, ignoring case; returns how many there were.
   *
   * @param {string} wanted
   * @param {string} other
   */
  replaceAll(wanted, other) {
    const pattern = patternOf(wanted);
    let count = 0;
    const cues = this.cues.map((cue) => {
      const text = cue.text.replace(pattern, () => {
        count += 1;
        return other;
      });
      return text === cue.text ? cue : { ...cue, text };
    });
    if (count) this.replaceCues(cues);
    return count;
  }

  /**
   * The next cue after `id` that contains `wanted`, wrapping around.
   *
   * @param {string} wanted
   * @param {number | null | undefined} id
   */
  findNext(wanted, id) {
    const from = this.cues.findIndex((cue) => cue.id === id) + 1;
    const pattern = patternOf(wanted);
    return [...this.cues.slice(from), ...this.cues.slice(0, from)].find((cue) => cue.text.search(pattern) >= 0);
  }
}

/** @param {string} wanted */
function patternOf(wanted) {
  return new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
}
