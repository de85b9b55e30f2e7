// Commands given while offline or not acknowledged yet: stored in the tab until the server acknowledges them.

import { uuid } from "./uuid.js";

const RETRY_MS = 3000;

/**
 * @typedef {{ id: string, type: string, facts: Record<string, any> }} Entry
 * @typedef {{ read: () => Entry[], write: (entries: Entry[]) => void }} Store where entries outlive the page
 * @typedef {{ send: (type: string, facts: Record<string, any>, id: string) => unknown }} Line
 */

export class Outbox {
  /**
   * @param {Line} connection
   * @param {Store} store
   * @param {(entry: Entry, code: string | null) => void} settled is called when an entry ends, with the code of a refusal, or null
   */
  constructor(connection, store, settled) {
    this.connection = connection;
    this.store = store;
    this.settled = settled;
  }

  get entries() {
    return this.store.read();
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} facts
   */
  put(type, facts) {
    const entry = { id: uuid(), type, facts };
    this.store.write([...this.entries, entry]);
    this.post(entry);
    return entry;
  }

  /** @param {Entry} entry */
  post({ id, type, facts }) {
    this.connection.send(type, facts, id);
  }

  /** Reconnected: resend all; commands are idempotent by id. */
  postAll() {
    for (const entry of this.entries) this.post(entry);
  }

  /** @param {string} id */
  take(id) {
    const entry = this.entries.find((one) => one.id === id);
    if (entry) this.replace((one) => one.id === id);
    return entry;
  }

  /**
   * Drops entries with `isOld(entry)`, which a newer command of the same person replaces.
   *
   * @param {(entry: Entry) => boolean} isOld
   */
  replace(isOld) {
    this.store.write(this.entries.filter((entry) => !isOld(entry)));
  }

  /** @param {string} id */
  acknowledge(id) {
    const entry = this.take(id);
    if (entry) this.settled(entry, null);
  }

  /**
   * Returns whether it will be resent, so that no error is shown.
   *
   * @param {{ id: string, code: string }} refusal
   */
  refuse({ id, code }) {
    const waiting = this.entries.find((entry) => entry.id === id);
    if (!waiting) return false;
    if (code === "too_fast" || code === "unavailable") {
      setTimeout(() => this.entries.some((entry) => entry.id === id) && this.post(waiting), RETRY_MS);
      return true;
    }
    this.take(id);
    this.settled(waiting, code);
    return false;
  }
}
