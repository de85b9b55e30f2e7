// What a lesson shows of the trainee's progress, as the server counts it while the film plays.

const page = document.querySelector("[data-lesson]");
let isDone = page?.dataset.lesson === "done";

/** The parts of the page that tell the state, as the server writes them now. */
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
  // Without a line the next report tries again.
  refresh().catch(() => (isDone = false));
});
