import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Reporter, sendLeftovers } from "../../../lms/assets/js/player/reports.js";

const URL_OF_LESSON = "/lessons/1/progress";
/** @type {{ url: string, buckets: number[], position: number, age?: number }[]} */
let reports;
/** What the server answers; null is a connection that is down. */
let answer;

beforeEach(() => {
  reports = [];
  answer = { status: 200, facts: {} };
  const stored = {};
  globalThis.localStorage = Object.defineProperties(stored, {
    getItem: { value: (key) => stored[key] ?? null },
    setItem: { value: (key, value) => (stored[key] = value) },
    removeItem: { value: (key) => delete stored[key] },
  });
  mock.method(globalThis, "fetch", async (url, { body }) => {
    reports.push({ url, ...JSON.parse(body) });
    if (!answer) throw new TypeError("offline");
    return new Response(JSON.stringify(answer.facts), { status: answer.status });
  });
});

afterEach(() => mock.restoreAll());

test("what was watched without a connection is sent by the next page", async () => {
  answer = null;
  const before = new Reporter(URL_OF_LESSON, "token");
  before.add([3, 1], 18);
  assert.equal(await before.send(), false);

  answer = { status: 200, facts: {} };
  const after = new Reporter(URL_OF_LESSON, "token");
  after.add([4], 22);
  assert.equal(await after.send(), true);

  assert.deepEqual(reports.at(-1).buckets, [1, 3, 4]);
  assert.equal(reports.at(-1).position, 22);
});

test("nothing is left on the device once the server has it", async () => {
  const reporter = new Reporter(URL_OF_LESSON, "token");
  reporter.add([0], 5);
  await reporter.send();

  assert.deepEqual(Object.keys(localStorage), []);
  assert.equal(await reporter.send(), true);
  assert.equal(reports.length, 1);
});

test("what the server does not believe yet is said again", async () => {
  answer = { status: 200, facts: { not_credited: [2] } };
  const reporter = new Reporter(URL_OF_LESSON, "token");
  reporter.add([1, 2], 15);
  await reporter.send();

  await reporter.send();

  assert.deepEqual(reports.at(-1).buckets, [2]);
});

test("what is watched while a report is on its way follows at once", async () => {
  const reporter = new Reporter(URL_OF_LESSON, "token");
  reporter.add([0], 5);
  const first = reporter.send();
  reporter.add([1], 10);
  await reporter.send();
  await first;

  assert.deepEqual(reports.map(({ buckets }) => buckets), [[0], [1]]);
});

test("what other lessons left is sent, and forgotten where the lesson has changed", async () => {
  const left = JSON.stringify({ buckets: [7], position: 40, at: Date.now() });
  localStorage.setItem("player:watched:/lessons/2/progress", left);
  localStorage.setItem("player:watched:/lessons/3/progress", JSON.stringify({ buckets: [1], position: 2, at: 0 }));
  answer = { status: 400, facts: {} };

  await sendLeftovers(URL_OF_LESSON, "token");

  // Of the third it is too long ago.
  assert.deepEqual(reports.map(({ url }) => url), ["/lessons/2/progress"]);
  assert.deepEqual(Object.keys(localStorage), []);
});

test("what another person left on the device stays for them", async () => {
  localStorage.setItem("player:watched:/lessons/2/progress", JSON.stringify({ buckets: [7], position: 40, at: Date.now() }));
  answer = { status: 404, facts: {} };

  await sendLeftovers(URL_OF_LESSON, "token");

  assert.equal(Object.keys(localStorage).length, 1);
});
