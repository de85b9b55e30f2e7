// What the inputs of a question say, in the form in which the server takes it, and back.
//
// docs/reference/save-protocol.md lists the kinds and their responses. Null: not answered.

/** @typedef {HTMLInputElement} Input an input, or a select, which has a name and a value, too */

const isChosen = (/** @type {Input} */ input) => input.checked;

/**
 * Of the inputs of a question in parts: the part of the name behind the slot.
 * @param {Input} input
 */
function partOf(input) {
  return input.name.split("-").slice(2).join("-");
}

/** @type {Record<string, (inputs: Input[]) => any>} */
const READ = {
  single: (inputs) => inputs.find(isChosen)?.value ?? null,
  multiple: (inputs) => some(inputs.filter(isChosen).map((input) => input.value)),
  line: ([input]) => input.value.trim() || null,
  matching: (inputs) =>
    some(Object.fromEntries(inputs.filter((input) => input.value).map((input) => [partOf(input), input.value]))),
  // Null at a place that no step has.
  ordering: (inputs) => {
    /** @type {(string | null)[]} */
    const order = inputs.map(() => null);
    for (const input of inputs) if (input.value) order[Number(input.value) - 1] = partOf(input);
    return order.some(Boolean) ? order : null;
  },
  // What is answered without the picture counts in place of the points.
  hotspot: (inputs) => {
    const instead = inputs.filter((input) => isChosen(input) && input.value);
    if (instead.length) return { instead: instead[0].type === "radio" ? instead[0].value : instead.map((input) => input.value) };
    const placed = inputs.find((input) => partOf(input) === "points")?.value ?? "";
    const points = placed.split(" ").filter(Boolean).map((point) => point.split(",").map(Number));
    return points.length ? { points } : null;
  },
};

/** @type {Record<string, (inputs: Input[], response: any) => void>} */
const WRITE = {
  single: (inputs, response) => inputs.forEach((input) => (input.checked = input.value === response)),
  multiple: (inputs, response) => inputs.forEach((input) => (input.checked = (response ?? []).includes(input.value))),
  line: ([input], response) => (input.value = response ?? ""),
  matching: (inputs, response) => inputs.forEach((input) => (input.value = response?.[partOf(input)] ?? "")),
  ordering: (inputs, response) =>
    inputs.forEach((input) => (input.value = String((response ?? []).indexOf(partOf(input)) + 1 || ""))),
  hotspot: (inputs, response) => {
    const instead = [response?.instead ?? ""].flat();
    for (const input of inputs) {
      if (partOf(input) === "points") {
        input.value = (response?.points ?? []).map((/** @type {number[]} */ point) => point.join(",")).join(" ");
      } else input.checked = instead.includes(input.value);
    }
  },
};

/** @type {Record<string, string>} */
const SHAPES = { true_false: "single", numeric: "line", short_text: "line", fill_in: "matching", essay: "line" };

/** @param {object} parts */
function some(parts) {
  return Object.keys(parts).length ? parts : null;
}

/**
 * @param {HTMLElement} question
 * @returns {Input[]}
 */
function inputsOf(question) {
  return [...question.querySelectorAll(/** @type {"input"} */ ("[name^='question-']"))];
}

/** @param {HTMLElement} question */
function shapeOf(question) {
  const kind = question.dataset.kind ?? "";
  return SHAPES[kind] ?? kind;
}

/** Those that the answer names, in the order of their list. @param {HTMLElement} question */
function filesOf(question) {
  const files = [.../** @type {NodeListOf<HTMLElement>} */ (question.querySelectorAll("[data-file]"))];
  return files.length ? files.map((file) => file.dataset.file) : null;
}

/** @param {HTMLElement} question */
export function responseOf(question) {
  if (shapeOf(question) === "files") return filesOf(question);
  return READ[shapeOf(question)](inputsOf(question));
}

/** What was typed of a response, with its lines; empty where it was chosen, placed or sent. @param {HTMLElement} question @param {any} response */
export function wordsOf(question, response) {
  const typed = inputsOf(question).filter(({ type }) => type === "text" || type === "textarea");
  return typed
    .map((input) => (typeof response === "string" ? response : response?.[partOf(input)]))
    .filter(Boolean)
    .join("\n");
}

/**
 * As the page was sent. What differs from it was answered before this script was there: on a slow line that is seconds.
 * @param {HTMLElement} question
 */
export function wasAnsweredEarly(question) {
  if (shapeOf(question) === "files") return false;
  return JSON.stringify(responseOf(question)) !== JSON.stringify(READ[shapeOf(question)](inputsOf(question).map(asSent)));
}

/** @param {Input} input @returns {any} */
function asSent(input) {
  const { name, type, defaultChecked, defaultValue } = input;
  const isBox = type === "radio" || type === "checkbox";
  const options = /** @type {any} */ (input).options;
  const chosen = options && ([...options].find((option) => option.defaultSelected) ?? options[0]);
  return { name, type, checked: defaultChecked, value: isBox ? input.value : (chosen?.value ?? defaultValue) };
}

/** @param {HTMLElement} question @param {any} response */
export function showResponse(question, response) {
  // Who has the list of files changes it.
  if (shapeOf(question) === "files") {
    question.dispatchEvent(new CustomEvent("files", { detail: response }));
    return;
  }
  WRITE[shapeOf(question)](inputsOf(question), response);
}
