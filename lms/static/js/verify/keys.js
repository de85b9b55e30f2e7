// The keys that ever signed certificates, kept at hand: certificates/offline/key_set.py.

import { NotAuthentic, fromBase64url, toBase64url } from "./base64url.js";
import { isSignedBy } from "./cose.js";

const TYPE = "mihna-keys+jwt";

/**
 * The set of keys in a token: {issuedAt, keys: [{kid, jwk, notBefore, retiredAt, compromisedAt}]}.
 *
 * `known` is the set at hand, which has to trust the signer; without one the set has to be signed by a key of its own,
 * so the first has to come over TLS from the site. Throws NotAuthentic.
 */
export async function readKeySet(token, known = null) {
  const parts = token.split(".");
  if (parts.length !== 3) throw new NotAuthentic("not a set of keys");
  const [header, document] = parts.slice(0, 2).map((part) => readJson(fromBase64url(part)));
  if (header.alg !== "ES256" || header.typ !== TYPE || Object.keys(header).length !== 3) {
    throw new NotAuthentic("not the header we write for this");
  }
  const found = readDocument(document);
  for (const { kid, jwk } of found.keys) {
    if (kid !== (await shortKid(jwk))) throw new NotAuthentic("a key has another name than its own");
  }
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  const trusted = (known ?? found).keys.filter(({ kid, compromisedAt }) => kid === header.kid && !compromisedAt);
  const answers = await Promise.all(trusted.map(({ jwk }) => isSignedBy(jwk, fromBase64url(parts[2]), signed)));
  if (!answers.includes(true)) throw new NotAuthentic("not signed by a key we trust");
  if (known && found.issuedAt < known.issuedAt) throw new NotAuthentic("older than the set at hand");
  return found;
}

function readJson(bytes) {
  try {
    return Object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    throw new NotAuthentic("not JSON");
  }
}

function readDocument(document) {
  if (!Array.isArray(document.keys)) throw new NotAuthentic("not a set of keys");
  return {
    issuedAt: readMoment(document.issued_at),
    keys: document.keys.map((entry) => {
      const { kid, jwk, not_before, retired_at, compromised_at } = Object(entry);
      if (jwk?.kty !== "EC" || jwk.crv !== "P-256") throw new NotAuthentic("not a key of ours");
      return {
        kid,
        jwk,
        notBefore: readMoment(not_before),
        retiredAt: retired_at === undefined ? null : readMoment(retired_at),
        compromisedAt: compromised_at === undefined ? null : readMoment(compromised_at),
      };
    }),
  };
}

function readMoment(text) {
  const moment = new Date(typeof text === "string" ? text : NaN);
  if (Number.isNaN(moment.getTime())) throw new NotAuthentic("not a moment");
  return moment;
}

/** The first four bytes of the key's thumbprint (RFC 7638). */
async function shortKid({ crv, kty, x, y }) {
  const canonical = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", canonical)).subarray(0, 4));
}
