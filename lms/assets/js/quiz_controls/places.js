// Points on a picture: placed by touch or click, moved by dragging or with the arrow keys. Coordinates are thousandths from the upper left
// corner, in every direction of the page.

import { announcer, button, filled } from "./texts.js";

const WIDE = 1000;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 10;

/** @typedef {[number, number]} Point */

const within = (/** @type {number} */ place) => Math.min(Math.max(Math.round(place), 0), WIDE);

/** @param {HTMLElement} places the picture and the input that holds its points */
export function placePoints(places) {
  const picture = /** @type {HTMLElement} */ (places.querySelector(".quiz__picture"));
  const input = places.querySelector("input");
  const said = announcer();
  const texts = places.dataset;
  const most = Number(texts.most);
  const add = button(texts.add, "button button--secondary button--small");
  const remove = button(texts.remove, "button button--secondary button--small");
  /** @type {Point[]} */
  let points = [];
  /** @type {HTMLButtonElement[]} */
  let buttons = [];

  const words = (/** @type {number} */ index) =>
    filled(texts.point, { number: index + 1, x: Math.round(points[index][0] / 10), y: Math.round(points[index][1] / 10) });

  function show() {
    buttons.forEach((one, index) => {
      const [x, y] = points[index];
      one.style.left = `${x / 10}%`;
      one.style.top = `${y / 10}%`;
      one.setAttribute("aria-label", words(index));
    });
    add.hidden = points.length >= most;
    remove.hidden = points.length === 0;
  }

  function read() {
    points = input.value.split(" ").filter(Boolean).map((point) => /** @type {Point} */ (point.split(",").map(Number)));
    for (const one of buttons) one.remove();
    buttons = points.map((_point, index) => pointButton(index));
    picture.append(...buttons);
    show();
  }

  function write() {
    input.value = points.map((point) => point.join(",")).join(" ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  /** @param {Point} point */
  function place(point) {
    if (points.length < most) {
      points.push(point);
      buttons.push(pointButton(points.length - 1));
      picture.append(buttons.at(-1));
    } else {
      // All are placed: the nearest one moves there.
      const far = points.map(([x, y]) => Math.hypot(x - point[0], y - point[1]));
      points[far.indexOf(Math.min(...far))] = point;
    }
    write();
    said.textContent = words(points.indexOf(point));
  }

  function drop(/** @type {number} */ index) {
    points.splice(index, 1);
    write();
    read();
    (buttons.at(-1) ?? add).focus();
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  function under(event) {
    const box = picture.querySelector("img").getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width * WIDE), within((event.clientY - box.top) / box.height * WIDE)];
  }

  /** @param {number} index */
  function pointButton(index) {
    const made = button("", "quiz__point");
    made.addEventListener("click", (event) => event.stopPropagation());
    made.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        drop(index);
        return;
      }
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const by = event.shiftKey ? 1 : STEP;
      points[index] = [within(points[index][0] + step[0] * by), within(points[index][1] + step[1] * by)];
      write();
      said.textContent = words(index);
    });
    made.addEventListener("pointerdown", (event) => made.setPointerCapture(event.pointerId));
    made.addEventListener("pointermove", (event) => {
      if (!made.hasPointerCapture(event.pointerId)) return;
      points[index] = under(event);
      show();
    });
    made.addEventListener("pointerup", (event) => {
      if (!made.hasPointerCapture(event.pointerId)) return;
      made.releasePointerCapture(event.pointerId);
      write();
    });
    return made;
  }

  const keys = document.createElement("p");
  keys.className = "field__help";
  keys.textContent = texts.keys;
  const tools = document.createElement("div");
  tools.className = "quiz__tools";
  tools.append(add, remove);
  places.append(keys, tools, said);
  picture.classList.add("quiz__picture--live");
  // What the server drew of the points gives way to buttons.
  picture.querySelector("svg").remove();
  picture.addEventListener("click", (event) => place(under(event)));
  add.addEventListener("click", () => {
    place([WIDE / 2, WIDE / 2]);
    buttons.at(-1).focus();
  });
  remove.addEventListener("click", () => drop(points.length - 1));
  // What restores answers writes the input.
  places.closest("form").addEventListener("answers", read);
  read();
}
