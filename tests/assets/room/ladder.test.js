import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { firstGuess } from "../../../lms/assets/js/room/chosen_way.js";
import { Ladder } from "../../../lms/assets/js/room/ladder.js";

const MINUTE = 60_000;
let ways;

beforeEach(() => {
  ways = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

function ladder(chosen, canBeNearlyLive = true) {
  return new Ladder(chosen, canBeNearlyLive, (way) => ways.push(way));
}

test("two stalls within forty seconds take a step down, two far apart none", () => {
  const steps = ladder("nearly");

  steps.stalled(0);
  steps.stalled(41_000);
  assert.equal(steps.way, "nearly");
  steps.stalled(50_000);

  assert.deepEqual(ways, ["auto"]);
  assert.ok(steps.hasFallen);
});

test("it falls to text and no further", () => {
  const steps = ladder("auto");
  for (let moment = 0; moment < 10; moment += 1) steps.stalled(moment);

  assert.deepEqual(ways, ["audio", "text"]);
});

test("after a minute of rest it climbs a step, and again, to what was chosen", () => {
  const steps = ladder("nearly");
  steps.fall();
  steps.fall();

  mock.timers.tick(2 * MINUTE);
  mock.timers.tick(4 * MINUTE);

  assert.deepEqual(ways, ["auto", "audio", "auto", "nearly"]);
  assert.ok(!steps.hasFallen);
});

test("every fall doubles the rest, to eight minutes at most", () => {
  const steps = ladder("auto");
  const rests = Array.from({ length: 6 }, () => {
    steps.fall();
    steps.go("auto");
    return steps.rest / MINUTE;
  });

  assert.deepEqual(rests, [2, 4, 8, 8, 8, 8]);
});

test("a choice of the person counts at once and rests a minute again", () => {
  const steps = ladder("nearly");
  steps.fall();

  steps.choose("small");
  steps.fall();
  mock.timers.tick(MINUTE);

  assert.deepEqual(ways, ["auto", "small", "audio", "small"]);
});

test("nearly live is offered only while there is a place", () => {
  const steps = ladder("nearly");

  steps.allow(false);
  assert.equal(steps.way, "auto");
  assert.ok(!steps.hasFallen);
  assert.equal(ladder("nearly", false).way, "auto");
});

test("phones on a dear or slow connection begin with sound alone", () => {
  assert.equal(firstGuess({ type: "cellular" }), "audio");
  assert.equal(firstGuess({ effectiveType: "3g" }), "audio");
  assert.equal(firstGuess({ saveData: true, effectiveType: "4g" }), "audio");
  assert.equal(firstGuess({ effectiveType: "4g" }), "nearly");
  assert.equal(firstGuess(undefined), "nearly");
});
