// COSE_Sign1 with ES256 (RFC 9052, 4.2), verified by the Web Cryptography API.

import { NotAuthentic, toBase64url } from "./base64url.js";
import { decodeCbor } from "./cbor.js";

const ALG = 1;
const KID = 4;
const TYP = 16;
const ES256 = -7;

/**
 * The parts of an envelope, nothing verified yet: {kid, payload, signature, signed}. The payload may be anything. Throws
 * NotAuthentic unless it is the envelope that we write.
 *
 * @param {Uint8Array} bytes
 * @param {string | undefined} kind
 * @returns {{ kid: string, payload: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer> }}
 */
export function openEnvelope(bytes, kind) {
  const parts = decodeCbor(bytes);
  if (!Array.isArray(parts) || parts.length !== 4) throw new NotAuthentic("no COSE_Sign1");
  const [protectedBytes, unprotected, payload, signature] = parts;
  const areBytes = [protectedBytes, payload, signature].every((part) => part instanceof Uint8Array);
  if (!areBytes || !(unprotected instanceof Map) || unprotected.size || signature.length !== 64) {
    throw new NotAuthentic("not the envelope we write");
  }
  const header = decodeCbor(protectedBytes);
  const isOurs =
    header instanceof Map &&
    header.get(ALG) === ES256 &&
    header.get(KID) instanceof Uint8Array &&
    header.get(TYP) === kind &&
    header.size === (kind === undefined ? 2 : 3);
  if (!isOurs) throw new NotAuthentic("not the header we write for this");
  return { kid: toBase64url(header.get(KID)), payload, signature, signed: signedBytes(protectedBytes, payload) };
}

/**
 * The same with the `message` in the payload, a Map.
 *
 * @param {Uint8Array} bytes
 * @param {string} kind
 */
export function openMessage(bytes, kind) {
  const envelope = openEnvelope(bytes, kind);
  const message = decodeCbor(envelope.payload);
  if (!(message instanceof Map)) throw new NotAuthentic("not the payload we write");
  return { ...envelope, message };
}

/**
 * Whether the key (a JSON Web Key) signed these bytes; `signature` is r and s, 32 bytes each.
 *
 * @param {JsonWebKey} jwk
 * @param {Uint8Array<ArrayBuffer>} signature
 * @param {Uint8Array<ArrayBuffer>} signed
 */
export async function isSignedBy(jwk, signature, signed) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { kty, crv, x, y } = jwk;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, signature, signed);
}

/**
 * The Sig_structure: ["Signature1", protected, b"", payload] (4.4).
 *
 * @param {Uint8Array} protectedBytes
 * @param {Uint8Array} payload
 */
function signedBytes(protectedBytes, payload) {
  const context = new TextEncoder().encode("Signature1");
  return concatenated([
    Uint8Array.of(0x84, 0x60 | context.length),
    context,
    byteStringHead(protectedBytes.length),
    protectedBytes,
    Uint8Array.of(0x40),
    byteStringHead(payload.length),
    payload,
  ]);
}

/** @param {number} length */
function byteStringHead(length) {
  if (length < 24) return Uint8Array.of(0x40 | length);
  if (length < 256) return Uint8Array.of(0x58, length);
  if (length < 65_536) return Uint8Array.of(0x59, length >> 8, length & 255);
  return Uint8Array.of(0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
}

/** @param {Uint8Array[]} parts */
function concatenated(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
