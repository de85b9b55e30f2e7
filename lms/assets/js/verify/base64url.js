// base64url without padding (RFC 4648, 5), one text for one value.

export class NotAuthentic extends Error {}

/**
 ** Null for NotAuthentic; rethrows other errors.
 *
 * @param {unknown} fault
 */
export function ifAuthentic(fault) {
  if (fault instanceof NotAuthentic) return null;
  throw fault;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * The bytes of a text. Throws NotAuthentic for another letter and for leftover bits that are not zero.
 *
 * @param {string} text
 */
export function fromBase64url(text) {
  if (typeof text !== "string" || text.length % 4 === 1) throw new NotAuthentic("not base64url");
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let place = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new NotAuthentic("not base64url");
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[place] = held >> bits;
      place += 1;
      held &= (1 << bits) - 1;
    }
  }
  if (held) throw new NotAuthentic("leftover bits");
  return bytes;
}

/** @param {Uint8Array} bytes */
export function toBase64url(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 3) {
    const [first, second = 0, third = 0] = bytes.subarray(start, start + 3);
    const four = (first << 16) | (second << 8) | third;
    for (let place = 0; place <= Math.min(3, bytes.length - start); place += 1) {
      text += ALPHABET[(four >> (18 - 6 * place)) & 63];
    }
  }
  return text;
}
