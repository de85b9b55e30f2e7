// Whether the site answers. Pages of the whole site import this.

const SLOWEST_MS = 20_000;

/** Browsers of before 2022 wait as long as they like. @param {string} address @returns {Promise<boolean>} */
export async function isReached(address) {
  try {
    return (await fetch(address, { method: "HEAD", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(SLOWEST_MS) })).status < 500;
  } catch {
    return false;
  }
}
