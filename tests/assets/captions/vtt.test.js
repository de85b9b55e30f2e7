import assert from "node:assert/strict";
import { test } from "node:test";

import { marksOf } from "../../../lms/assets/js/captions/marks.js";
import { newCue, parse, readMoment, serialize, showMoment } from "../../../lms/assets/js/captions/vtt.js";

const TEXTS = [
  "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nالسلام عليكم\n",
  "WEBVTT - title\nX: 1\n\nSTYLE\n::cue { color: red }\n\nNOTE a\n\nname\n00:00:01.000 --> 00:00:02.000 line:1\na\nb\n\nNOTE end\n",
  "WEBVTT\n00:00:01.000 --> 00:00:02.000\nright under the header\n",
];

for (const text of TEXTS) {
  test(`what is read is written back whole: ${JSON.stringify(text.slice(0, 30))}`, () => {
    const once = serialize(parse(text));

    assert.equal(serialize(parse(once)), once);
    for (const line of text.split("\n")) assert.ok(once.includes(line), line);
  });
}

for (const text of ["", "WEBVTTX\n", "WEBVTT\n\n1:2 --> 3\nwords\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na --> b\n", "WEBVTT\n\nwords only\n"]) {
  test(`a text that is not understood is left to be edited as text: ${JSON.stringify(text)}`, () => {
    assert.equal(parse(text), null);
  });
}

test("Windows line ends and a byte order mark are read", () => {
  const { cues } = parse("\ufeffWEBVTT\r\n\r\n00:01.500 --> 01:00:02.000\r\none\r\ntwo\r\n");

  assert.deepEqual(cues.map(({ start, end, text }) => [start, end, text]), [[1500, 3_602_000, "one\ntwo"]]);
});

test("an arrow or an empty line typed into a cue does not end it", () => {
  const typed = serialize({ header: "WEBVTT", tail: [], cues: [newCue(0, 1000, "a --> b\n\n c")] });

  assert.deepEqual(parse(typed)?.cues.map(({ text }) => text), ["a --&gt; b\n c"]);
});

test("moments are read in any digits, and refused where they are none", () => {
  assert.equal(readMoment("٠١:٠٢٫٥"), 62_500);
  assert.equal(readMoment("1:02:03.4"), 3_723_400);
  assert.equal(readMoment("1:75"), null);
  assert.equal(readMoment("soon"), null);
  assert.equal(showMoment(3_723_400), "01:02:03.400");
});

test("a reader is warned of what is too fast, too short, empty or on top of another", () => {
  const fast = newCue(0, 1000, "twenty-two letters here");

  assert.deepEqual(marksOf(fast, undefined, false), ["fast"]);
  assert.deepEqual(marksOf(fast, undefined, true), []);
  assert.deepEqual(marksOf(newCue(500, 900, "a"), fast, false), ["overlap", "short"]);
  assert.deepEqual(marksOf(newCue(2000, 1000, " "), fast, false), ["backwards", "empty"]);
});

test("vowel signs and tags are not letters to read", () => {
  assert.deepEqual(marksOf(newCue(0, 1000, "<b>السَّلَامُ عَلَيْكُمْ</b>"), undefined, false), []);
});
