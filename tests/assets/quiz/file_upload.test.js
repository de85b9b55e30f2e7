import assert from "node:assert/strict";
import { test } from "node:test";

import { FileNotTaken, PIECE, numberOf, sendFile } from "../../../lms/assets/js/quiz/file_upload.js";

const KEPT = { id: "x", kind: "picture", pages: 1, size: 9 };
const json = (body, { status = 200, type = "application/json" } = {}) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });

/** A server that loses what `loses` says, by the number of the request. */
function server({ size, loses = () => "" }) {
  const state = { arrived: 0, requests: [], pauses: [], told: [] };
  const answer = (make) => {
    const lost = loses(state.requests.length);
    if (lost === "request") throw new TypeError("Failed to fetch");
    const made = make();
    if (lost === "answer") throw new TypeError("Failed to fetch");
    return made;
  };
  const told = () => json(state.arrived === size ? { file: KEPT } : { offset: state.arrived });
  return {
    state,
    parts: {
      ask: async () => {
        state.requests.push("ask");
        return answer(told);
      },
      post: async (piece, offset) => {
        state.requests.push(offset);
        return answer(() => {
          if (offset !== state.arrived) return json({ code: "offset", offset: state.arrived }, { status: 409, type: "application/problem+json" });
          state.arrived += piece.size;
          return told();
        });
      },
      tell: (share, isDown) => state.told.push([share, isDown]),
      wait: async (ms) => void state.pauses.push(ms),
      signal: new AbortController().signal,
    },
  };
}

test("a file is sent piece by piece until it has its receipt", async () => {
  const { state, parts } = server({ size: 2 * PIECE + 5 });

  const kept = await sendFile(new Blob([new Uint8Array(2 * PIECE + 5)]), parts);

  assert.deepEqual(kept, KEPT);
  assert.deepEqual(state.requests, ["ask", 0, PIECE, 2 * PIECE]);
});

test("a dropped line costs one piece: the server says where to go on", async () => {
  const { state, parts } = server({ size: 3 * PIECE, loses: (number) => ({ 3: "answer", 4: "request" })[number] });

  await sendFile(new Blob([new Uint8Array(3 * PIECE)]), parts);

  assert.deepEqual(state.requests, ["ask", 0, PIECE, "ask", "ask", 2 * PIECE]);
  assert.deepEqual(state.pauses, [2000, 4000]);
  assert.ok(state.told.some(([, isDown]) => isDown));
});

test("where the last receipt was lost the file is asked for", async () => {
  const { state, parts } = server({ size: 10, loses: (number) => (number === 2 ? "answer" : "") });

  assert.deepEqual(await sendFile(new Blob([new Uint8Array(10)]), parts), KEPT);
  assert.deepEqual(state.requests, ["ask", 0, "ask"]);
});

test("the page of a login and a server in trouble are no answers; a refusal is one", async () => {
  const answers = [new Response("<html>", { headers: { "Content-Type": "text/html" } }), json({}, { status: 503 }), json({ code: "file", detail: "no picture" }, { status: 422 })];
  const { state, parts } = server({ size: 10 });

  await assert.rejects(sendFile(new Blob(["x"]), { ...parts, ask: async () => answers.shift() }), new FileNotTaken("no picture"));
  assert.equal(state.pauses.length, 2);
});

test("who cancels sends nothing more", async () => {
  const stop = new AbortController();
  const { state, parts } = server({ size: 3 * PIECE });
  const post = async (piece, offset) => {
    stop.abort();
    return parts.post(piece, offset);
  };

  await assert.rejects(sendFile(new Blob([new Uint8Array(3 * PIECE)]), { ...parts, post, signal: stop.signal }), { name: "AbortError" });
  assert.deepEqual(state.requests, ["ask", 0]);
});

test("the same bytes have one number, which is a UUID", async () => {
  const [one, again, other] = await Promise.all(["a", "a", "b"].map((text) => numberOf(new Blob([text]))));

  assert.match(one, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(one, again);
  assert.notEqual(one, other);
});
