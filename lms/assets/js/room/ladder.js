// The playback mode: the chosen one, a cheaper one while the connection is too slow, and back again.

/** @typedef {"nearly" | "auto" | "small" | "audio" | "text"} Way */

/** @type {Way[]} from the most to the least data */
export const VIDEO_WAYS = ["nearly", "auto", "small", "audio", "text"];
/** @type {Record<Way, Way>} */
const DOWN = { nearly: "auto", auto: "audio", small: "audio", audio: "text", text: "text" };
/** @type {Record<Way, Way>} */
const UP = { text: "audio", audio: "auto", small: "auto", auto: "nearly", nearly: "nearly" };
const STALLS_TO_FALL = 2;
const STALLS_WITHIN_MS = 40_000;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 480_000;

export class Ladder {
  /**
   * @param {Way} chosen
   * @param {boolean} canBeNearlyLive
   * @param {(way: Way) => void} changed is called when the playback mode changes
   */
  constructor(chosen, canBeNearlyLive, changed) {
    this.listeners = [changed];
    this.canBeNearlyLive = canBeNearlyLive;
    /** @type {number[]} */
    this.stalls = [];
    this.rest = FIRST_REST_MS;
    this.chosen = chosen;
    this.way = this.top;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.climbing = undefined;
  }

  /** The best available mode up to the chosen one. */
  get top() {
    return this.chosen === "nearly" && !this.canBeNearlyLive ? "auto" : this.chosen;
  }

  /**
   * Set whether near-live playback is available.
   *
   * @param {boolean} canBeNearlyLive
   */
  allow(canBeNearlyLive) {
    this.canBeNearlyLive = canBeNearlyLive;
    if (this.way === "nearly") this.go(this.top);
  }

  /**
   * Call `listener` at each change: slides follow the same mode as picture and sound.
   *
   * @param {(way: Way) => void} listener
   */
  addListener(listener) {
    this.listeners.push(listener);
  }

  /** @param {Way} way */
  choose(way) {
    this.chosen = way;
    this.rest = FIRST_REST_MS;
    this.go(this.top);
  }

  /**
   * The connection did not keep up.
   *
   * @param {number} now in milliseconds
   */
  stalled(now) {
    this.stalls = [...this.stalls.filter((stall) => now - stall < STALLS_WITHIN_MS), now];
    if (this.stalls.length >= STALLS_TO_FALL) this.fall();
  }

  fall() {
    if (this.way === "text") return;
    this.go(DOWN[this.way]);
    this.climbing = setTimeout(() => this.climb(), this.rest);
    // After every step down the next try waits longer.
    this.rest = Math.min(2 * this.rest, LONGEST_REST_MS);
  }

  climb() {
    const up = UP[this.way];
    this.go(VIDEO_WAYS.indexOf(up) < VIDEO_WAYS.indexOf(this.top) ? this.top : up);
    if (this.way !== this.top) this.climbing = setTimeout(() => this.climb(), this.rest);
  }

  /** @param {Way} way */
  go(way) {
    clearTimeout(this.climbing);
    this.stalls = [];
    if (way === this.way) return;
    this.way = way;
    for (const changed of this.listeners) changed(way);
  }

  get hasFallen() {
    return this.way !== this.top;
  }

  stop() {
    clearTimeout(this.climbing);
  }
}
