// The drawing on the stage: strokes of the log, and our own pending ones.

import { find } from "./page.js";
import { uuid } from "./uuid.js";

const SURFACE = 1000;
const STROKE_POINTS = 64;
// The tolerance of simplifying lines, in thousandths of the stage.
const TOLERANCE = 2.5;
const AGAIN_AFTER_MS = 1500;

/** Simplify a line (Ramer-Douglas-Peucker). */
export function simplified(points) {
  if (points.length < 3) return points;
  const [[x1, y1], [x2, y2]] = [points[0], points.at(-1)];
  const length = Math.hypot(x2 - x1, y2 - y1);
  let [farthest, most] = [0, TOLERANCE];
  for (let index = 1; index < points.length - 1; index += 1) {
    const [x, y] = points[index];
    const off = length ? Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length : Math.hypot(x - x1, y - y1);
    if (off > most) [farthest, most] = [index, off];
  }
  if (!farthest) return [points[0], points.at(-1)];
  return [...simplified(points.slice(0, farthest + 1)).slice(0, -1), ...simplified(points.slice(farthest))];
}

export class Ink {
  constructor(connection, sheet, me) {
    this.connection = connection;
    this.sheet = sheet;
    this.me = me;
    this.canvas = find("ink");
    this.shown = 0;
    this.strokes = [];
    this.waiting = new Map();
    this.ink = null;
    this.line = null;
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.lift());
  }

  // --- The log ---------------------------------------------------------------------------------------------------

  begin(shown) {
    this.shown = shown;
    this.strokes = [];
    this.waiting.clear();
    this.line = null;
    this.draw();
  }

  fill(strokes) {
    this.strokes = [...strokes];
    for (const [id, stroke] of this.waiting) this.post(id, stroke);
    this.draw();
  }

  /** Returns whether it is the first stroke here. */
  add(stroke) {
    if (stroke.of !== this.shown) return false;
    this.waiting.delete(stroke.id);
    this.strokes.push(stroke);
    this.draw();
    return this.strokes.length === 1;
  }

  undo({ of, by, seq }) {
    this.strokes = this.strokes.filter((stroke) => stroke.by !== by || stroke.seq < of || stroke.seq > seq);
    this.draw();
  }

  wipe(shown) {
    if (shown !== this.shown) return;
    this.strokes = [];
    this.draw();
  }

  /** Returns whether the stroke will be resent, so that no error is shown. */
  refuse({ id, code }) {
    const stroke = this.waiting.get(id);
    if (!stroke) return false;
    if (code === "too_fast" || code === "unavailable") {
      setTimeout(() => this.waiting.has(id) && this.post(id, stroke), AGAIN_AFTER_MS);
      return true;
    }
    this.waiting.delete(id);
    this.draw();
    return false;
  }

  // --- Input --------------------------------------------------------------------------------------------------

  /** Select a color by number, or null to stop drawing. */
  hold(ink) {
    this.ink = ink;
  }

  placeOf({ clientX, clientY }) {
    const box = this.sheet.getBoundingClientRect();
    const place = (at, start, length) => Math.round(Math.min(1, Math.max(0, (at - start) / length)) * SURFACE);
    return [place(clientX, box.left, box.width), place(clientY, box.top, box.height)];
  }

  press(event) {
    if (this.ink === null || !this.shown) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.line = [this.placeOf(event)];
  }

  move(event) {
    if (!this.line) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.line.push(this.placeOf(one));
    this.draw();
  }

  lift() {
    if (!this.line) return;
    const drawn = simplified(this.line);
    if (drawn.length === 1) drawn.push(drawn[0]);
    this.line = null;
    for (let from = 0; from < drawn.length - 1; from += STROKE_POINTS - 1) {
      const points = drawn.slice(from, from + STROKE_POINTS).flat();
      const stroke = { shown: this.shown, points, ink: this.ink, joined: from > 0 };
      const id = uuid();
      this.waiting.set(id, stroke);
      this.post(id, stroke);
    }
    this.draw();
  }

  post(id, stroke) {
    this.connection.send("board.draw", stroke, id);
  }

  // --- The canvas ------------------------------------------------------------------------------------------------

  draw() {
    const { canvas } = this;
    const { clientWidth, clientHeight } = canvas;
    if (!clientWidth) return;
    const scale = Math.min(devicePixelRatio, 2);
    canvas.width = clientWidth * scale;
    canvas.height = clientHeight * scale;
    const brush = canvas.getContext("2d");
    brush.lineCap = brush.lineJoin = "round";
    const style = getComputedStyle(canvas);
    const all = [...this.strokes, ...this.waiting.values()];
    if (this.line) all.push({ points: this.line.flat(), ink: this.ink });
    const width = Math.max(2, clientWidth / 200) * scale;
    for (const { points, ink } of all) {
      const path = new Path2D();
      for (let index = 0; index < points.length; index += 2) {
        path.lineTo((points[index] / SURFACE) * canvas.width, (points[index + 1] / SURFACE) * canvas.height);
      }
      // A rim in the background color keeps every line visible on every slide.
      for (const [name, wide] of [["halo", width * 2], [ink, width]]) {
        brush.strokeStyle = style.getPropertyValue(`--ink-${name}`);
        brush.lineWidth = wide;
        brush.stroke(path);
      }
    }
  }
}
