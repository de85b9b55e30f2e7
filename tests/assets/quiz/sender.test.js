import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Line, Sender } from "../../../lms/assets/js/quiz/sender.js";
import { WaitingInMemory } from "../../../lms/assets/js/quiz/waiting.js";

let waiting;
let told;
let requests;
let answers;

beforeEach(() => {
  waiting = new WaitingInMemory("a");
  told = [];
  requests = [];
  answers = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

/** A server that saves, unless `answers` has something else for the next request. */
async function post(body) {
  requests.push(body);
  const answer = answers.shift();
  if (answer instanceof Error) throw answer;
  return answer ?? json(200, { saved: body.changes.map(({ seq }) => seq), left_ms: 1000 });
}

function sender(device = { epoch: 1, next_seq: 1, epochs: {} }) {
  return new Sender({ waiting, device, post, tell: (what) => told.push(what) });
}

const last = () => told.at(-1);

test("a change is kept before it is sent, and gone with its receipt", async () => {
  const own = sender();

  await own.add(3, "b");
  const kept = await waiting.all();
  await own.send();

  assert.deepEqual(
    kept.map(({ seq, slot, response }) => ({ seq, slot, response })),
    [{ seq: 1, slot: 3, response: "b" }],
  );
  assert.deepEqual(requests, [{ epoch: 1, changes: [{ seq: 1, slot: 3, response: "b" }] }]);
  assert.deepEqual(last(), { line: Line.OPEN, waiting: 0, left_ms: 1000 });
});

test("what the log of changes has no room for is left to the form, in the server's words", async () => {
  const own = sender();
  answers = [json(409, { code: "full", detail: "Hand them in" })];

  await own.add(0, "a");
  const isEmpty = await own.send();

  assert.equal(isEmpty, true);
  assert.equal(told.find(({ full }) => full).full, "Hand them in");
  assert.equal(last().waiting, 0);
});

test("without a connection changes wait, the last of each question, and are sent again later and later", async () => {
  const own = sender();
  answers = [new Error("no line"), new Error("no line")];

  await own.add(0, "a");
  await own.send();
  await own.add(0, "b");
  await own.add(1, "c");
  await own.send();
  assert.deepEqual(last(), { line: Line.DOWN, waiting: 2 });
  mock.timers.tick(4000);
  await own.running;

  assert.deepEqual(
    requests.at(-1).changes.map(({ seq, response }) => [seq, response]),
    [
      [2, "b"],
      [3, "c"],
    ],
  );
  assert.equal(last().waiting, 0);
});

test("a change that comes while another is sent is sent after it", async () => {
  const own = sender();
  await own.add(0, "a");
  const first = own.send();
  await own.add(1, "b");

  await Promise.all([first, own.send()]);

  assert.deepEqual(await waiting.all(), []);
});

test("an expired login loses nothing", async () => {
  const own = sender();
  answers = [new Response("<html>", { status: 200, headers: { "Content-Type": "text/html" } })];

  await own.add(0, "a");
  await own.send();

  assert.deepEqual(last(), { line: Line.LOGIN, waiting: 1 });
});

test("an error of the server is no receipt", async () => {
  const own = sender();
  answers = [new Response("bad gateway", { status: 502, headers: { "Content-Type": "text/plain" } }), json(503, {})];

  await own.add(0, "a");
  await own.send();
  await own.send();

  assert.equal((await waiting.all()).length, 1);
});

test("numbers that the server has used are not used again", async () => {
  const own = sender();
  answers = [json(409, { code: "sequence_used", next: 8 })];

  await own.add(0, "a");
  await own.add(1, "b");
  await own.send();

  assert.deepEqual(
    requests.at(-1).changes.map(({ seq, response }) => [seq, response]),
    [
      [8, "a"],
      [9, "b"],
    ],
  );
});

test("what is no answer holds up no other", async () => {
  const own = sender();
  answers = [json(400, { code: "unreadable", seq: 1 })];

  await own.add(0, "?");
  await own.add(1, "b");
  await own.send();

  assert.ok(told.some(({ unreadable }) => unreadable === 0));
  assert.deepEqual(requests.at(-1).changes, [{ seq: 2, slot: 1, response: "b" }]);
});

test("where another device goes on, what waits is kept and sent no more", async () => {
  const own = sender();
  answers = [json(409, { code: "taken_over" })];

  await own.add(0, "a");
  await own.send();
  await own.send();

  assert.equal(requests.length, 1);
  assert.deepEqual(last(), { line: Line.ELSEWHERE, waiting: 1 });
});

test("what was handed in without some changes is told which", async () => {
  const own = sender();
  answers = [json(409, { code: "over" })];

  await own.add(3, "a long text");
  await own.send();

  assert.deepEqual(last(), { line: Line.OVER, waiting: 0, lost: [3] });
});

test("who goes on here sends what waited, but for questions that were answered there since", async () => {
  const own = sender();
  answers = [json(409, { code: "taken_over" })];
  await own.add(0, "a");
  await own.add(1, "b");
  await own.send();

  // Its page is loaded again.
  const aside = [];
  waiting.setAside = async (change) => {
    aside.push([change.slot, change.response]);
    await waiting.remove(change.epoch, [change.seq]);
  };
  const next = sender({ epoch: 3, next_seq: 5, epochs: { 0: 1, 1: 2 } });
  const shown = await next.start();
  await next.send();

  assert.ok(told.some(({ overtaken }) => overtaken?.includes(1)));
  assert.deepEqual(
    shown.map(({ slot }) => slot),
    [0],
  );
  assert.deepEqual(requests.at(-1), { epoch: 3, changes: [{ seq: 5, slot: 0, response: "a" }] });
  assert.deepEqual(await waiting.all(), []);
  assert.deepEqual(aside, [[1, "b"]]);
});

test("a page takes up what the page before it could not send", async () => {
  await waiting.add(1, 4, 2, "c");

  const shown = await sender().start();
  await sender().send();

  assert.deepEqual([shown[0].slot, shown[0].response], [2, "c"]);
  assert.deepEqual(requests[0].changes, [{ seq: 4, slot: 2, response: "c" }]);
});

test("after the end nothing is sent any more", async () => {
  const own = sender();
  answers = [json(409, { code: "late" })];

  await own.add(0, "a");
  await own.send();
  await own.add(1, "b");
  await own.send();

  assert.equal(requests.length, 1);
  assert.equal(last().line, Line.OVER);
});

test("a text that grows is sent after each pause, not only once no one types", async () => {
  const own = sender();

  for (const letter of ["أ", "أف", "أفص", "أفصل"]) {
    await own.add(0, letter, 8000, { isGrowing: true });
    mock.timers.tick(3000);
    await own.running;
  }

  // The fourth letter waits for its own pause.
  assert.deepEqual(requests.map(({ changes }) => changes[0].response), ["أفص"]);
  mock.timers.tick(8000);
  await own.running;
  assert.deepEqual(requests.map(({ changes }) => changes[0].response), ["أفص", "أفصل"]);
});

test("another answer takes a text that grows along at once", async () => {
  const own = sender();
  await own.add(0, "أفصل", 8000, { isGrowing: true });

  await own.add(1, "b");
  mock.timers.tick(0);
  await own.running;

  assert.deepEqual(requests[0].changes.map(({ slot }) => slot), [0, 1]);
});

test("a change that waited says for how long, also when it goes on under another number", async () => {
  const own = sender({ epoch: 2, next_seq: 1, epochs: {} });
  await waiting.add(1, 1, 0, "a", Date.now() - 90_000);
  answers = [json(409, { code: "sequence_used", next: 7 })];

  await own.start();
  await own.send();

  const { age_ms, ...change } = requests.at(-1).changes[0];
  assert.deepEqual(change, { seq: 7, slot: 0, response: "a" });
  assert.ok(age_ms >= 90_000 && age_ms < 100_000);
});
