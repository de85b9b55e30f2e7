// What of the film was watched: counted while it plays, told to the server, shown as a tape.

import { Coverage } from "./coverage.js";
import { Reporter, sendLeftovers } from "./reports.js";

const REPORT_EVERY_MS = 15_000;
// A film played to here is begun again, not gone on with.
const END_SECONDS = 10;
const LEAST_RESUME_SECONDS = 5;
// The server's own measure is `courses.coverage`.
const ENOUGH_PERCENT = 90;

export class Watching {
  /**
   * `ticked({ bucket, rate })` hears of every part that was played whole; `isLost()` of reports that found no line;
   * `credited({ percent, completed, program_percent })` of what the server counts.
   */
  constructor(root, words, { isFirst, ticked, isLost, credited }) {
    this.root = root;
    this.words = words;
    this.isFirst = isFirst;
    this.ticked = ticked;
    this.isLost = isLost;
    this.seconds = Number(root.dataset.seconds);
    const { progressUrl, csrf, watched } = root.dataset;
    this.coverage = new Coverage(this.seconds, (watched ?? "").split(",").filter(Boolean).map(Number));
    this.reporter = progressUrl ? new Reporter(progressUrl, csrf, credited) : null;
    for (const bucket of this.reporter?.pending ?? []) this.coverage.watched.add(bucket);
    this.show();
  }

  /** `tick()` reads the clock of the film: a slow phone was last told it up to a second ago when the page is left. */
  listen(tick) {
    const leave = () => {
      tick();
      this.report({ isLeaving: true });
    };
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) leave();
    });
    addEventListener("online", () => this.reportAll());
    setInterval(() => this.report(), REPORT_EVERY_MS);
    this.reportAll();
  }

  /** Whether this device knows a later place than the server. */
  get isAhead() {
    return Boolean(this.reporter?.isMoved);
  }

  /** Where to go on: what this device has and the server has not is newer. */
  resumeAt() {
    const kept = this.isAhead ? this.reporter.position : Number(this.root.dataset.position ?? 0);
    const end = this.seconds - Math.min(END_SECONDS, this.seconds / 20);
    return kept >= LEAST_RESUME_SECONDS && kept < end ? kept : 0;
  }

  advance(now, rate) {
    const { completed, ticked } = this.coverage.advance(now, rate);
    this.reporter?.add(completed, now);
    for (const bucket of ticked) this.ticked({ bucket, rate });
    if (!completed.length) return;
    this.show();
    // Enough for the lesson to be done: the page says so at once.
    if (this.coverage.percent >= ENOUGH_PERCENT && !this.isTold) {
      this.isTold = true;
      this.report();
    }
  }

  /** The next step of the clock is no playing. */
  jump() {
    this.coverage.jump();
  }

  moveTo(position) {
    this.reporter?.add([], position);
  }

  /** Played to the end: the clock tells its last place no more, and what is left of a film may be shorter than its tick. */
  finish(position, rate) {
    this.advance(Math.max(position, this.seconds), rate);
    this.reporter?.finish(position);
  }

  async report(how) {
    if (!this.reporter) return;
    const isKnown = await this.reporter.send(how);
    if (!isKnown && !navigator.onLine) this.isLost();
  }

  /** Also what other lessons left behind; once, where a page has several films. */
  reportAll() {
    this.report();
    if (this.reporter && this.isFirst) sendLeftovers(this.root.dataset.progressUrl, this.root.dataset.csrf);
  }

  show() {
    const box = this.root.querySelector("[data-coverage]");
    if (!box) return;
    const share = this.coverage.percent;
    box.hidden = false;
    box.querySelector("progress").value = share;
    box.querySelector(".tape__text").textContent = box.dataset.text.replace("{share}", this.words.percent(share));
  }
}
