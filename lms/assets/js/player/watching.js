// Tracks what was watched: counts it while the video plays, reports it and shows it as a progress bar.

import { Coverage } from "./coverage.js";
import { Reporter, sendLeftovers } from "./reports.js";

const REPORT_EVERY_MS = 15_000;
// A video played to this share starts from the beginning instead of resuming.
const END_SECONDS = 10;
const LEAST_RESUME_SECONDS = 5;
// The server computes it in `courses.coverage`.
const ENOUGH_PERCENT = 90;

export class Watching {
  /**
   * `ticked({ bucket, rate })` is called for every completed bucket, `isLost()` for reports that failed offline,
   * `credited({ percent, completed, program_percent })` with the server's response.
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

  /** `tick()` reads the position: on a slow phone the last `timeupdate` may be a second old when the page is left. */
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

  /** Whether this device has a later position than the server. */
  get isAhead() {
    return Boolean(this.reporter?.isMoved);
  }

  /** Where to resume: an unsent position of this device is newer. */
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
    // Enough to complete the lesson: the page shows it at once.
    if (this.coverage.percent >= ENOUGH_PERCENT && !this.isTold) {
      this.isTold = true;
      this.report();
    }
  }

  /** The next time update is not playback. */
  jump() {
    this.coverage.jump();
  }

  moveTo(position) {
    this.reporter?.add([], position);
  }

  /** Played to the end: there is no further time update, and the rest may be shorter than one interval. */
  finish(position, rate) {
    this.advance(Math.max(position, this.seconds), rate);
    this.reporter?.finish(position);
  }

  async report(how) {
    if (!this.reporter) return;
    const isKnown = await this.reporter.send(how);
    if (!isKnown && !navigator.onLine) this.isLost();
  }

  /** Sends stored reports of other lessons, too; once on a page with several videos. */
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
