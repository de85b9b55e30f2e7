// When a lost connection to a room is tried again, and what ends it for good.

const LONGEST_SECONDS = 30;
const SHORTEST_SECONDS = 0.5;
const OUTSIDE_MS = 4000;
export const ENDED = 4410;
// Close codes after which the client does not reconnect.
const FINAL = new Set([4403, 4409, ENDED]);

/** @param {number} code with which a socket was closed */
export function isFinal(code) {
  return FINAL.has(code);
}

export class Reconnect {
  /** @param {() => number} random from 0 to 1 */
  constructor(random = Math.random) {
    this.random = random;
    this.attempts = 0;
  }

  /** Milliseconds before the next try, with full jitter, so that a class does not reconnect all at once. */
  next() {
    const most = Math.min(LONGEST_SECONDS, 2 ** this.attempts);
    this.attempts += 1;
    return 1000 * (SHORTEST_SECONDS + this.random() * (most - SHORTEST_SECONDS));
  }

  /** Milliseconds before a page in the lobby asks again, with jitter. */
  outside() {
    return OUTSIDE_MS * (1 + this.random());
  }

  /** The server has admitted us. */
  succeeded() {
    this.attempts = 0;
  }
}

/**
 * What the answer to the request for a ticket means: "open" with the ticket, wait in the "lobby", "stop" for good, or try "again".
 *
 * @param {{ status: number, isJson: boolean, code?: string }} answer
 * @returns {"open" | "lobby" | "stop" | "again"}
 */
export function meaningOf({ status, isJson, code }) {
  if (status === 403 && isJson) return code === "in_lobby" ? "lobby" : "stop";
  if (status === 404) return "stop";
  return status >= 200 && status < 300 ? "open" : "again";
}
