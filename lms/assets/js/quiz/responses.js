// What the inputs of a question say, in the form in which the server takes it, and back.
//
// The kinds and their responses stand in docs/reference/save-protocol.md. Null: not answered.

const isChosen = (input) => input.checked;

/** Of the inputs of pairs: the part of the name behind the slot. */
function partOf(input) {
  return input.name.split("-").slice(2).join("-");
}

const READ = {
  single: (inputs) => inputs.find(isChosen)?.value ?? null,
  multiple: (inputs) => some(inputs.filter(isChosen).map((input) => input.value)),
  line: ([input]) => input.value.trim() || null,
  matching: (inputs) =>
    some(Object.fromEntries(inputs.filter((input) => input.value).map((input) => [partOf(input), input.value]))),
};

const WRITE = {
  single: (inputs, response) => inputs.forEach((input) => (input.checked = input.value === response)),
  multiple: (inputs, response) => inputs.forEach((input) => (input.checked = (response ?? []).includes(input.value))),
  line: ([input], response) => (input.value = response ?? ""),
  matching: (inputs, response) => inputs.forEach((input) => (input.value = response?.[partOf(input)] ?? "")),
};

const SHAPES = { true_false: "single", numeric: "line", short_text: "line" };

function some(parts) {
  return Object.keys(parts).length ? parts : null;
}

function inputsOf(question) {
  return [...question.querySelectorAll("[name^='question-']")];
}

function shapeOf(question) {
  return SHAPES[question.dataset.kind] ?? question.dataset.kind;
}

/** @param {HTMLElement} question */
export function responseOf(question) {
  return READ[shapeOf(question)](inputsOf(question));
}

/** @param {HTMLElement} question @param {any} response */
export function showResponse(question, response) {
  WRITE[shapeOf(question)](inputsOf(question), response);
}
