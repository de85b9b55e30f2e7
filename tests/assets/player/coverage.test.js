import assert from "node:assert/strict";
import { test } from "node:test";

import { Coverage } from "../../../lms/assets/js/player/coverage.js";

/** Plays from one second to another in steps of a quarter, as the clock of a film moves. */
function play(coverage, from, to, rate = 1) {
  const completed = [];
  const ticked = [];
  coverage.jump();
  for (let now = from; now <= to; now += 0.25 * rate) {
    const step = coverage.advance(now, rate);
    completed.push(...step.completed);
    ticked.push(...step.ticked);
  }
  return { completed, ticked };
}

test("a bucket counts when four fifths of it were played", () => {
  const coverage = new Coverage(60, []);

  assert.deepEqual(play(coverage, 0, 3.75).completed, []);
  assert.deepEqual(play(coverage, 3.75, 4).completed, [0]);
});

test("parts of a bucket played at different times add up", () => {
  const coverage = new Coverage(60, []);

  assert.deepEqual(play(coverage, 5, 7).completed, []);
  assert.deepEqual(play(coverage, 20, 22).completed, []);
  assert.deepEqual(play(coverage, 8, 10).completed, [1]);
});

test("a jump adds nothing", () => {
  const coverage = new Coverage(60, []);

  coverage.advance(0, 1);
  const { completed } = coverage.advance(50, 1);

  assert.deepEqual(completed, []);
  assert.equal(coverage.percent, 0);
});

test("at double speed a step of four seconds is playing", () => {
  const coverage = new Coverage(60, []);

  coverage.advance(0, 2);
  const { completed } = coverage.advance(4, 2);

  assert.deepEqual(completed, [0]);
});

test("a bucket the server knows is not completed once more, but ticked once more", () => {
  const coverage = new Coverage(60, [0]);

  assert.deepEqual(play(coverage, 0, 5), { completed: [], ticked: [0] });
  assert.deepEqual(play(coverage, 0, 5), { completed: [], ticked: [0] });
});

test("the short last bucket is complete with four fifths of what it has", () => {
  const coverage = new Coverage(12, [0, 1]);

  assert.equal(coverage.percent, 66);
  assert.deepEqual(play(coverage, 10, 11.75).completed, [2]);
  assert.equal(coverage.percent, 100);
});
