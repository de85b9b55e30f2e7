// How long an attempt still has, by the server's clock: what it said last, less what has passed since, on a clock that cannot be set.

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** The warnings, in minutes before the end. */
export const WARNINGS = [10, 5, 1];

export class TimeLeft {
  /**
   * @param {{ show: (left_ms: number) => void, warn: (minutes: number | null) => void, over: () => void, added?: (minutes: number) => void, now?: () => number }} page
   */
  constructor({ show, warn, over, added = () => undefined, now = () => performance.now() }) {
    this.page = { show, warn, over, added, now };
    /** @type {number | null} */
    this.endsAt = null;
    /** @type {Set<number>} */
    this.warned = new Set();
    /** What the page says now. @type {number | null} */
    this.shown = null;
    this.isOver = false;
  }

  /** What the server says; null without a limit. More time takes warnings back, and is told. @param {number | null | undefined} left_ms */
  set(left_ms) {
    if (left_ms === null || left_ms === undefined) return;
    // It is given in whole minutes; what an answer needs on its way is less than half of one.
    const minutes = this.endsAt === null ? 0 : Math.round((this.page.now() + left_ms - this.endsAt) / MINUTE_MS);
    if (minutes > 0) this.page.added(minutes);
    this.endsAt = this.page.now() + left_ms;
    for (const minutes of WARNINGS) if (left_ms > minutes * MINUTE_MS) this.warned.delete(minutes);
    this.isOver &&= left_ms <= 0;
    this.tick();
  }

  tick() {
    if (this.endsAt === null || this.isOver) return;
    const left = Math.max(0, this.endsAt - this.page.now());
    this.page.show(left);
    const due = WARNINGS.filter((minutes) => left <= minutes * MINUTE_MS && !this.warned.has(minutes));
    for (const minutes of due) this.warned.add(minutes);
    if (left === 0) {
      this.isOver = true;
      this.page.over();
      return;
    }
    // As long as it is true by the clock next to it: who opens the page with six minutes left is not told of ten.
    const isTrue = (/** @type {number} */ minutes) => left <= minutes * MINUTE_MS && left > (minutes - 1) * MINUTE_MS;
    const shown = [...due, this.shown].find((minutes) => minutes !== null && isTrue(minutes)) ?? null;
    if (shown !== this.shown) this.page.warn(shown);
    this.shown = shown;
  }
}

/** Hours, minutes and seconds; hours only where there are some. @param {number} left_ms */
export function clock(left_ms) {
  const seconds = Math.ceil(left_ms / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  const parts = [Math.floor(minutes / HOUR_MINUTES), minutes % HOUR_MINUTES, seconds % 60];
  return parts[0] ? parts : parts.slice(1);
}
