// An attempt as this device saw it last, for a reload without a connection: its page, its answers, and what the server said of its device.
//
// What waits to be sent is in waiting.js. This is a copy to look at, and is removed with the login and with the attempt (forget.js).

import { forget, nameOf, noteKept } from "./forget.js";
import { settled } from "./waiting.js";

// Of an attempt without a limit of time.
const LONGEST_MS = 7 * 24 * 3600 * 1000;
// What a page is answered with, and has to have again.
const HEADERS = ["Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"];

/**
 * @typedef {{ slot: number, response: any, epoch: number, seq: number, files?: any[] }} KeptAnswer of seq 0: it is not among the changes yet
 * @typedef {{ device: any, until: number | null }} KeptDevice
 */

/** @param {string} name */
function opened(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("answers", { keyPath: "slot" });
    request.result.createObjectStore("device");
  };
  return settled(request);
}

export class Kept {
  /** @param {string} attempt @param {IDBDatabase | null} database null where the browser forbids it: then nothing is kept */
  constructor(attempt, database) {
    this.attempt = attempt;
    this.database = database;
    // It is removed as soon as a page asks for it.
    database?.addEventListener("versionchange", () => {
      database.close();
      this.database = null;
    });
  }

  /** @param {string} attempt */
  static async of(attempt) {
    try {
      noteKept(attempt, Date.now() + LONGEST_MS);
      return new Kept(attempt, await opened(nameOf(attempt)));
    } catch {
      return new Kept(attempt, null);
    }
  }

  /** One write that waits for nothing: it outlives a page that is closed in the same moment. @param {string} store @param {any} value @param {string} [key] */
  write(store, value, key) {
    try {
      const transaction = this.database?.transaction(store, "readwrite");
      transaction?.objectStore(store).put(value, key);
      transaction?.commit();
    } catch {
      // Closed or full. Answers still wait in waiting.js.
    }
  }

  /** @param {KeptAnswer} answer */
  note(answer) {
    this.write("answers", answer);
  }

  /** What is not among the changes as the page goes, where a write of the database would come too late. @param {KeptAnswer[]} answers */
  noteLast(answers) {
    try {
      if (this.database && answers.length) localStorage.setItem(nameOf(this.attempt), JSON.stringify(answers));
    } catch {
      // Full or forbidden: what was noted before is there.
    }
  }

  /** @returns {KeptAnswer[]} */
  takeLast() {
    try {
      const last = JSON.parse(localStorage.getItem(nameOf(this.attempt)) ?? "[]");
      localStorage.removeItem(nameOf(this.attempt));
      return last;
    } catch {
      return [];
    }
  }

  /** One for each question at the most. @returns {Promise<KeptAnswer[]>} */
  async answers() {
    if (!this.database) return [];
    const noted = await settled(this.database.transaction("answers").objectStore("answers").getAll());
    const last = this.takeLast();
    return [...noted.filter(({ slot }) => !last.some((one) => one.slot === slot)), ...last];
  }

  /** All that the page shows, in place of what was noted. @param {KeptAnswer[]} answers */
  fill(answers) {
    const noted = this.database?.transaction("answers", "readwrite").objectStore("answers");
    noted?.clear();
    for (const one of answers) noted?.put(one);
  }

  /** @returns {Promise<KeptDevice | undefined>} */
  async device() {
    if (!this.database) return undefined;
    return settled(this.database.transaction("device").objectStore("device").get("device"));
  }

  /** @param {any} device @param {number | null} until when its time is over, by the clock of this device */
  keepDevice(device, until) {
    if (!this.database) return;
    this.write("device", { device, until }, "device");
    noteKept(this.attempt, until ?? Date.now() + LONGEST_MS);
    this.until = until;
  }

  /**
   * Keep the page itself, with all that it shows. Its address is the scope of the worker.
   *
   * @param {object} page
   * @param {string} page.html as the server sent it
   * @param {string} page.worker
   * @param {string[]} page.parts addresses of scripts, style sheets, pictures and fonts
   * @param {Headers} page.headers of an answer of this site
   */
  async keepPage({ html, worker, parts, headers }) {
    if (!this.database || !globalThis.caches || !navigator.serviceWorker) return;
    const scope = location.pathname;
    const cache = await caches.open(nameOf(this.attempt));
    const missing = [];
    for (const part of new Set(parts)) if (!(await cache.match(part))) missing.push(part);
    // They have just been loaded: the browser has them at hand.
    await Promise.all(missing.map(async (part) => cache.put(part, await fetch(part, { cache: "force-cache" }))));
    // Whole before the answer is made: Chromium takes the type of its content from then.
    const own = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Until": String(this.until ?? Date.now() + LONGEST_MS) });
    for (const name of HEADERS) if (headers.has(name)) own.set(name, headers.get(name) ?? "");
    const answer = new Response(html.replace("<html ", `<html data-kept="${Date.now()}" `), { headers: own });
    await cache.put(scope, answer);
    await navigator.serviceWorker.register(worker, { scope });
  }

  async clear() {
    this.database?.close();
    this.database = null;
    await forget(this.attempt);
  }
}
