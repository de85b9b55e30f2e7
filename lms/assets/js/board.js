// Reads the board of a sitting again while its page is open. Where the reader's right to it has ended, the page says so by loading again.

const EVERY_MS = 8000;
const TIMEOUT_MS = 7000;

const box = document.querySelector("[data-board]");
const stale = document.querySelector("[data-board-stale]");

async function refresh() {
  const answer = await fetch(box.dataset.board, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  // Logged out, or no supervisor here any more.
  if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(`The board answered with ${answer.status}.`);
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Who is at a link by the keyboard stays there.
  const focused = box.contains(document.activeElement) ? document.activeElement.id : "";
  box.replaceChildren(...read.body.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  stale.hidden = true;
}

if (box) {
  setInterval(() => {
    if (document.hidden) return;
    refresh().catch((error) => {
      // The next tick tries again; until then the reader knows that the figures are old.
      console.info("board", error);
      stale.hidden = false;
    });
  }, EVERY_MS);
}
