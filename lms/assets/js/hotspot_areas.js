// Draws the right places of a question on its picture, in the editor of pages. The text field holds them, a line for each, and is shown as typed.

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 1000;
const settings = /** @type {HTMLElement} */ (document.querySelector("script[data-question-pictures]")).dataset;

/** @param {string} text numbers in any digits, a line for each area */
function areasIn(text) {
  const latin = text.replace(/[٠-٩]/g, (digit) => String("٠١٢٣٤٥٦٧٨٩".indexOf(digit)));
  return latin.split("\n").map((line) => (line.match(/\d+/g) ?? []).map(Number)).filter((numbers) => numbers.length);
}

/** @param {number[]} numbers */
function corners(numbers) {
  if (numbers.length !== 4) return numbers.join(" ");
  const [left, top, right, bottom] = numbers;
  return [left, top, right, top, right, bottom, left, bottom].join(" ");
}

/** @param {HTMLTextAreaElement} field */
function draw(field) {
  // Names of the parts of a block differ in their end.
  const chooser = /** @type {HTMLInputElement} */ (document.getElementsByName(field.name.replace(/-areas$/, "-picture"))[0]);
  const picture = document.createElement("div");
  const image = document.createElement("img");
  const drawing = document.createElementNS(SVG, "svg");
  const help = document.createElement("p");
  const tools = document.createElement("div");
  picture.className = "hotspot-areas";
  picture.dir = "ltr";
  image.alt = "";
  image.draggable = false;
  drawing.setAttribute("viewBox", `0 0 ${WIDE} ${WIDE}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  help.className = "help";
  help.textContent = settings.draw;
  tools.className = "hotspot-areas__tools";
  picture.append(image, drawing);
  field.after(help, picture, tools);
  /** @type {number[] | null} */
  let begun = null;

  function show() {
    const id = chooser?.value;
    picture.hidden = help.hidden = tools.hidden = !id;
    if (id) {
      const address = settings.questionPictures.replace(/0\/$/, `${id}/`);
      if (image.getAttribute("src") !== address) image.src = address;
    }
    const areas = areasIn(field.value);
    drawing.replaceChildren(...[...areas, ...(begun ? [begun] : [])].map((numbers) => {
      const shape = document.createElementNS(SVG, "polygon");
      shape.setAttribute("points", corners(numbers));
      return shape;
    }));
    for (const label of picture.querySelectorAll("span")) label.remove();
    picture.append(...areas.map(([left, top], index) => {
      const label = document.createElement("span");
      label.textContent = String(index + 1);
      label.style.left = `${left / 10}%`;
      label.style.top = `${top / 10}%`;
      return label;
    }));
    tools.replaceChildren(...areas.map((_numbers, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = settings.remove.replace("{number}", String(index + 1));
      button.addEventListener("click", () => write(areas.filter((_area, place) => place !== index)));
      return button;
    }));
  }

  /** @param {number[][]} areas */
  function write(areas) {
    field.value = areas.map((numbers) => numbers.join(" ")).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }

  /** @param {PointerEvent} event */
  function under(event) {
    const box = image.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
      .map((share) => Math.min(Math.max(Math.round(share * WIDE), 0), WIDE));
  }

  let from = [0, 0];
  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = under(event);
    begun = [...from, ...from];
  });
  picture.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const [x, y] = under(event);
    begun = [Math.min(from[0], x), Math.min(from[1], y), Math.max(from[0], x), Math.max(from[1], y)];
    show();
  });
  picture.addEventListener("pointerup", () => {
    const drawn = begun;
    begun = null;
    // A touch is no frame.
    if (drawn && drawn[2] - drawn[0] > 5 && drawn[3] - drawn[1] > 5) write([...areasIn(field.value), drawn]);
    else show();
  });
  field.addEventListener("input", show);
  chooser?.addEventListener("change", show);
  show();
}

/** Blocks are added while the page is edited. */
function find() {
  for (const field of document.querySelectorAll("textarea[data-hotspot-areas]:not([data-is-drawn])")) {
    field.setAttribute("data-is-drawn", "");
    draw(/** @type {HTMLTextAreaElement} */ (field));
  }
}

new MutationObserver(find).observe(document.body, { childList: true, subtree: true });
find();
