// The timer. It ends by the server's clock, not by the phone's.

import { find, number, texts } from "./page.js";

export const serverClock = {
  ahead: 0,
  now() {
    return Date.now() + this.ahead;
  },
};
const twoDigits = new Intl.NumberFormat(number.resolvedOptions().locale, { minimumIntegerDigits: 2 });
/** `seconds` as a clock shows them. */
export function clockFace(seconds) {
  const hours = Math.floor(seconds / 3600);
  const face = `${twoDigits.format(Math.floor((seconds % 3600) / 60))}:${twoDigits.format(seconds % 60)}`;
  return hours > 0 ? `${number.format(hours)}:${face}` : face;
}

// How long "time is up" stays.
const TIMER_LINGERS_MS = 60000;

export class WallTimer {
  constructor(connection) {
    this.box = find("timer");
    this.ends = null;
    this.eventHandlers = {
      "timer.started": (event) => this.start(event),
      "timer.stopped": () => this.start({ ends: null, label: "" }),
    };
    const form = find("timer-form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const seconds = Math.round(Number(find("timer-minutes").value) * 60);
      if (connection.send("timer.start", { seconds, label: find("timer-name").value.trim() })) form.closest("details").open = false;
    });
  }

  welcome({ timer }) {
    serverClock.ahead = Date.parse(timer.now) - Date.now();
    this.start(timer);
  }

  start({ ends, label }) {
    this.ends = ends && Date.parse(ends);
    this.wasRunning = false;
    find("timer-label").textContent = label;
    find("timer-said").textContent = "";
    this.draw();
  }

  draw() {
    clearTimeout(this.ticking);
    const left = this.ends === null ? -Infinity : Math.ceil((this.ends - serverClock.now()) / 1000);
    this.box.hidden = left * 1000 < -TIMER_LINGERS_MS;
    if (this.box.hidden) return;
    const isOver = left <= 0;
    this.box.classList.toggle("wall-timer--over", isOver);
    find("timer-left").textContent = isOver ? texts.timeUp : clockFace(left);
    // Announced once, at the end: screen readers do not read every second.
    if (isOver && this.wasRunning) find("timer-said").textContent = texts.timeUp;
    this.wasRunning = !isOver;
    this.ticking = setTimeout(() => this.draw(), 500);
  }
}
