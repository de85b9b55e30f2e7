// Which attempts are kept on this device for a reload without a connection, and how they are removed. Pages of the whole site import this.

const INDEX = "kept-attempts";
// What is marked for later in an attempt (overview.js).
export const FLAGS = "flags:";

/** Of its cache and of its database. @param {string} attempt */
export const nameOf = (attempt) => `mihna-attempt:${attempt}`;

/** When each of them ends, by the clock of this device. @returns {Record<string, number>} */
export function kept() {
  try {
    return JSON.parse(localStorage.getItem(INDEX) ?? "{}");
  } catch {
    return {};
  }
}

/** Throws where the browser forbids it: then nothing may be kept. @param {string} attempt @param {number} until */
export function noteKept(attempt, until) {
  localStorage.setItem(INDEX, JSON.stringify({ ...kept(), [attempt]: until }));
}

/** What waits to be sent is not among it. @param {string} attempt */
export async function forget(attempt) {
  const { [attempt]: until, ...others } = kept();
  if (until === undefined) return;
  localStorage.setItem(INDEX, JSON.stringify(others));
  localStorage.removeItem(nameOf(attempt));
  indexedDB.deleteDatabase(nameOf(attempt));
  await globalThis.caches?.delete(nameOf(attempt));
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? [])
    if (one.scope.endsWith(`/${attempt}/`)) await one.unregister();
}

/** What was marked for later, in any attempt. */
function forgetFlags() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(FLAGS)) localStorage.removeItem(key);
  } catch {
    // The browser forbids it: then nothing is there.
  }
}

/** Those whose time is over, or all. @param {{ all: boolean }} which */
export async function forgetEnded({ all }) {
  if (all) forgetFlags();
  for (const [attempt, until] of Object.entries(kept())) if (all || until < Date.now()) await forget(attempt);
}
