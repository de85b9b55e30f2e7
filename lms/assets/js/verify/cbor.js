// The part of CBOR (RFC 8949) that our messages use, and nothing more: whole numbers, bytes, texts, arrays and maps of
// definite length, each in its only deterministic form (4.2.1). A map becomes a Map.

import { NotAuthentic } from "./base64url.js";

/** @typedef {{ bytes: Uint8Array, place: number }} Reader */

const DEEPEST = 4;
const LONGEST = 1_000_000;

/**
 * The value of all the bytes. Throws NotAuthentic for anything else, also for bytes behind the value.
 *
 * @param {Uint8Array} bytes
 * @returns {any}
 */
export function decodeCbor(bytes) {
  if (bytes.length > LONGEST) throw new NotAuthentic("too long");
  const reader = { bytes, place: 0 };
  const value = readValue(reader, 0);
  if (reader.place !== bytes.length) throw new NotAuthentic("bytes behind the value");
  return value;
}

/**
 * @param {Reader} reader
 * @param {number} depth
 * @returns {any}
 */
function readValue(reader, depth) {
  if (depth > DEEPEST) throw new NotAuthentic("too deep");
  const first = take(reader, 1)[0];
  const count = readCount(reader, first & 31);
  switch (first >> 5) {
    case 0:
      return count;
    case 1:
      return -1 - count;
    case 2:
      return take(reader, count).slice();
    case 3:
      return readText(take(reader, count));
    case 4:
      return Array.from({ length: bounded(reader, count) }, () => readValue(reader, depth + 1));
    case 5:
      return readMap(reader, bounded(reader, count), depth);
    default:
      throw new NotAuthentic("a kind of value that we never write");
  }
}

/**
 * @param {Reader} reader
 * @param {number} count
 * @param {number} depth
 * @returns {Map<any, any>}
 */
function readMap(reader, count, depth) {
  const map = new Map();
  /** @type {Uint8Array} */
  let before = new Uint8Array();
  for (let pair = 0; pair < count; pair += 1) {
    const start = reader.place;
    const key = readValue(reader, depth + 1);
    const encoded = reader.bytes.subarray(start, reader.place);
    if (typeof key === "object" || (pair && !isBefore(before, encoded))) throw new NotAuthentic("keys out of order");
    before = encoded;
    map.set(key, readValue(reader, depth + 1));
  }
  return map;
}

/**
 * The number in the first byte or the ones after it, in its shortest form.
 *
 * @param {Reader} reader
 * @param {number} low
 */
function readCount(reader, low) {
  if (low < 24) return low;
  const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[low];
  if (!width) throw new NotAuthentic("a length that is not definite");
  const count = take(reader, width).reduce((sum, byte) => sum * 256 + byte, 0);
  const smallest = { 1: 24, 2: 256, 4: 65_536, 8: 4_294_967_296 }[width] ?? 0;
  if (count < smallest || !Number.isSafeInteger(count)) throw new NotAuthentic("not the shortest form");
  return count;
}

/** @param {Uint8Array} bytes */
function readText(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotAuthentic("not UTF-8");
  }
}

/**
 * @param {Reader} reader
 * @param {number} count
 */
function take(reader, count) {
  const end = reader.place + count;
  if (end > reader.bytes.length) throw new NotAuthentic("cut off");
  const taken = reader.bytes.subarray(reader.place, end);
  reader.place = end;
  return taken;
}

/**
 * No more members than there are bytes left: a short message cannot ask for a long array.
 *
 * @param {Reader} reader
 * @param {number} count
 */
function bounded(reader, count) {
  if (count > reader.bytes.length - reader.place) throw new NotAuthentic("cut off");
  return count;
}

/**
 * Shorter keys first, then byte by byte (RFC 7049, 3.9), which for our keys is the order of RFC 8949 too.
 *
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
function isBefore(left, right) {
  if (left.length !== right.length) return left.length < right.length;
  const place = left.findIndex((byte, index) => byte !== right[index]);
  return place >= 0 && left[place] < right[place];
}
