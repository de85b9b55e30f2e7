import assert from "node:assert/strict";
import { test } from "node:test";

import { responseOf, showResponse, wordsOf } from "../../../lms/assets/js/quiz/responses.js";

function question(kind, inputs) {
  return { dataset: { kind }, querySelectorAll: () => inputs };
}

const select = (part, value = "") => ({ name: `question-6-${part}`, value, type: "select-one" });
const choice = (value, type, checked = false) => ({ name: "question-8-instead", value, type, checked });
const points = (value = "") => ({ name: "question-8-points", value, type: "hidden" });

test("steps are sent by place, with nothing at a place that none has", () => {
  const steps = [select("1", "3"), select("2"), select("3", "1")];

  assert.deepEqual(responseOf(question("ordering", steps)), ["3", null, "1"]);
  assert.equal(responseOf(question("ordering", [select("1"), select("2")])), null);
});

test("a kept order gives each step its place again", () => {
  const steps = [select("1"), select("2", "9"), select("3")];

  showResponse(question("ordering", steps), ["3", null, "1"]);

  assert.deepEqual(steps.map((step) => step.value), ["3", "", "1"]);
});

test("gaps are sent by their ids", () => {
  assert.deepEqual(responseOf(question("fill_in", [select("1", "القاطع"), select("2")])), { 1: "القاطع" });
});

test("an answer without the picture counts in place of the points", () => {
  const placed = points("150,250 7,8");

  assert.deepEqual(responseOf(question("hotspot", [placed, choice("a", "radio"), choice("", "radio", true)])), { points: [[150, 250], [7, 8]] });
  assert.deepEqual(responseOf(question("hotspot", [placed, choice("a", "radio", true), choice("", "radio")])), { instead: "a" });
  assert.deepEqual(responseOf(question("hotspot", [placed, choice("a", "checkbox", true), choice("b", "checkbox", true)])), { instead: ["a", "b"] });
  assert.equal(responseOf(question("hotspot", [points(), choice("a", "checkbox")])), null);
});

test("kept points and kept answers without the picture are shown again", () => {
  const inputs = [points(), choice("a", "radio"), choice("", "radio", true)];

  showResponse(question("hotspot", inputs), { instead: "a" });
  assert.deepEqual(inputs.slice(1).map((input) => input.checked), [true, false]);
  showResponse(question("hotspot", inputs), { points: [[150, 250]] });

  assert.equal(inputs[0].value, "150,250");
  assert.deepEqual(inputs.slice(1).map((input) => input.checked), [false, true]);
});

test("what was typed of an answer has words, what was chosen has none", () => {
  const field = (type) => [{ name: "question-3", value: "", type }];
  const gaps = [{ ...select("1"), type: "text" }, select("2"), { ...select("3"), type: "text" }];

  assert.equal(wordsOf(question("essay", field("textarea")), "أفصل التيار"), "أفصل التيار");
  assert.equal(wordsOf(question("essay", field("textarea")), null), "");
  assert.equal(wordsOf(question("fill_in", gaps), { 1: "القاطع", 2: "4", 3: "لافتة" }), "القاطع\nلافتة");
  assert.equal(wordsOf(question("single", field("radio")), "b"), "");
});
