// Estimates the speed of the connection before the first picture is requested.

import { remember, remembered } from "./memory.js";

// Below this a library of 115 kB costs more than a minute of video.
export const SLOW_BITS = 300_000;
// Smaller responses measure latency, not bandwidth.
const LEAST_MEASURED_BYTES = 8_000;
const FORGET_MS = 3 * 86_400_000;

export function isSaving() {
  return Boolean(navigator.connection?.saveData) || "saveData" in document.documentElement.dataset;
}

/** Bits per second of this page's own files, else the remembered value, else the browser's estimate; 0 when unknown. */
export function connectionSpeed() {
  const entries = ["resource", "navigation"].flatMap((type) => performance.getEntriesByType(type));
  const files = /** @type {PerformanceResourceTiming[]} */ (entries).filter((entry) => entry.transferSize > LEAST_MEASURED_BYTES && entry.responseEnd > entry.requestStart);
  if (files.length) {
    const start = Math.min(...files.map((entry) => entry.requestStart));
    const end = Math.max(...files.map((entry) => entry.responseEnd));
    const best = Math.max(
      ...files.map((entry) => (entry.transferSize * 8000) / (entry.responseEnd - entry.requestStart)),
    );
    // Parallel downloads share the bandwidth: their total counts where it is higher.
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
