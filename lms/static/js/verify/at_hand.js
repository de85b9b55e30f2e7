// The keys and the status list that this device keeps. Only what was found authentic is kept.

import { NotAuthentic } from "./base64url.js";
import { readKeySet } from "./keys.js";
import { readStatusList } from "./status.js";

const REGISTER = "mihna-register";

/** Where the keys and the list are kept: {keySet, statusList} as of now, either null. */
export class AtHand {
  constructor({ keys, status }) {
    this.addresses = { keys, status };
    this.keySet = null;
    this.statusList = null;
  }

  /** Take what was kept at an earlier visit. */
  async remember() {
    const cache = await caches.open(REGISTER);
    const [keys, status] = await Promise.all([cache.match(this.addresses.keys), cache.match(this.addresses.status)]);
    if (!keys) return;
    this.keySet = await readKeySet(await keys.text());
    if (status) this.statusList = await readStatusList(await bytesOf(status), this.keySet).catch(ifAuthentic);
  }

  /** Ask the network for newer ones. Answers whether what came was believed; without a network nothing changes. */
  async refresh() {
    const cache = await caches.open(REGISTER);
    try {
      const [keys, status] = await Promise.all(Object.values(this.addresses).map(fetched));
      if (!keys || !status) return true;
      const keySet = await readKeySet(await keys.clone().text(), this.keySet);
      const statusList = await readStatusList(await bytesOf(status.clone()), keySet);
      // An old list that somebody replays brings no revoked certificate back.
      const isNewer = !this.statusList || statusList.issuedAt >= this.statusList.issuedAt;
      this.keySet = keySet;
      await cache.put(this.addresses.keys, keys);
      if (isNewer) {
        this.statusList = statusList;
        await cache.put(this.addresses.status, status);
      }
      return isNewer;
    } catch (fault) {
      ifAuthentic(fault);
      return false;
    }
  }
}

async function fetched(address) {
  const response = await fetch(address, { cache: "no-cache" }).catch(() => null);
  return response?.ok ? response : null;
}

async function bytesOf(response) {
  return new Uint8Array(await response.arrayBuffer());
}

/** Null for what is not authentic; other faults go on. */
function ifAuthentic(fault) {
  if (fault instanceof NotAuthentic) return null;
  throw fault;
}
