import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf, placeAfter } from "../../../lms/assets/js/admin_keys/keys.js";

const ALONE = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

/** @param {string} key @param {string} code @param {object} [more] */
const press = (key, code, more = {}) => commandOf({ key, code, ...ALONE, ...more });

test("keys have their commands on an English and on an Arabic keyboard", () => {
  assert.deepEqual(
    [press("j", "KeyJ"), press("k", "KeyK"), press("x", "KeyX"), press("b", "KeyB"), press("/", "Slash")],
    ["next", "previous", "choose", "acts", "find"],
  );
  assert.deepEqual(
    [press("ت", "KeyJ"), press("ن", "KeyK"), press("ء", "KeyX"), press("لا", "KeyB"), press("ظ", "Slash")],
    ["next", "previous", "choose", "acts", "find"],
  );
  assert.equal(press("؟", "Slash", { shiftKey: true }), "help");
  assert.equal(press("Enter", "NumpadEnter"), "open");
});

test("keys with a modifier and keys of a composed letter are not commands", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey", "isComposing"])
    for (const [key, code] of [["j", "KeyJ"], ["x", "KeyX"], ["/", "Slash"], ["Enter", "Enter"]])
      assert.equal(press(key ?? "", code ?? "", { [held]: true }), null);
  assert.equal(press("J", "KeyJ", { shiftKey: true }), null);
  assert.equal(press("?", "Slash", { shiftKey: true }), null);
});

test("a key that is held down goes on through the rows and chooses once", () => {
  assert.equal(press("j", "KeyJ", { repeat: true }), "next");
  assert.equal(press("x", "KeyX", { repeat: true }), null);
});

test("the ends of the rows are the ends", () => {
  assert.deepEqual([placeAfter(-1, 3, 1), placeAfter(-1, 3, -1)], [0, 2]);
  assert.deepEqual([placeAfter(1, 3, 1), placeAfter(2, 3, 1), placeAfter(0, 3, -1)], [2, 2, 0]);
});
