// Marks an answer by keyboard, and places comments on its files. Without it the form is filled and sent as any other.

const form = document.querySelector("[data-mark-form]");
const WIDE = 1000;
const MOST_NOTES = 30;

// Levels by digits: of the line that has the focus, else of the first one without a level.

const lines = form ? [...form.querySelectorAll("[data-line]")] : [];
const isChosen = (line) => Boolean(line.querySelector("input:checked"));

function focusOn(line) {
  const input = line?.querySelector("input:checked") ?? line?.querySelector("input");
  (input ?? form.querySelector("input[name=earned]") ?? form.querySelector("textarea")).focus();
}

function chooseLevel(digit) {
  const focused = lines.find((line) => line.contains(document.activeElement));
  const line = focused ?? lines.find((one) => !isChosen(one));
  const input = line?.querySelectorAll("input[type=radio]")[digit - 1];
  if (!input) return false;
  input.checked = true;
  addUp();
  const next = lines[lines.indexOf(line) + 1];
  if (next) focusOn(next);
  else form.querySelector("textarea").focus();
  return true;
}

const digitOf = (key) => {
  const place = "٠١٢٣٤٥٦٧٨٩".indexOf(key);
  return place >= 0 ? place : /^[0-9]$/.test(key) ? Number(key) : 0;
};

const isTyping = (element) => element.matches("textarea, input:not([type=radio])");

document.addEventListener("keydown", (event) => {
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const digit = digitOf(event.key);
  if (digit && chooseLevel(digit)) event.preventDefault();
});

// Points of a rubric that has others than the question.
const sum = form?.querySelector("[data-sum]");

function addUp() {
  const chosen = lines.map((line) => [JSON.parse(line.dataset.points), line.querySelector("input:checked")?.value]);
  if (!sum || chosen.some(([, level]) => level === undefined)) return;
  const earned = chosen.reduce((all, [points, level]) => all + points[level], 0);
  const { rubric, most, said } = sum.dataset;
  // Rounded down, as it is kept.
  const facts = { earned, rubric, most, points: Math.floor((earned * Number(most) * 100) / Number(rubric)) / 100 };
  sum.textContent = said.replace(/\{(\w+)\}/g, (_whole, name) => String(facts[name]));
}

form?.addEventListener("change", addUp);
addUp();

// A mark is sent once, however often the button is pressed.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => delete form?.dataset.sent);

// Comments on files: [{file, page, x, y, text}], places in thousandths of the picture. On the page each has a number.

const kept = form?.querySelector("input[name=points]");
const box = form?.querySelector("[data-notes]");
// Where both marks are shown, the numbers go on after theirs.
const FIRST = Number(form?.dataset.firstNumber ?? 1);
const STEP = 10;
const LONG_STEP = 50;
let notes = [];

const within = (value) => Math.min(Math.max(Math.round(value), 0), WIDE);
const fileOf = (note) => document.querySelector(`[data-file="${note.file}"]`);
const pictureOf = (note) => fileOf(note)?.querySelector(`[data-page="${note.page}"]`);
const isPlaced = (note) => note.x !== undefined;
const lineOf = (note) => box.querySelectorAll("[data-notes-list] > li")[notes.indexOf(note)];
const pinOf = (note) => document.querySelector(`.marking__place[data-at="${notes.indexOf(note)}"]`);

function keep() {
  const written = notes.filter((note) => note.text.trim());
  kept.value = written.length ? JSON.stringify(written) : "";
}

function put(pin, note) {
  pin.style.left = `${note.x / 10}%`;
  pin.style.top = `${note.y / 10}%`;
}

function move(note, x, y) {
  note.x = within(x);
  note.y = within(y);
  put(pinOf(note), note);
  keep();
}

function remove(note) {
  const at = notes.indexOf(note);
  notes = notes.filter((other) => other !== note);
  keep();
  show();
  // The focus stays near.
  const next = notes[Math.min(at, notes.length - 1)];
  (next ? lineOf(next).querySelector("textarea") : form.querySelector("textarea")).focus();
}

