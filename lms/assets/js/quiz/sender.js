// Sends the changes that wait until each has a receipt. docs/reference/save-protocol.md states the protocol.
//
// Knows no page: what it sends with, keeps in and waits by is handed in.

export const AT_ONCE = 100;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
// What waited for less is as good as new.
const SAID_AGE_MS = 2000;
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** A change as it is sent: with for how long it waited, if it did. @param {Change} change */
export function asSent({ seq, slot, response, at }) {
  const age_ms = Math.min(Date.now() - at, MONTH_MS);
  return age_ms < SAID_AGE_MS ? { seq, slot, response } : { seq, slot, response, age_ms };
}

/** What became of the last try: `login`, `elsewhere` and `over` end sending until somebody acts. */
export const Line = Object.freeze({
  OPEN: "open",
  DOWN: "down",
  LOGIN: "login",
  ELSEWHERE: "elsewhere",
  OVER: "over",
});

/**
 * @typedef {import("./waiting.js").Change} Change
 * @typedef {import("./waiting.js").Waiting | import("./waiting.js").WaitingInMemory} Store
 * @typedef {{ epoch: number, next_seq: number, epochs: Record<string, number> }} Device as the page was told
 * @typedef {{ line: string, waiting: number, left_ms?: number, unreadable?: number, full?: string, overtaken?: number[], lost?: number[] }} News `lost`: slots of changes that came after it was handed in
 */

/** What a response to a save means. @param {Response} response @returns {Promise<{ kind: string, body?: any }>} */
async function meaning(response) {
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  // The answer to an expired login is its page.
  if (response.redirected || (response.ok && !isJson) || response.status === 403) return { kind: "login" };
  if (response.status === 404) return { kind: "over" };
  if (!isJson) return { kind: "down" };
  const body = await response.json();
  if (response.ok) return { kind: "saved", body };
  return { kind: body.code ?? "down", body };
}

export class Sender {
  /**
   * @param {object} parts
   * @param {Store} parts.waiting the changes of the attempt that wait
   * @param {Device} parts.device
   * @param {(changes: { epoch: number, changes: object[] }) => Promise<Response>} parts.post
   * @param {(news: News) => void} parts.tell
   */
  constructor({ waiting, device, post, tell }) {
    this.waiting = waiting;
    this.device = device;
    this.post = post;
    this.tell = tell;
    /** @type {string} */
    this.line = Line.OPEN;
    this.pause = FIRST_PAUSE_MS;
    /** @type {Promise<boolean> | null} */
    this.running = null;
    this.isAskedAgain = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.dueAt = Infinity;
  }

  /** Take up what an earlier page left. Resolves to the changes that the form has to show. */
  async start() {
    const left = await this.waiting.all();
    /** @type {number[]} */
    const overtaken = [];
    for (const one of left) {
      if (one.epoch >= this.device.epoch) continue;
      // Answered since on the device that took over: that one is the newer.
      if ((this.device.epochs[one.slot] ?? 0) > one.epoch) {
        overtaken.push(one.slot);
        await this.waiting.setAside(one);
        continue;
      }
      await this.waiting.add(this.device.epoch, this.device.next_seq, one.slot, one.response, one.at);
      await this.waiting.remove(one.epoch, [one.seq]);
    }
    const waiting = await this.waiting.all();
    this.tell({ line: this.line, waiting: waiting.length, overtaken });
    if (waiting.length) void this.send();
    return waiting;
  }

  /**
   * Keep a change, and send it after a pause in which the next letter may be typed. Resolves to its number once it is kept on this device.
   *
   * @param {number} slot
   * @param {any} response
   * @param {number} [pause]
   * @param {{ isGrowing?: boolean }} [how] a long text that grows is sent after each pause, also while it is typed
   */
  async add(slot, response, pause = 0, { isGrowing = false } = {}) {
    const seq = await this.waiting.add(this.device.epoch, this.device.next_seq, slot, response);
    await this.said({});
    if (!isGrowing || Date.now() + pause < this.dueAt) this.sendIn(pause);
    return seq;
  }

