// State that survives a reload: the draft, unacknowledged commands, and the id of this device.

import { room } from "./page.js";
import { uuid } from "./uuid.js";

const key = `live:${room.dataset.key}`;

export const kept = { draft: "", unsent: [], ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };
export const keep = () => sessionStorage.setItem(key, JSON.stringify(kept));

/** A list that survives a reload, stored under `name`. */
export function keptList(name) {
  return {
    read: () => kept[name] ?? [],
    write: (entries) => {
      kept[name] = entries;
      keep();
    },
  };
}

export const device = localStorage.getItem("live:device") ?? uuid();
localStorage.setItem("live:device", device);
