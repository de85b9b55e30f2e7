// Changes of answers that have no receipt yet, in IndexedDB: they outlive a reload, a crash and an empty battery.

const NAME = "mihna-answers";
const MONTH_MS = 30 * 24 * 3600 * 1000;
// Epochs count from 1. Under this one is kept what a later answer of another device took the place of: it is read, and never sent.
export const ASIDE = 0;

/** @typedef {{ attempt: string, epoch: number, seq: number, slot: number, response: any, at: number }} Change */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves once the transaction is on the disk, as far as the browser knows. @param {IDBTransaction} transaction */
function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

async function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("changes", { keyPath: ["attempt", "epoch", "seq"] });
  };
  return settled(request);
}

/**
 * The number of a new change: behind all that wait in its epoch, also behind one that it replaces, which may be on its way.
 * @param {Change[]} waiting
 * @param {number} epoch
 * @param {number} least
 */
function nextSeq(waiting, epoch, least) {
  return Math.max(least, ...waiting.filter((one) => one.epoch === epoch).map((one) => one.seq + 1));
}

/** How many changes wait of some attempts; none where the browser forbids it. @param {string[]} attempts */
export async function countWaiting(attempts) {
  try {
    const database = await opened();
    const all = await settled(/** @type {IDBRequest<Change[]>} */ (database.transaction("changes").objectStore("changes").getAll()));
    database.close();
    return all.filter(({ attempt, epoch }) => epoch !== ASIDE && attempts.includes(attempt)).length;
  } catch {
    return 0;
  }
}

/** The changes of one attempt. Two tabs of a browser share them. */
export class Waiting {
  /** @param {string} attempt @param {IDBDatabase} database */
  constructor(attempt, database) {
    this.attempt = attempt;
    this.database = database;
  }

  /** Of the disk; of the memory where the browser forbids it. @param {string} attempt */
  static async of(attempt) {
    try {
      const database = await opened();
      const waiting = new Waiting(attempt, database);
      await waiting.forget();
      return waiting;
    } catch {
      return new WaitingInMemory(attempt);
    }
  }

  get range() {
    return IDBKeyRange.bound([this.attempt, ASIDE + 1], [this.attempt, []]);
  }

  /** All of them, in order. @returns {Promise<Change[]>} */
  all() {
    return settled(this.database.transaction("changes").objectStore("changes").getAll(this.range));
  }

  /** What was set aside, in order. @returns {Promise<Change[]>} */
  aside() {
    return settled(this.database.transaction("changes").objectStore("changes").getAll(IDBKeyRange.bound([this.attempt], [this.attempt, ASIDE + 1])));
  }

  /** Another device answered later: it waits no more, and is kept to be read. Both or none. @param {Change} change */
  async setAside(change) {
    const transaction = this.database.transaction("changes", "readwrite", { durability: "strict" });
    const changes = transaction.objectStore("changes");
    // A number of its own, as `seq` has five digits; the same in whichever tab does it.
    changes.put({ ...change, epoch: ASIDE, seq: change.epoch * 100_000 + change.seq });
    changes.delete([this.attempt, change.epoch, change.seq]);
    await finished(transaction);
  }

  /**
   * Keep a change under the next number of the epoch, in place of what waits for the same slot. `least`: that number at least.
   *
   * @param {number} epoch
   * @param {number} least
   * @param {number} slot
   * @param {any} response
   * @param {number} [at] when it was chosen, if that was before
   * @returns {Promise<number>} the number
   */
  async add(epoch, least, slot, response, at = Date.now()) {
    const transaction = this.database.transaction("changes", "readwrite", { durability: "strict" });
    const changes = transaction.objectStore("changes");
    const waiting = await settled(changes.getAll(this.range));
    const seq = nextSeq(waiting, epoch, least);
    for (const one of waiting) {
      if (one.slot === slot && one.epoch === epoch) changes.delete([this.attempt, epoch, one.seq]);
    }
    changes.put({ attempt: this.attempt, epoch, seq, slot, response, at });
    await finished(transaction);
    return seq;
  }

  /** @param {number} epoch @param {number[]} seqs */
  async remove(epoch, seqs) {
    const transaction = this.database.transaction("changes", "readwrite");
    for (const seq of seqs) transaction.objectStore("changes").delete([this.attempt, epoch, seq]);
    await finished(transaction);
  }

  async clear() {
    const transaction = this.database.transaction("changes", "readwrite");
    transaction.objectStore("changes").delete(IDBKeyRange.bound([this.attempt], [this.attempt, []]));
    await finished(transaction);
  }

  /** Changes of a month ago: their attempts are long over. */
  async forget() {
    const transaction = this.database.transaction("changes", "readwrite");
    const changes = transaction.objectStore("changes");
    for (const one of await settled(changes.getAll())) {
      if (one.at < Date.now() - MONTH_MS) changes.delete([one.attempt, one.epoch, one.seq]);
    }
    await finished(transaction);
  }
}

/** The same for as long as the page is open. */
export class WaitingInMemory {
  /** @param {string} attempt */
  constructor(attempt) {
    this.attempt = attempt;
    /** @type {Change[]} */
    this.changes = [];
  }

  async all() {
    return [...this.changes];
  }

  /** A page sets aside what the page before it left: here nothing is left. @returns {Promise<Change[]>} */
  async aside() {
    return [];
  }

  /** @param {Change} change */
  async setAside({ epoch, seq }) {
    await this.remove(epoch, [seq]);
  }

  /** @param {number} epoch @param {number} least @param {number} slot @param {any} response @param {number} [at] */
  async add(epoch, least, slot, response, at = Date.now()) {
    const seq = nextSeq(this.changes, epoch, least);
    this.changes = this.changes.filter((one) => one.slot !== slot || one.epoch !== epoch);
    this.changes.push({ attempt: this.attempt, epoch, seq, slot, response, at });
    return seq;
  }

  /** @param {number} epoch @param {number[]} seqs */
  async remove(epoch, seqs) {
    this.changes = this.changes.filter((one) => one.epoch !== epoch || !seqs.includes(one.seq));
  }

  async clear() {
    this.changes = [];
  }
}