  /** @param {number} pause */
  sendIn(pause) {
    clearTimeout(this.timer);
    this.dueAt = Date.now() + pause;
    this.timer = setTimeout(() => void this.send(), pause);
  }

  /** Send all that waits. Resolves to whether nothing waits any more. @returns {Promise<boolean>} */
  send() {
    clearTimeout(this.timer);
    this.dueAt = Infinity;
    // A change that came while the last request of a round was answered must not wait for the next one.
    if (this.running) this.isAskedAgain = true;
    else this.running = this.round().then((isEmpty) => this.ended(isEmpty));
    return this.running;
  }

  /** @param {boolean} isEmpty @returns {Promise<boolean> | boolean} */
  ended(isEmpty) {
    this.running = null;
    if (!this.isAskedAgain) return isEmpty;
    this.isAskedAgain = false;
    return isEmpty ? this.send() : isEmpty;
  }

  async round() {
    for (;;) {
      if (this.line === Line.ELSEWHERE || this.line === Line.OVER) return false;
      const changes = (await this.waiting.all()).filter((one) => one.epoch === this.device.epoch).slice(0, AT_ONCE);
      if (!changes.length) return true;
      if (!(await this.sendOnce(changes))) return false;
    }
  }

  /** One request. Resolves to whether to go on at once. @param {Change[]} changes @returns {Promise<boolean>} */
  async sendOnce(changes) {
    const { epoch } = this.device;
    let answer;
    try {
      answer = await meaning(await this.post({ epoch, changes: changes.map(asSent) }));
    } catch {
      answer = { kind: "down" };
    }
    return (this.on[answer.kind] ?? this.on.down)(changes, answer.body);
  }

  /** @type {Record<string, (changes: Change[], body: any) => Promise<boolean>>} */
  on = {
    saved: async (_changes, { saved, left_ms }) => {
      await this.waiting.remove(this.device.epoch, saved);
      this.device.next_seq = Math.max(this.device.next_seq, ...saved.map((/** @type {number} */ seq) => seq + 1));
      this.line = Line.OPEN;
      this.pause = FIRST_PAUSE_MS;
      await this.said({ left_ms });
      return true;
    },
    // The server has other changes under these numbers: a page without this script, or a wiped phone.
    sequence_used: async (changes, { next }) => {
      for (const one of changes) {
        await this.waiting.remove(one.epoch, [one.seq]);
        await this.waiting.add(one.epoch, next, one.slot, one.response, one.at);
      }
      return true;
    },
    unreadable: async (changes, { seq }) => {
      const fault = changes.find((one) => one.seq === seq) ?? changes[0];
      await this.waiting.remove(fault.epoch, [fault.seq]);
      await this.said({ unreadable: fault.slot });
      return true;
    },
    // They are in the form, which is sent when the person hands in.
    full: async (changes, { detail }) => {
      await this.waiting.remove(
        this.device.epoch,
        changes.map((one) => one.seq),
      );
      await this.said({ full: detail });
      return true;
    },
    taken_over: () => this.stop(Line.ELSEWHERE),
    // They are kept by the server, apart.
    late: async (changes) => {
      await this.waiting.remove(
        this.device.epoch,
        changes.map((one) => one.seq),
      );
      return this.stop(Line.OVER);
    },
    over: async () => {
      const lost = (await this.waiting.all()).map(({ slot }) => slot);
      await this.waiting.clear();
      this.line = Line.OVER;
      await this.said({ lost });
      return false;
    },
    login: () => this.again(Line.LOGIN),
    down: () => this.again(Line.DOWN),
  };

  /** @param {string} line */
  async stop(line) {
    this.line = line;
    await this.said({});
    return false;
  }

  /** @param {string} line */
  async again(line) {
    this.sendIn(this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    return this.stop(line);
  }

  /** @param {Partial<News>} more */
  async said(more) {
    this.tell({ line: this.line, waiting: (await this.waiting.all()).length, ...more });
  }
}
