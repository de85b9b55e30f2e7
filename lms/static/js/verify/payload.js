// What the QR code of a certificate carries behind the # of its address. The numbers are those of
// certificates/offline/payload.py.

import { NotAuthentic, fromBase64url } from "./base64url.js";
import { openMessage } from "./cose.js";

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
  [7, ["level", "string"]],
  [8, ["issuedOn", "day"]],
  [9, ["expiresOn", "day"]],
  [10, ["statusIndex", "number"]],
  [11, ["signedOn", "day"]],
]);

/**
 * The certificate of a scanned address: {facts, kid, signature, signed}, nothing verified yet. Days are Dates at
 * midnight UTC. Null where the address carries none. Throws NotAuthentic.
 */
export function readAddress(address) {
  const [page, fragment] = split(address);
  if (!fragment) return null;
  if (fragment.length > LONGEST_FRAGMENT) throw new NotAuthentic("too long");
  const { kid, message, signature, signed } = openMessage(fromBase64url(fragment), undefined);
  const facts = readFacts(message);
  const named = page.replace(/\/+$/, "").split("/").pop().replaceAll("-", "").toUpperCase();
  if (named !== facts.code) throw new NotAuthentic("the address names another certificate");
  return { facts, kid, signature, signed };
}

function split(address) {
  const place = address.indexOf("#");
  return place < 0 ? [address, ""] : [address.slice(0, place), address.slice(place + 1)];
}

function readFacts(message) {
  const facts = {};
  for (const [key, value] of message) {
    const [name, kind] = MEMBERS.get(key) ?? [];
    if (typeof value !== (kind === "day" ? "number" : kind)) throw new NotAuthentic("not a certificate");
    if (kind === "day" && Math.abs(value) > LAST_DAY) throw new NotAuthentic("not a day");
    facts[name] = kind === "day" ? new Date(value * DAY) : value;
  }
  if (!("code" in facts && "program" in facts && "issuedOn" in facts)) throw new NotAuthentic("not a certificate");
  return facts;
}
