// What survives a reload: the draft and what was not acknowledged.

import { room, uuid } from "./page.js";

const key = `live:${room.dataset.key}`;

export const kept = { draft: "", unsent: [], ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };
export const keep = () => sessionStorage.setItem(key, JSON.stringify(kept));

export const device = localStorage.getItem("live:device") ?? uuid();
localStorage.setItem("live:device", device);
