// Keeps the progress of a video fresh while its page is open; reloads the page when the work has ended.

const EVERY_MS = 2000;

const box = document.querySelector("[data-video-progress]");

// Only what changed is written: a screen reader announces every change of a live region.
function write(name, text) {
  const place = box.querySelector(`[data-${name}]`);
  if (place.textContent !== text) place.textContent = text;
  return place;
}

function show(progress) {
  box.querySelector("progress").value = progress.percent;
  write("percent", `${progress.percent}%`);
  write("label", progress.label);
  write("left", progress.left);
  write("phase", progress.phase);
  write("hold", progress.hold).hidden = !progress.hold;
  const lines = progress.running.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  });
  box.querySelector("[data-running]").replaceChildren(...lines);
}

async function refresh() {
  const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const progress = await answer.json();
  if (progress.is_live) show(progress);
  else location.reload();
}

if (box) {
  setInterval(() => {
    // Offline: the next tick tries again.
    if (!document.hidden && navigator.onLine) refresh().catch((error) => console.info("progress", error));
  }, EVERY_MS);
}
