// Renews expired addresses by fetching the page again, which checks the permission.

/**
 * Resolves to `{ kind: "found", root }` with the player of the page as it is now, to `{ kind: "login" }` when the
 * person was logged out, to `{ kind: "revoked" }` when they may no longer watch. Rejects while offline.
 */
export async function pageAgain(number) {
  const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
  if (answer.status >= 500) throw new Error(`answered ${answer.status}`);
  if (answer.redirected && /\/accounts\/login\//.test(new URL(answer.url).pathname)) return { kind: "login" };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const root = page.querySelectorAll("[data-player]")[number];
  return answer.ok && root ? { kind: "found", root } : { kind: "revoked" };
}

/** Takes over every address from the fresh page; returns whether there was anything new. */
export function takeAddresses(root, fresh) {
  const isNew = root.dataset.master !== fresh.dataset.master;
  for (const name of ["master", "storyboard", "chapters", "telemetryUrl"]) {
    if (fresh.dataset[name]) root.dataset[name] = fresh.dataset[name];
  }
  for (const input of root.querySelectorAll("[data-url]")) {
    const same = fresh.querySelector(`input[name="${input.name}"][value="${input.value}"]`);
    if (same) input.dataset.url = same.dataset.url;
  }
  const tracks = [...fresh.querySelectorAll("track[data-caption]")];
  for (const track of root.querySelectorAll("track[data-caption]")) {
    const same = tracks.find((one) => one.srclang === track.srclang && one.kind === track.kind);
    // A track that was read keeps its cues.
    if (same && track.readyState !== HTMLTrackElement.LOADED) track.src = same.getAttribute("src");
  }
  return isNew;
}
