import assert from "node:assert/strict";
import { test } from "node:test";

import { pauseOf, wordsIn } from "../../../lms/assets/js/quiz/words.js";

test("words are counted as people count them", () => {
  assert.equal(wordsIn(""), 0);
  assert.equal(wordsIn("  \n – ، "), 0);
  assert.equal(wordsIn("أفصل التيار،\nثم أفتح اللوحة (٢٢٠ فولت)."), 7);
  assert.equal(wordsIn("Switch off – don't wait"), 4);
});

test("a long text is saved less often than a short one, and never takes the line", () => {
  assert.equal(pauseOf("أ"), 8000);
  // 6 kB of a line of 8 kB a second, every 15 seconds.
  assert.equal(pauseOf("أ".repeat(3000)), 15_000);
  assert.equal(pauseOf("أ".repeat(20_000)), 60_000);
});
