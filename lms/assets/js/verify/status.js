// The cached status of every certificate: certificates/offline/status_list.py.

import { NotAuthentic } from "./base64url.js";
import { isSignedBy, openMessage } from "./cose.js";

/**
 * @typedef {{ issuedAt: Date, nextUpdate: Date, size: number, bits: Uint8Array }} StatusList
 * @typedef {{ now: Date, hoursKept: number, seen?: number, isCutOff?: boolean }} Limits `seen` in milliseconds since 1970
 */

const KIND = "mihna-status";
const MAXIMUM = 4_000_000;
const STATUSES = ["good", "revoked", "suspended", "replaced"];
const HOUR = 3_600_000;
// A clock may be a little slow.
const SKEW = 300_000;

/**
 * The list of its bytes: {issuedAt, nextUpdate, size, bits}, signed by a key of the set. Throws NotAuthentic.
 *
 * @param {Uint8Array} bytes
 * @param {import("./keys.js").KeySet} keySet
 * @returns {Promise<StatusList>}
 */
export async function readStatusList(bytes, keySet) {
  const { kid, message, signature, signed } = openMessage(bytes, KIND);
  const trusted = keySet.keys.filter((key) => key.kid === kid && !key.compromisedAt);
  const answers = await Promise.all(trusted.map(({ jwk }) => isSignedBy(jwk, signature, signed)));
  if (!answers.includes(true)) throw new NotAuthentic("not signed by a key we trust");
  const [issuedAt, nextUpdate, size, packed] = [1, 2, 3, 4].map((key) => message.get(key));
  const areNumbers = [issuedAt, nextUpdate, size].every(Number.isSafeInteger);
  if (message.size !== 4 || !areNumbers || size < 0 || size > MAXIMUM || !(packed instanceof Uint8Array)) {
    throw new NotAuthentic("not a status list");
  }
  const bits = await unpacked(packed, Math.ceil(size / 4));
  return { issuedAt: new Date(issuedAt * 1000), nextUpdate: new Date(nextUpdate * 1000), size, bits };
}

/**
 ** The validity of a list now: `fresh`; `old` (over `hoursKept` after it was issued, or past its next update); `clock`, where
 * the device's clock says a moment before the list, or before the latest that was `seen`; or `cut-off`, where the device
 * has lost the keys of the site. Only a fresh one gives an all-clear.
 *
 * @param {StatusList} list
 * @param {Limits} limits
 */
export function freshness(list, { now, hoursKept, seen = 0, isCutOff = false }) {
  if (isCutOff) return "cut-off";
  const age = now.getTime() - list.issuedAt.getTime();
  if (age < -SKEW || now.getTime() - seen < -SKEW) return "clock";
  return age <= hoursKept * HOUR && now < list.nextUpdate ? "fresh" : "old";
}

/**
 ** The status at an index of the list: {status, since}. `unknown` if the list is not fresh or was made before the
 * certificate. A permanent status is also taken from an old list.
 *
 * @param {StatusList | null} list
 * @param {number | undefined} index
 * @param {Limits} limits
 */
export function statusAt(list, index, limits) {
  if (!list || index === undefined || !Number.isSafeInteger(index) || index < 0 || index >= list.size) {
    return { status: "unknown", since: list?.issuedAt ?? null };
  }
  const status = STATUSES[(list.bits[index >> 2] >> (6 - 2 * (index & 3))) & 3];
  if (status === "revoked" || status === "replaced") return { status, since: list.issuedAt };
  return { status: freshness(list, limits) === "fresh" ? status : "unknown", since: list.issuedAt };
}

/**
 * The bytes of a zlib stream (RFC 1950), exactly `length` of them.
 *
 * @param {Uint8Array} packed
 * @param {number} length
 */
async function unpacked(packed, length) {
  const bits = new Uint8Array(length);
  let place = 0;
  try {
    const reader = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (place + part.value.length > length) {
        await reader.cancel();
        throw new RangeError("longer than the list");
      }
      bits.set(part.value, place);
      place += part.value.length;
    }
  } catch {
    throw new NotAuthentic("the bits cannot be unpacked");
  }
  if (place !== length) throw new NotAuthentic("the bits are cut off");
  return bits;
}
