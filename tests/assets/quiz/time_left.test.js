import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { TimeLeft, clock } from "../../../lms/assets/js/quiz/time_left.js";

const MINUTE = 60_000;
let now;
let said;
let left;

beforeEach(() => {
  now = 5;
  said = [];
  left = new TimeLeft({
    show: () => {},
    warn: (minutes) => said.push(minutes),
    over: () => said.push("over"),
    now: () => now,
  });
});

function pass(minutes) {
  for (let second = 0; second < minutes * 60; second += 1) {
    now += 1000;
    left.tick();
  }
}

test("each warning is given once, and the end once", () => {
  left.set(30 * MINUTE);

  pass(31);

  assert.deepEqual(said, [10, null, 5, null, 1, "over"]);
});

test("who comes late is told of nothing that the clock contradicts", () => {
  left.set(6.5 * MINUTE);

  pass(2);

  assert.deepEqual(said, [5]);
});

test("more time takes the warnings back", () => {
  left.set(4.5 * MINUTE);

  left.set(14 * MINUTE);
  pass(14);

  assert.deepEqual(said, [5, null, 10, null, 5, null, 1, "over"]);
});

test("the server's clock counts, whatever this device thought", () => {
  left.set(20 * MINUTE);
  pass(9);

  left.set(20 * MINUTE);
  pass(9);

  assert.deepEqual(said, []);
});

test("without a limit nothing ends", () => {
  left.set(null);

  pass(5);

  assert.deepEqual(said, []);
});

test("hours are shown where there are some", () => {
  assert.deepEqual(clock(90 * MINUTE), [1, 30, 0]);
  assert.deepEqual(clock(61_001), [1, 2]);
  assert.deepEqual(clock(0), [0, 0]);
});

test("more time is told in minutes, and less of the way of an answer is not", () => {
  const added = [];
  const own = new TimeLeft({ show: () => {}, warn: () => {}, over: () => {}, added: (minutes) => added.push(minutes), now: () => now });
  own.set(30 * MINUTE);
  now += MINUTE;
  own.set(29 * MINUTE + 400);
  own.set(34 * MINUTE - 900);

  assert.deepEqual(added, [5]);
});
