// Polls the progress of a job (a batch of certificates, an import) while its page is open; reloads the page when it is complete.

const EVERY_MS = 2000;

const box = document.querySelector("[data-batch-progress]");

// Only what changed is written: a screen reader announces every change of a live region.
function write(name, text) {
  const place = box.querySelector(`[data-${name}]`);
  if (place.textContent !== text) place.textContent = text;
  return place;
}

async function refresh() {
  const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const progress = await answer.json();
  if (!progress.is_live) {
    location.reload();
    return;
  }
  box.querySelector("progress").value = progress.percent;
  write("percent", progress.percent_label);
  write("label", progress.label);
  write("trouble", progress.trouble).hidden = !progress.trouble;
}

if (box) {
  setInterval(() => {
    // Offline: the next tick tries again.
    if (!document.hidden && navigator.onLine) refresh().catch((error) => console.info("progress", error));
  }, EVERY_MS);
}
