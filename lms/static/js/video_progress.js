// Keeps the percent of a video fresh while its page is open; reloads the page when the work has ended.

const EVERY_MS = 2000;

const box = document.querySelector("[data-video-progress]");

async function refresh() {
  const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { state, percent } = await answer.json();
  if (state !== "queued" && state !== "running") {
    location.reload();
    return;
  }
  box.querySelector("progress").value = percent;
  box.querySelector("[data-percent]").textContent = `${percent}%`;
}

if (box) {
  setInterval(() => {
    // Off line for a moment: the next tick asks again.
    if (!document.hidden && navigator.onLine) refresh().catch((error) => console.info("progress", error));
  }, EVERY_MS);
}
