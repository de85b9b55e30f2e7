import assert from "node:assert/strict";
import { test } from "node:test";

import { ENDED, Reconnect, isFinal, meaningOf } from "../../../lms/assets/js/room/reconnect.js";

const pauses = (reconnect, count) => Array.from({ length: count }, () => reconnect.next());

test("pauses grow to half a minute at most", () => {
  assert.deepEqual(pauses(new Reconnect(() => 1), 7), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test("a class comes back spread over the whole pause, never at once", () => {
  assert.deepEqual(pauses(new Reconnect(() => 0), 7), Array(7).fill(500));
  assert.equal(pauses(new Reconnect(() => 0.5), 3).at(-1), 2250);
});

test("after a connection that succeeded the first pause is short again", () => {
  const reconnect = new Reconnect(() => 1);
  pauses(reconnect, 5);

  reconnect.succeeded();

  assert.equal(reconnect.next(), 1000);
});

test("people in the lobby ask every four to eight seconds", () => {
  assert.equal(new Reconnect(() => 0).outside(), 4000);
  assert.equal(new Reconnect(() => 1).outside(), 8000);
});

test("only what the server closed for good is final", () => {
  assert.deepEqual([4403, 4409, ENDED].map(isFinal), [true, true, true]);
  assert.deepEqual([1000, 1001, 1006, 1011, 4408, 4429].map(isFinal), Array(6).fill(false));
});

test("the answer to the request for a ticket says what to do", () => {
  assert.equal(meaningOf({ status: 200, isJson: true }), "open");
  assert.equal(meaningOf({ status: 403, isJson: true, code: "in_lobby" }), "lobby");
  assert.equal(meaningOf({ status: 403, isJson: true, code: "removed" }), "stop");
  assert.equal(meaningOf({ status: 404, isJson: false }), "stop");
  // A page of a proxy, or of a firewall in between, is no word of the room.
  assert.equal(meaningOf({ status: 403, isJson: false }), "again");
  for (const status of [429, 500, 502, 503]) assert.equal(meaningOf({ status, isJson: true }), "again");
});
