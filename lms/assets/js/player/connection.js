// How good the line is, before the first picture is asked for.

import { remember, remembered } from "./memory.js";

// Below this a library of 115 kB is dearer than a minute of the film.
export const SLOW_BITS = 300_000;
// Smaller answers tell the delay of the line, not its width.
const LEAST_MEASURED_BYTES = 8_000;
const FORGET_MS = 3 * 86_400_000;

export function isSaving() {
  return Boolean(navigator.connection?.saveData) || "saveData" in document.documentElement.dataset;
}

/** Bits per second as this page's own files came, else as remembered, else as the browser guesses; 0 unknown. */
export function connectionSpeed() {
  const entries = ["resource", "navigation"].flatMap((type) => performance.getEntriesByType(type));
  const files = /** @type {PerformanceResourceTiming[]} */ (entries).filter((entry) => entry.transferSize > LEAST_MEASURED_BYTES && entry.responseEnd > entry.requestStart);
  if (files.length) {
    const start = Math.min(...files.map((entry) => entry.requestStart));
    const end = Math.max(...files.map((entry) => entry.responseEnd));
    const best = Math.max(
      ...files.map((entry) => (entry.transferSize * 8000) / (entry.responseEnd - entry.requestStart)),
    );
    // Files that came side by side shared the line: what came altogether counts, where that is more.
    const all = files.reduce((sum, entry) => sum + entry.transferSize, 0);
    return Math.round(Math.max(best, (all * 8000) / (end - start)));
  }
  const [bits, at] = (remembered("line") ?? "").split("@").map(Number);
  if (bits && Date.now() - at < FORGET_MS) return bits;
  const { effectiveType, downlink } = navigator.connection ?? {};
  if (effectiveType && effectiveType !== "4g") return 60_000;
  return downlink ? downlink * 1_000_000 : 0;
}

/** @param {number} bits */
export function rememberSpeed(bits) {
  remember("line", `${Math.round(bits)}@${Date.now()}`);
}
