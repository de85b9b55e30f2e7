// `sealed.json` was sealed by the site's own code, with keys of no use; the whole matrix is in tests/certificates/offline/test_verdicts.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { NotAuthentic, fromBase64url, toBase64url } from "../../../lms/assets/js/verify/base64url.js";
import { decodeCbor } from "../../../lms/assets/js/verify/cbor.js";
import { readKeySet } from "../../../lms/assets/js/verify/keys.js";
import { readAddress } from "../../../lms/assets/js/verify/payload.js";
import { readStatusList, freshness } from "../../../lms/assets/js/verify/status.js";
import { evaluateAddress } from "../../../lms/assets/js/verify/verdict.js";

const sealed = JSON.parse(readFileSync(new URL("sealed.json", import.meta.url), "utf8"));
const now = new Date(sealed.now);
const keySet = await readKeySet(sealed.keys);
const listOf = (name) => readStatusList(new Uint8Array(Buffer.from(sealed[name], "base64")), keySet);

async function stateOf(address, { list = "allGood", ...limits } = {}) {
  const statusList = list && (await listOf(list));
  return (await evaluateAddress(address, { keySet, statusList, now, ...limits })).state;
}

test("a certificate is judged by its signature and by the list", async () => {
  assert.equal(await stateOf(sealed.address), "valid");
  assert.equal(await stateOf(sealed.address, { list: "revoked" }), "revoked");
  assert.equal(await stateOf(sealed.strange), "key-unknown");
  assert.equal(await stateOf(sealed.stolen), "key-compromised");
  assert.equal(await stateOf("https://v.gov.eg/c/7K3M9QXD1A9RZ"), "none");
});

test("nothing is called valid without a fresh list", async () => {
  const later = new Date(now.getTime() + 30 * 3_600_000);

  assert.equal(await stateOf(sealed.address, { list: null }), "status-unknown");
  assert.equal(await stateOf(sealed.address, { now: later }), "status-unknown");
  assert.equal(await stateOf(sealed.address, { now: later, list: "revoked" }), "revoked");
  assert.equal(await stateOf(sealed.address, { isCutOff: true }), "status-unknown");
});

test("a changed certificate is never believed", async () => {
  const [page, fragment] = sealed.address.split("#");
  const bytes = fromBase64url(fragment);
  for (let place = 0; place < bytes.length; place += 7) {
    const changed = bytes.slice();
    changed[place] ^= 1;
    assert.match(await stateOf(`${page}#${toBase64url(changed)}`), /^(?:forged|key-unknown|damaged)$/);
  }
});

test("a clock before the list, or before what it said earlier, gives no all-clear", async () => {
  const list = await listOf("allGood");
  const hours = (count) => new Date(now.getTime() + count * 3_600_000);

  assert.equal(freshness(list, { now, hoursKept: 24 }), "fresh");
  assert.equal(freshness(list, { now: hours(-1), hoursKept: 24 }), "clock");
  assert.equal(freshness(list, { now, hoursKept: 24, seen: hours(1).getTime() }), "clock");
  assert.equal(freshness(list, { now: hours(20), hoursKept: 2 }), "old");
});

test("an address carries a certificate under the page of one only", () => {
  const fragment = sealed.address.split("#")[1];

  assert.equal(readAddress(`https://v.gov.eg/c/7k3m-9qxd-1a9r-z/#${fragment}`)?.code, "7K3M9QXD1A9RZ");
  assert.equal(readAddress(`https://v.gov.eg/about#${fragment}`), null);
  assert.throws(() => readAddress(`https://v.gov.eg/c/7K3M9QXD1A9RZ#${"A".repeat(4001)}`), NotAuthentic);
});

test("one value has one text and one encoding", () => {
  for (const text of ["A", "AB", "AAB=", "A+BC", "AAA\n"]) assert.throws(() => fromBase64url(text), NotAuthentic, text);
  assert.equal(toBase64url(fromBase64url("AP-_")), "AP-_");
  for (const bytes of [[0x18, 0x17], [0x5f, 0xff], [0x01, 0x01], [0xa2, 2, 0, 1, 0], [0x62, 0xc3, 0x28]]) {
    assert.throws(() => decodeCbor(Uint8Array.from(bytes)), NotAuthentic);
  }
  assert.deepEqual(decodeCbor(Uint8Array.from([0xa2, 1, 0x61, 0x61, 0x20, 0x41, 7])), new Map([[1, "a"], [-1, Uint8Array.of(7)]]));
});
