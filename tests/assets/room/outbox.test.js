import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Outbox } from "../../../lms/assets/js/room/outbox.js";

let sent;
let settled;
let stored;

beforeEach(() => {
  [sent, settled, stored] = [[], [], "[]"];
});

/** An outbox of a page; what it keeps is there for the next page of the same tab. */
function outbox() {
  const store = { read: () => JSON.parse(stored), write: (entries) => (stored = JSON.stringify(entries)) };
  const connection = { send: (type, facts, id) => sent.push({ type, facts, id }) };
  return new Outbox(connection, store, (entry, code) => settled.push([entry.facts, code]));
}

test("what is not answered is sent again under the same id, also by the next page", () => {
  const { id } = outbox().put("poll.vote", { poll: 1 });

  outbox().postAll();

  assert.deepEqual(sent.map((one) => [one.type, one.id]), [["poll.vote", id], ["poll.vote", id]]);
});

test("what the server has is settled once and never sent again", () => {
  const box = outbox();
  const { id } = box.put("question.ask", { text: "a" });

  box.acknowledge(id);
  box.acknowledge(id);
  box.postAll();

  assert.deepEqual(settled, [[{ text: "a" }, null]]);
  assert.equal(sent.length, 1);
});

test("a refusal ends an entry and says why", () => {
  const box = outbox();
  const { id } = box.put("question.ask", { text: "a" });

  assert.equal(box.refuse({ id, code: "muted" }), false);

  assert.deepEqual(settled, [[{ text: "a" }, "muted"]]);
  assert.deepEqual(box.entries, []);
});

test("the refusal of something else is not ours", () => {
  const box = outbox();
  box.put("question.ask", { text: "a" });

  assert.equal(box.refuse({ id: "other", code: "muted" }), false);

  assert.equal(box.entries.length, 1);
  assert.deepEqual(settled, []);
});

test("a server that is too busy is asked again after a pause, unless the entry has gone", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const box = outbox();
  const [first, second] = [box.put("poll.vote", { poll: 1 }), box.put("poll.vote", { poll: 2 })];

  assert.equal(box.refuse({ id: first.id, code: "too_fast" }), true);
  assert.equal(box.refuse({ id: second.id, code: "unavailable" }), true);
  box.take(second.id);
  mock.timers.tick(3000);

  assert.deepEqual(sent.slice(2).map(({ id }) => id), [first.id]);
  mock.timers.reset();
});

test("a newer wish takes the place of the older one", () => {
  const box = outbox();
  box.put("poll.vote", { poll: 1, options: [0] });
  box.put("poll.vote", { poll: 2, options: [1] });

  box.replace((entry) => entry.facts.poll === 1);
  box.put("poll.vote", { poll: 1, options: [3] });

  assert.deepEqual(box.entries.map(({ facts }) => [facts.poll, facts.options]), [[2, [1]], [1, [3]]]);
});
