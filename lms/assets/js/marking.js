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

// A mark is sent once, however often the button is pressed.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => delete form?.dataset.sent);

// Comments on files: [{file, page, x, y, text}], places in thousandths of the picture.

const kept = form?.querySelector("input[name=points]");
const box = form?.querySelector("[data-notes]");
let notes = [];

function keep() {
  const written = notes.filter((note) => note.text.trim());
  kept.value = written.length ? JSON.stringify(written) : "";
}

function showPlaces() {
  document.querySelectorAll(".marking__place").forEach((place) => place.remove());
  notes.forEach((note, at) => {
    if (note.x === undefined) return;
    const picture = document.querySelector(`[data-file="${note.file}"] [data-page="${note.page}"]`);
    if (!picture) return;
    const place = document.createElement("span");
    place.className = "marking__place";
    place.textContent = (at + 1).toLocaleString(document.documentElement.lang, { useGrouping: false });
    place.style.left = `${note.x / 10}%`;
    place.style.top = `${note.y / 10}%`;
    picture.append(place);
  });
}

function show() {
  const list = box.querySelector("[data-notes-list]");
  list.replaceChildren(
    ...notes.map((note) => {
      const line = form.querySelector("template[data-note]").content.firstElementChild.cloneNode(true);
      const text = line.querySelector("textarea");
      text.value = note.text;
      text.addEventListener("input", () => {
        note.text = text.value;
        keep();
      });
      line.querySelector("button").addEventListener("click", () => {
        notes = notes.filter((other) => other !== note);
        keep();
        show();
      });
      return line;
    }),
  );
  box.hidden = notes.length === 0;
  showPlaces();
}

function add(note) {
  if (notes.length >= MOST_NOTES) return;
  notes.push({ ...note, text: "" });
  show();
  box.querySelector("li:last-child textarea").focus();
}

if (form) {
  try {
    notes = JSON.parse(kept.value || "[]");
  } catch (error) {
    console.info("marking", error);
  }
  show();
  for (const file of document.querySelectorAll("[data-file]")) {
    file.querySelector("[data-page]")?.addEventListener("click", (event) => {
      const at = event.currentTarget.getBoundingClientRect();
      const within = (value) => Math.min(Math.max(Math.round(value * WIDE), 0), WIDE);
      const x = within((event.clientX - at.left) / at.width);
      add({ file: file.dataset.file, page: 1, x, y: within((event.clientY - at.top) / at.height) });
    });
    file.querySelector("[data-comment-page]")?.addEventListener("click", () => {
      const page = file.querySelector("[data-page-number]");
      if (page.reportValidity()) add({ file: file.dataset.file, page: Number(page.value) });
    });
  }
  focusOn(lines.find((line) => !isChosen(line)));
}
