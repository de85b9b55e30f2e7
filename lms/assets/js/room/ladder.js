// Which way the class comes: as chosen, less while the line does not bear it, and back again.

export const VIDEO_WAYS = ["nearly", "auto", "small", "audio", "text"];
const DOWN = { nearly: "auto", auto: "audio", small: "audio", audio: "text", text: "text" };
const UP = { text: "audio", audio: "auto", small: "auto", auto: "nearly" };
const STALLS_TO_FALL = 2;
const STALLS_WITHIN_MS = 40_000;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 480_000;

export class Ladder {
  /** `changed(way)` is called whenever the class is to come another way. */
  constructor(changed, canBeNearlyLive) {
    this.listeners = [changed];
    this.canBeNearlyLive = canBeNearlyLive;
    this.stalls = [];
    this.rest = FIRST_REST_MS;
    const stored = localStorage.getItem("live:way");
    this.chosen = VIDEO_WAYS.includes(stored) ? stored : firstGuess();
    this.way = this.top;
  }

  /** The most of what was chosen that there is. */
  get top() {
    return this.chosen === "nearly" && !this.canBeNearlyLive ? "auto" : this.chosen;
  }

  /** Whether there is a place nearly live. */
  allow(canBeNearlyLive) {
    this.canBeNearlyLive = canBeNearlyLive;
    if (this.way === "nearly") this.go(this.top);
  }

  /** Picture, sound and slides stand on one ladder. */
  tell(listener) {
    this.listeners.push(listener);
  }

  choose(way) {
    this.chosen = way;
    this.rest = FIRST_REST_MS;
    localStorage.setItem("live:way", way);
    this.go(this.top);
  }

  /** The line did not keep up, at the moment `now` in milliseconds. */
  stalled(now) {
    this.stalls = [...this.stalls.filter((stall) => now - stall < STALLS_WITHIN_MS), now];
    if (this.stalls.length >= STALLS_TO_FALL) this.fall();
  }

  fall() {
    if (this.way === "text") return;
    this.go(DOWN[this.way]);
    this.climbing = setTimeout(() => this.climb(), this.rest);
    // Who falls again and again is left in peace longer.
    this.rest = Math.min(2 * this.rest, LONGEST_REST_MS);
  }

  climb() {
    const up = UP[this.way];
    this.go(VIDEO_WAYS.indexOf(up) < VIDEO_WAYS.indexOf(this.top) ? this.top : up);
    if (this.way !== this.top) this.climbing = setTimeout(() => this.climb(), this.rest);
  }

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

/** Phones on a mobile network begin with sound alone; whoever wants the picture taps once. */
function firstGuess() {
  const line = navigator.connection;
  const isDear = line?.saveData || line?.type === "cellular" || ["slow-2g", "2g", "3g"].includes(line?.effectiveType);
  return isDear ? "audio" : "nearly";
}
