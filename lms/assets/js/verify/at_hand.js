// The key set and the status list cached on this device. Only authentic documents are cached.

import { ifAuthentic } from "./base64url.js";
import { UntrustedKeys, readKeySet } from "./keys.js";
import { readStatusList } from "./status.js";
import { Store } from "./store.js";

const LONGEST_WAIT = 30_000;
// The cache key of the device's own note (the latest moment seen); the site has no such address.
const NOTES = "/verify/offline/notes";

/**
 ** The cached documents: {keySet, statusList}, either may be null; `isCutOff`: no chain of rollovers leads from its keys to
 * those of the site; `seen`: the latest moment seen (milliseconds since 1970), to detect a clock that was set back.
 */
export class DeviceCache {
  constructor({ keys, rollovers, status }) {
    this.addresses = { keys, rollovers, status };
    this.store = new Store();
    this.keySet = null;
    this.statusList = null;
    this.isCutOff = false;
    this.seen = 0;
  }

  /** Load the documents cached at an earlier visit. */
  async load() {
    await this.store.open();
    const kept = [this.addresses.keys, this.addresses.status, NOTES].map((address) => this.store.read(address));
    const [keys, status, notes] = await Promise.all(kept);
    if (!keys) return;
    this.keySet = await readKeySet(await keys.text()).catch(ifAuthentic);
    if (status && this.keySet) {
      this.statusList = await readStatusList(await bytesOf(status), this.keySet).catch(ifAuthentic);
    }
    if (notes) Object.assign(this, await notes.json());
  }

  /** Store the latest moment seen. */
  async noteTime(now) {
    if (now > this.seen) await this.#note({ seen: Number(now) });
  }

  /** Fetch newer documents. Resolves to whether they were authentic; without a network nothing changes. */
  async refresh() {
    const [keys, status] = await Promise.all([fetched(this.addresses.keys), fetched(this.addresses.status)]);
    if (!keys || !status) return true;
    try {
      const keySet = await this.#readKeys(await keys.clone().text());
      if (!keySet) return true;
      await this.#keep("keySet", keySet, this.addresses.keys, keys);
      await this.#note({ isCutOff: false });
      const statusList = await readStatusList(await bytesOf(status.clone()), keySet);
      // A replayed old list cannot reinstate a revoked certificate.
      if (this.statusList && statusList.issuedAt < this.statusList.issuedAt) return false;
      const isNews = !this.statusList || statusList.issuedAt > this.statusList.issuedAt;
      await this.#keep("statusList", statusList, this.addresses.status, status);
      // The list is signed and new, so its moment replaces a later one, which came from a clock that was ahead.
      if (isNews) await this.#note({ seen: Number(statusList.issuedAt) });
      return true;
    } catch (fault) {
      ifAuthentic(fault);
      if (fault instanceof UntrustedKeys && this.keySet) await this.#note({ isCutOff: true });
      return false;
    }
  }

  /** Discard the cached documents and trust those the site sends now, as at the first visit. Without a network nothing changes. */
  async reset() {
    const before = { keySet: this.keySet, statusList: this.statusList };
    Object.assign(this, { keySet: null, statusList: null });
    const isBelieved = await this.refresh();
    if (!this.keySet) Object.assign(this, before);
    return isBelieved;
  }

  /** The set of a token, if necessary by rollover statements; null if those cannot be fetched now. */
  async #readKeys(token) {
    try {
      return await readKeySet(token, this.keySet);
    } catch (fault) {
      if (!(fault instanceof UntrustedKeys && this.keySet)) throw fault;
      const rollovers = await fetched(this.addresses.rollovers);
      return rollovers && readKeySet(token, this.keySet, await listOf(rollovers));
    }
  }

  async #note(changes) {
    Object.assign(this, changes);
    const { isCutOff, seen } = this;
    await this.store.write(NOTES, new Response(JSON.stringify({ isCutOff, seen })));
  }

  async #keep(name, value, address, response) {
    this[name] = value;
    await this.store.write(address, response);
  }
}

/** The complete response, or null if there is none or it was cut off. */
async function fetched(address) {
  const signal = AbortSignal.timeout?.(LONGEST_WAIT);
  try {
    const response = await fetch(address, { cache: "no-cache", signal });
    return response.ok ? new Response(await response.arrayBuffer(), { headers: response.headers }) : null;
  } catch {
    return null;
  }
}

async function bytesOf(response) {
  return new Uint8Array(await response.arrayBuffer());
}

async function listOf(response) {
  const list = await response.json().catch(() => null);
  return Array.isArray(list) ? list : [];
}
