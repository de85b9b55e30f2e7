// The playback mode a person chose, stored on this device.

import { VIDEO_WAYS } from "./ladder.js";

const KEY = "live:way";

/** @returns {import("./ladder.js").Way} */
export function chosenWay() {
  const stored = VIDEO_WAYS.find((way) => way === localStorage.getItem(KEY));
  return stored ?? firstGuess(navigator.connection);
}

/** @param {import("./ladder.js").Way} way */
export function rememberWay(way) {
  localStorage.setItem(KEY, way);
}

/**
 * Phones on a mobile network begin with audio only; the person can choose the picture.
 *
 * @param {{ saveData?: boolean, type?: string, effectiveType?: string } | undefined} line the browser's Network Information, where it has one
 */
export function firstGuess(line) {
  const isDear = line?.saveData || line?.type === "cellular" || ["slow-2g", "2g", "3g"].includes(line?.effectiveType ?? "");
  return isDear ? "audio" : "nearly";
}
