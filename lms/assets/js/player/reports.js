// Reports to the server what was watched, and stores it on the device until the server has it.

import { remember, remembered, rememberedKeys } from "./memory.js";

const KEEP_DAYS = 60;

/**
 * The unsent report of one lesson on this device: `buckets`, the last `position` and when it was (ms since 1970).
 *
 * @param {string} url
 * @returns {{ buckets: number[], position: number, at: number }}
 */
function waiting(url) {
  try {
    const kept = JSON.parse(remembered(`watched:${url}`) ?? "{}");
    return { buckets: kept.buckets ?? [], position: kept.position ?? 0, at: kept.at ?? 0 };
  } catch {
    return { buckets: [], position: 0, at: 0 };
  }
}

/**
 * Merging is a union on the server and here, so a report that comes twice, late or from two tabs counts once. The
 * position has an age in seconds, so that a phone that was offline does not undo a later position of another device;
 * an age, because clocks of phones are wrong.
 */
export class Reporter {
  /**
   * `credited(facts)` is called with the server's response to each report.
   *
   * @param {string} url
   * @param {string} csrf
   * @param {(facts: Record<string, any>) => void} credited
   */
  constructor(url, csrf, credited = (_facts) => {}) {
    this.url = url;
    this.csrf = csrf;
    this.credited = credited;
    const kept = waiting(url);
    this.pending = new Set(kept.buckets);
    this.position = kept.position;
    this.at = kept.at;
    this.isMoved = kept.at > 0;
    // The position that the server has.
    this.known = 0;
  }

  /**
   * @param {number[]} buckets
   * @param {number} position
   */
  add(buckets, position) {
    for (const bucket of buckets) this.pending.add(bucket);
    if (position !== this.position) {
      this.position = position;
      this.at = Date.now();
      this.isMoved ||= Math.abs(position - this.known) >= 1;
    }
    if (buckets.length) this.keep();
  }

  /**
   * The last position: it is reported even where it is less than a second from the server's.
   *
   * @param {number} position
   */
  finish(position) {
    this.add([], position);
    this.isMoved ||= Math.floor(position) !== Math.floor(this.known);
  }

  keep() {
    if (this.pending.size === 0 && !this.isMoved) {
      remember(`watched:${this.url}`, null);
      return;
    }
    const buckets = [...this.pending];
    remember(`watched:${this.url}`, JSON.stringify({ buckets, position: this.position, at: this.at }));
  }

  /**
   * Resolves to whether the server has everything. `isLeaving` lets the request outlive the page.
   *
   * @returns {Promise<boolean>}
   */
  async send({ isLeaving = false } = {}) {
    if (this.pending.size === 0 && !this.isMoved) return true;
    if (this.isSending && !isLeaving) {
      // What was added meanwhile follows at once.
      this.isAwaited = true;
      return true;
    }
    const buckets = [...this.pending].sort((one, other) => one - other);
    const { at, position } = this;
    this.isSending = true;
    this.keep();
    let answer;
    try {
      answer = await post(this.url, this.csrf, { buckets, position, at }, isLeaving);
    } catch {
      // Offline: it stays, the next round tries again.
      return false;
    } finally {
      this.isSending = false;
    }
    if (!answer.ok) return false;
    this.known = position;
    this.isMoved = Math.abs(this.position - position) >= 1;
    // Buckets that the server does not accept yet (faster than time allows) are reported again later.
    const { not_credited: left = [], ...facts } = await answer.json().catch(() => ({}));
    for (const bucket of buckets) if (!left.includes(bucket)) this.pending.delete(bucket);
    this.keep();
    this.credited(facts);
    if (this.isAwaited) {
      this.isAwaited = false;
      return this.send();
    }
    return true;
  }
}

/**
 * @param {string} url
 * @param {string} csrf
 * @param {{ buckets: number[], position: number, at: number }} watched
 * @param {boolean} isLeaving
 */
function post(url, csrf, { buckets, position, at }, isLeaving = false) {
  /** @type {{ buckets: number[], position: number, age?: number }} */
  const report = { buckets, position: Math.floor(position) };
  if (at) report.age = Math.min(31_000_000, Math.max(0, Math.round((Date.now() - at) / 1000)));
  return fetch(url, {
    method: "POST",
    keepalive: isLeaving,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(report),
  });
}

/**
 * Sends reports that other lessons stored while offline.
 *
 * @param {string} own
 * @param {string} csrf
 */
export async function sendLeftovers(own, csrf) {
  for (const key of rememberedKeys("watched:")) {
    const url = key.slice("watched:".length);
    if (url === own || !url.startsWith("/")) continue;
    const kept = waiting(url);
    if (Date.now() - kept.at > KEEP_DAYS * 86_400_000) {
      remember(key, null);
      continue;
    }
    try {
      const answer = await post(url, csrf, kept);
      // 400: the lesson has changed since. 404: of another person, who may use this device again.
      if (answer.ok || answer.status === 400) remember(key, null);
    } catch {
      return;
    }
  }
}
