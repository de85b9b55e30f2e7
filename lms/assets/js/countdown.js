// Counts down to the admission of a class and shows the link to the room then: by the server's clock, without a reload.

const HOUR = 3600;
const DAY = 24 * HOUR;

function startCounting(part) {
  const { now, opens, numbering } = part.dataset;
  const locale = `${document.documentElement.lang}-u-nu-${numbering}`;
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
  const days = new Intl.RelativeTimeFormat(locale);
  // A page from the history has an old server time; then the phone's own clock is used.
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const isFresh = visit?.type !== "back_forward";
  const ahead = isFresh ? Date.parse(now) - Date.now() : 0;
  const left = part.querySelector("[data-left]");

  function show() {
    const seconds = Math.ceil((Date.parse(opens) - Date.now() - ahead) / 1000);
    if (seconds <= 0) {
      clearInterval(ticking);
      part.querySelector("[data-wait]").hidden = true;
      part.querySelector("[data-join]").hidden = false;
    } else if (seconds >= 2 * DAY) {
      left.textContent = days.format(Math.floor(seconds / DAY), "day");
    } else {
      const clock = [Math.floor(seconds / HOUR), Math.floor(seconds / 60) % 60, seconds % 60];
      left.textContent = clock.map((figure) => two.format(figure)).join(":");
    }
  }
  const ticking = setInterval(show, 1000);
  show();
}

for (const part of document.querySelectorAll("[data-countdown]")) startCounting(part);
