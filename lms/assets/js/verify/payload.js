// The payload in the fragment of the address in a QR code. The numbers are those of
// certificates/offline/payload.py.

import { NotAuthentic, fromBase64url } from "./base64url.js";
import { decodeCbor } from "./cbor.js";
import { openEnvelope } from "./cose.js";

const LONGEST_FRAGMENT = 4000;
const DAY = 86_400_000;
// The last day that a date of JavaScript can be.
const LAST_DAY = 100_000_000;
const MEMBERS = new Map([
  [1, ["issuer", "string"]],
  [2, ["code", "string"]],
  [3, ["number", "string"]],
  [4, ["nameAr", "string"]],
  [5, ["nameEn", "string"]],
  [6, ["program", "string"]],
  [7, ["levelWords", "string"]],
  [8, ["issuedOn", "day"]],
  [9, ["expiresOn", "day"]],
  [10, ["statusIndex", "number"]],
  [11, ["signedOn", "day"]],
  [12, ["validFrom", "day"]],
  [13, ["kind", "number"]],
  [14, ["level", "string"]],
]);

// The page of a certificate, on whatever host: thirteen symbols, with or without dashes. A browser that opened the square
// has it in its bar by the name it led to.
const PAGE_OF_A_CODE = /\/(?:c|v|verify)\/([0-9a-z-]{13,16})\/*$/i;

/**
 ** The parts of a scanned address: {code, kid, payload, signature, signed}, not verified; `code` is the one in the
 * address. Null if it is not the address of a certificate, or has no payload. Throws NotAuthentic if the payload is
 * damaged.
 *
 * @param {string} address
 */
export function readAddress(address) {
  const [page, fragment] = split(address);
  const code = PAGE_OF_A_CODE.exec(page)?.[1].replaceAll("-", "").toUpperCase();
  if (!fragment || code?.length !== 13) return null;
  if (fragment.length > LONGEST_FRAGMENT) throw new NotAuthentic("too long");
  return { code, ...openEnvelope(fromBase64url(fragment), undefined) };
}

/**
 * @param {string} address
 * @returns {[page: string, fragment: string]}
 */
function split(address) {
  const place = address.indexOf("#");
  return place < 0 ? [address, ""] : [address.slice(0, place), address.slice(place + 1)];
}

/**
 * @typedef {{
 *   code: string, program: string, issuedOn: Date, issuer?: string, number?: string, nameAr?: string, nameEn?: string, levelWords?: string, kind?: number, level?: string,
 *   expiresOn?: Date, signedOn?: Date, validFrom?: Date, statusIndex?: number,
 * }} Facts
 */

/**
 ** The claims in the payload. Days are Dates at midnight UTC. Throws NotAuthentic.
 *
 * @param {Uint8Array} payload
 * @returns {Facts}
 */
export function readFacts(payload) {
  /** @type {Record<string, any>} */
  const facts = {};
  const message = decodeCbor(payload);
  if (!(message instanceof Map)) throw new NotAuthentic("not a certificate");
  for (const [key, value] of message) {
    const [name, kind] = MEMBERS.get(key) ?? [];
    if (typeof value !== (kind === "day" ? "number" : kind)) throw new NotAuthentic("not a certificate");
    if (kind === "day" && Math.abs(value) > LAST_DAY) throw new NotAuthentic("not a day");
    facts[name] = kind === "day" ? new Date(value * DAY) : value;
  }
  if (!("code" in facts && "program" in facts && "issuedOn" in facts)) throw new NotAuthentic("not a certificate");
  return /** @type {Facts} */ (facts);
}
