// What was done while the line was down, or is not answered yet: kept in the tab until the server has it.

import { keep, kept } from "./kept.js";
import { uuid } from "./page.js";

const RETRY_MS = 3000;

export class Outbox {
  /** `name` is where the entries `{id, type, facts}` are kept; `settled(entry, code)` hears how each ended. */
  constructor(connection, name, settled) {
    this.connection = connection;
    this.name = name;
    this.settled = settled;
    kept[name] ??= [];
  }

  get entries() {
    return kept[this.name];
  }

  put(type, facts) {
    const entry = { id: uuid(), type, facts };
    this.entries.push(entry);
    keep();
    this.post(entry);
    return entry;
  }

  post({ id, type, facts }) {
    this.connection.send(type, facts, id);
  }

  /** The line is back: the server takes a repetition for what it is. */
  postAll() {
    for (const entry of this.entries) this.post(entry);
  }

  take(id) {
    const entry = this.entries.find((one) => one.id === id);
    if (entry) {
      kept[this.name] = this.entries.filter((one) => one !== entry);
      keep();
    }
    return entry;
  }

  /** Forgets what `isOld(entry)`: a newer wish of the same person has taken its place. */
  replace(isOld) {
    kept[this.name] = this.entries.filter((entry) => !isOld(entry));
    keep();
  }

  acknowledge(id) {
    const entry = this.take(id);
    if (entry) this.settled(entry, null);
  }

  /** Returns whether it will be tried again, so that nothing has to be said. */
  refuse({ id, code }) {
    const waiting = this.entries.find((entry) => entry.id === id);
    if (!waiting) return false;
    if (code === "too_fast" || code === "unavailable") {
      setTimeout(() => this.entries.includes(waiting) && this.post(waiting), RETRY_MS);
      return true;
    }
    this.settled(this.take(id), code);
    return false;
  }
}
