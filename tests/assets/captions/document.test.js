import assert from "node:assert/strict";
import { test } from "node:test";

import { Document } from "../../../lms/assets/js/captions/document.js";
import { newCue } from "../../../lms/assets/js/captions/vtt.js";

function documentOf(...cues) {
  return new Document({ header: "WEBVTT", tail: [], cues: cues.map(([start, end, text]) => newCue(start, end, text)) });
}

const shown = (captions) => captions.cues.map(({ start, end, text }) => [start, end, text]);
const ids = (captions) => captions.cues.map(({ id }) => id);

test("a cue is split at the caret, its time in the share of its words", () => {
  const captions = documentOf([0, 4000, "one two!"]);
  const [first] = ids(captions);

  const second = captions.split(first, 4, -1);

  assert.deepEqual(shown(captions), [[0, 2000, "one"], [2000, 4000, "two!"]]);
  assert.deepEqual(ids(captions), [first, second]);
});

test("a cue is split at the position of the video, if that is inside it", () => {
  const captions = documentOf([0, 4000, "one two!"]);

  captions.split(ids(captions)[0], 4, 3100);

  assert.deepEqual(shown(captions), [[0, 3100, "one"], [3100, 4000, "two!"]]);
});

test("a cue too short for two stays whole", () => {
  const captions = documentOf([0, 150, "one two"]);

  captions.split(ids(captions)[0], 3, -1);

  assert.deepEqual(shown(captions), [[0, 150, "one two"]]);
});

test("joining takes words, time and notes of both", () => {
  const captions = documentOf([0, 1000, "one"], [1500, 2500, "two"], [3000, 4000, "three"]);

  captions.joinNext(ids(captions)[0]);

  assert.deepEqual(shown(captions), [[0, 2500, "one\ntwo"], [3000, 4000, "three"]]);
});

test("the other end gives way rather than let a cue end before it begins", () => {
  const captions = documentOf([1000, 2000, "one"]);
  const [id] = ids(captions);

  captions.setStart(id, 5000);
  assert.deepEqual(shown(captions), [[5000, 6000, "one"]]);
  captions.setEnd(id, 3000);
  assert.deepEqual(shown(captions), [[2900, 3000, "one"]]);
});

test("a cue moved behind its neighbor is listed behind it", () => {
  const captions = documentOf([0, 1000, "one"], [2000, 3000, "two"]);

  captions.setStart(ids(captions)[0], 4000);

  assert.deepEqual(shown(captions).map(([, , text]) => text), ["two", "one"]);
});

test("a new cue fits between its neighbors", () => {
  const captions = documentOf([0, 1000, "one"], [1800, 3000, "two"]);

  captions.insertAfter(ids(captions)[0], 0);

  assert.deepEqual(shown(captions)[1], [1000, 1800, ""]);
});

test("letters typed in one go are undone together, and other changes one by one", () => {
  const captions = documentOf([0, 1000, ""]);
  const [id] = ids(captions);
  for (const text of ["w", "wi", "wire"]) captions.write(id, text);
  captions.setEnd(id, 2000);

  captions.undo();
  assert.deepEqual(shown(captions), [[0, 1000, "wire"]]);
  captions.undo();
  assert.deepEqual(shown(captions), [[0, 1000, ""]]);
  captions.redo();
  captions.redo();
  assert.deepEqual(shown(captions), [[0, 2000, "wire"]]);
  captions.undo();
  captions.write(id, "other");
  captions.redo();
  assert.deepEqual(shown(captions), [[0, 1000, "other"]]);
});

test("words are replaced everywhere as they are written, with what is special in patterns", () => {
  const captions = documentOf([0, 1000, "Fuse (10 A)"], [2000, 3000, "fuse (10 a) again"], [4000, 5000, "none"]);

  assert.equal(captions.replaceAll("fuse (10 A)", "$& breaker"), 2);
  assert.deepEqual(shown(captions).map(([, , text]) => text), ["$& breaker", "$& breaker again", "none"]);
  captions.undo();
  assert.equal(captions.cues[0].text, "Fuse (10 A)");
});

test("the search goes round", () => {
  const captions = documentOf([0, 1000, "wire"], [2000, 3000, "none"], [4000, 5000, "Wire"]);
  const [first, , third] = ids(captions);

  assert.equal(captions.findNext("wire", first)?.id, third);
  assert.equal(captions.findNext("wire", third)?.id, first);
  assert.equal(captions.findNext("missing", first), undefined);
});
