// Updates the trainee's progress on the page of a lesson from the server's responses while the video plays.

const page = document.querySelector("[data-lesson]");
let isDone = page?.dataset.lesson === "done";

/** Replaces the parts of the page that show progress with the server's current ones. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of page.querySelectorAll("[data-fresh]")) {
    const now = fresh.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (now) part.replaceChildren(...now.childNodes);
  }
}

document.addEventListener("player:progress", ({ detail: { completed, programPercent } }) => {
  const tape = page?.querySelector("[data-fresh=units] progress");
  if (tape && programPercent !== undefined) tape.value = programPercent;
  if (!page || !completed || isDone) return;
  isDone = true;
  // Offline: the next report tries again.
  refresh().catch(() => (isDone = false));
});
