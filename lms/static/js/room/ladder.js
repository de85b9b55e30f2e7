// Which way the class comes: as chosen, less while the line does not bear it, and back again.

export const VIDEO_WAYS = ["auto", "small", "audio", "text"];
const STALLS_TO_FALL = 2;
const STALLS_WITHIN_MS = 40_000;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 480_000;

export class Ladder {
  /** `changed(way)` is called whenever another way is to be played. */
  constructor(changed) {
    this.changed = changed;
    this.stalls = [];
    this.rest = FIRST_REST_MS;
    this.chosen = localStorage.getItem("live:way") ?? firstGuess();
    this.way = this.chosen;
  }

  choose(way) {
    this.chosen = way;
    this.rest = FIRST_REST_MS;
    localStorage.setItem("live:way", way);
    this.go(way);
  }

  /** The line did not keep up, at the moment `now` in milliseconds. */
  stalled(now) {
    this.stalls = [...this.stalls.filter((stall) => now - stall < STALLS_WITHIN_MS), now];
    if (this.stalls.length >= STALLS_TO_FALL) this.fall();
  }

  fall() {
    if (this.way === "text") return;
    this.go(this.way === "audio" ? "text" : "audio");
    this.climbing = setTimeout(() => this.climb(), this.rest);
    // Who falls again and again is left in peace longer.
    this.rest = Math.min(2 * this.rest, LONGEST_REST_MS);
  }

  climb() {
    const up = this.way === "text" ? "audio" : this.chosen;
    this.go(VIDEO_WAYS.indexOf(up) < VIDEO_WAYS.indexOf(this.chosen) ? this.chosen : up);
    if (this.way !== this.chosen) this.climbing = setTimeout(() => this.climb(), this.rest);
  }

  go(way) {
    clearTimeout(this.climbing);
    this.stalls = [];
    if (way === this.way) return;
    this.way = way;
    this.changed(way);
  }

  get hasFallen() {
    return this.way !== this.chosen;
  }

  stop() {
    clearTimeout(this.climbing);
  }
}

/** Phones on a mobile network begin with sound alone; whoever wants the picture taps once. */
function firstGuess() {
  const line = navigator.connection;
  const isDear = line?.saveData || line?.type === "cellular" || ["slow-2g", "2g", "3g"].includes(line?.effectiveType);
  return isDear ? "audio" : "auto";
}
