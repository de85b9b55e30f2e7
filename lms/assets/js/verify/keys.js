// The set of all keys that sign or signed certificates: certificates/offline/key_set.py.

import { NotAuthentic, fromBase64url, ifAuthentic, toBase64url } from "./base64url.js";
import { isSignedBy } from "./cose.js";

/**
 * @typedef {{ kid: string, jwk: JsonWebKey, notBefore: Date, retiredAt: Date | null, compromisedAt: Date | null }} Key
 * @typedef {{ issuedAt: Date, keys: Key[] }} KeySet
 * @typedef {{ kid: string, document: any, signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer> }} Token
 */

const TYPE = "mihna-keys+jwt";
const ROLLOVER_TYPE = "mihna-key-hand-over+jwt";
// More than the site ever sends.
const MAX_ROLLOVERS = 200;

/** It is not signed by a trusted key, nor by one that a trusted key introduced. */
export class UntrustedKeys extends NotAuthentic {}

/**
 * The set of keys in a token: {issuedAt, keys: [{kid, jwk, notBefore, retiredAt, compromisedAt}]}.
 *
 ** `known` is the cached set, which has to trust the signer, itself or through `rollovers` (statements, the oldest
 * first). Without one the set has to be signed by a key of its own, so the first has to come over TLS from the site.
 * Throws NotAuthentic, UntrustedKeys where the chain from the known keys does not reach the signer.
 *
 * @param {string} token
 * @param {KeySet | null} known
 * @param {unknown[]} rollovers
 */
export async function readKeySet(token, known = null, rollovers = []) {
  const opened = openToken(token, TYPE);
  const found = readDocument(opened.document);
  await requireOwnNames(found.keys);
  const trusted = known ? await withIntroducedKeys(known, rollovers) : found.keys.filter(({ compromisedAt }) => !compromisedAt);
  if (!(await isSignedByOne(trusted, opened))) throw new UntrustedKeys("not signed by a key we trust");
  if (known && found.issuedAt < known.issuedAt) throw new NotAuthentic("older than the set at hand");
  return found;
}

/**
 ** The keys that a set trusts and those they introduced. Rollover statements do not expire: they only add keys.
 *
 * @param {KeySet} known
 * @param {unknown[]} rollovers
 */
async function withIntroducedKeys(known, rollovers) {
  const trusted = known.keys.filter(({ compromisedAt }) => !compromisedAt);
  const compromised = known.keys.filter(({ compromisedAt }) => compromisedAt).map(({ kid }) => kid);
  for (const token of rollovers.slice(-MAX_ROLLOVERS)) {
    const introduced = await introducedBy(trusted, token).catch(ifAuthentic);
    if (introduced && !compromised.includes(introduced.kid)) trusted.push(introduced);
  }
  return trusted;
}

/**
 * @param {Key[]} trusted
 * @param {unknown} token
 */
async function introducedBy(trusted, token) {
  const opened = openToken(String(token), ROLLOVER_TYPE);
  const introduced = readKey(opened.document.key);
  await requireOwnNames([introduced]);
  return (await isSignedByOne(trusted, opened)) ? introduced : null;
}

/**
 * @param {string} token
 * @param {string} type
 * @returns {Token}
 */
function openToken(token, type) {
  const parts = token.split(".");
  if (parts.length !== 3) throw new NotAuthentic("not a token of ours");
  const [header, document] = parts.slice(0, 2).map((part) => readJson(fromBase64url(part)));
  if (header.alg !== "ES256" || header.typ !== type || Object.keys(header).length !== 3) {
    throw new NotAuthentic("not the header we write for this");
  }
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  return { kid: header.kid, document, signature: fromBase64url(parts[2]), signed };
}

/**
 * @param {Key[]} keys
 * @param {Token} token
 */
async function isSignedByOne(keys, { kid, signature, signed }) {
  const named = keys.filter((key) => key.kid === kid);
  const answers = await Promise.all(named.map(({ jwk }) => isSignedBy(jwk, signature, signed)));
  return answers.includes(true);
}

/** @param {Key[]} keys */
async function requireOwnNames(keys) {
  for (const { kid, jwk } of keys) {
    if (kid !== (await shortKid(jwk))) throw new NotAuthentic("a key has another name than its own");
  }
}

/** @param {Uint8Array} bytes */
function readJson(bytes) {
  try {
    return Object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    throw new NotAuthentic("not JSON");
  }
}

/**
 * @param {any} document
 * @returns {KeySet}
 */
function readDocument(document) {
  if (!Array.isArray(document.keys)) throw new NotAuthentic("not a set of keys");
  return {
    issuedAt: readMoment(document.issued_at),
    keys: document.keys.map(readKey),
  };
}

/**
 * @param {any} entry
 * @returns {Key}
 */
function readKey(entry) {
  const { kid, jwk, not_before, retired_at, compromised_at } = Object(entry);
  if (jwk?.kty !== "EC" || jwk.crv !== "P-256") throw new NotAuthentic("not a key of ours");
  return {
    kid,
    jwk,
    notBefore: readMoment(not_before),
    retiredAt: retired_at === undefined ? null : readMoment(retired_at),
    compromisedAt: compromised_at === undefined ? null : readMoment(compromised_at),
  };
}

/** @param {unknown} text */
function readMoment(text) {
  const moment = new Date(typeof text === "string" ? text : NaN);
  if (Number.isNaN(moment.getTime())) throw new NotAuthentic("not a moment");
  return moment;
}

/**
 * The first four bytes of the key's thumbprint (RFC 7638).
 *
 * @param {JsonWebKey} jwk
 */
async function shortKid({ crv, kty, x, y }) {
  const canonical = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", canonical)).subarray(0, 4));
}