const writeAbout = (note) => lineOf(note).querySelector("textarea").focus();

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function pressed(note, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const way = WAYS[event.key];
  if (way) {
    const step = event.shiftKey ? LONG_STEP : STEP;
    move(note, note.x + way[0] * step, note.y + way[1] * step);
  } else if (event.key === "Delete" || event.key === "Backspace") remove(note);
  else if (event.key === "Enter" || event.key === " ") writeAbout(note);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function dragged(note, pin) {
  let isHeld = false;
  pin.addEventListener("pointerdown", (event) => {
    isHeld = true;
    pin.setPointerCapture(event.pointerId);
  });
  pin.addEventListener("pointermove", (event) => {
    if (!isHeld) return;
    const at = pictureOf(note).getBoundingClientRect();
    move(note, ((event.clientX - at.left) / at.width) * WIDE, ((event.clientY - at.top) / at.height) * WIDE);
  });
  for (const end of ["pointerup", "pointercancel"]) pin.addEventListener(end, () => (isHeld = false));
}

function pinFor(note, at) {
  const pin = form.querySelector("template[data-pin]").content.firstElementChild.cloneNode(true);
  // The workplace has these digits in both languages.
  const number = String(FIRST + at);
  pin.textContent = number;
  pin.dataset.at = String(at);
  pin.setAttribute("aria-label", pin.dataset.said.replace("{number}", number));
  put(pin, note);
  dragged(note, pin);
  pin.addEventListener("keydown", (event) => pressed(note, event));
  // The picture takes a press as a further comment.
  pin.addEventListener("click", (event) => event.stopPropagation());
  return pin;
}

function showPlaces() {
  document.querySelectorAll(".marking__place").forEach((pin) => pin.remove());
  notes.forEach((note, at) => {
    if (isPlaced(note)) pictureOf(note)?.append(pinFor(note, at));
  });
}

function lineFor(note, at) {
  const line = form.querySelector("template[data-note]").content.firstElementChild.cloneNode(true);
  for (const place of line.querySelectorAll("[data-number]")) place.textContent = String(FIRST + at);
  line.querySelector("[data-where]").textContent = fileOf(note)?.dataset.name ?? "";
  const text = line.querySelector("textarea");
  text.value = note.text;
  text.addEventListener("input", () => {
    note.text = text.value;
    keep();
  });
  line.querySelector("[data-remove]").addEventListener("click", () => remove(note));
  const mover = line.querySelector("[data-move]");
  mover.hidden = !isPlaced(note) || !pictureOf(note);
  mover.addEventListener("click", () => pinOf(note).focus());
  const ofPage = line.querySelector("[data-of-page]");
  ofPage.hidden = isPlaced(note);
  const page = ofPage.querySelector("input");
  page.max = fileOf(note)?.dataset.pages ?? "";
  page.value = note.page;
  page.addEventListener("change", () => {
    if (!page.reportValidity()) return;
    note.page = Number(page.value);
    keep();
  });
  return line;
}

function show() {
  box.querySelector("[data-notes-list]").replaceChildren(...notes.map(lineFor));
  box.hidden = notes.length === 0;
  showPlaces();
}

function add(note) {
  if (notes.length >= MOST_NOTES) return null;
  const added = { ...note, text: "" };
  notes.push(added);
  show();
  return added;
}

function addAndWrite(note) {
  const added = add(note);
  if (added) writeAbout(added);
}

if (form) {
  try {
    notes = JSON.parse(kept.value || "[]");
  } catch (error) {
    console.info("marking", error);
  }
  show();
  for (const file of document.querySelectorAll("[data-file]")) {
    const name = file.dataset.file;
    file.querySelector("[data-page]")?.addEventListener("click", (event) => {
      const at = event.currentTarget.getBoundingClientRect();
      const x = within(((event.clientX - at.left) / at.width) * WIDE);
      addAndWrite({ file: name, page: 1, x, y: within(((event.clientY - at.top) / at.height) * WIDE) });
    });
    file.querySelector("[data-comment-picture]")?.addEventListener("click", () => {
      // In the middle, from where the arrow keys move it.
      const added = add({ file: name, page: 1, x: WIDE / 2, y: WIDE / 2 });
      if (added) pinOf(added).focus();
    });
    file.querySelector("[data-comment-page]")?.addEventListener("click", () => {
      const page = file.querySelector("[data-page-number]");
      if (page.reportValidity()) addAndWrite({ file: name, page: Number(page.value) });
    });
  }
  focusOn(lines.find((line) => !isChosen(line)));
}
