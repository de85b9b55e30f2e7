{# Service worker of one attempt, whose page is its scope: shows that page again, as it was kept on this device, when it is opened without a #}
{# connection. It keeps nothing and removes nothing: lms/assets/js/quiz/kept.js and forget.js do. #}
const SCOPE = new URL(self.registration.scope).pathname;
const NAME = `mihna-attempt:${SCOPE.split("/").at(-2)}`;
const SLOWEST_MS = 15000;
const AWAY = [502, 503, 504];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === SCOPE) event.respondWith(page(request));
  } else if (["script", "style", "image", "font"].includes(request.destination)) {
    event.respondWith(part(request));
  }
});

async function page(request) {
  const isKept = await kept();
  if (!isKept) return fetch(request);
  try {
    const answer = await Promise.race([fetch(request), slowest()]);
    return !answer || AWAY.includes(answer.status) ? isKept : answer;
  } catch {
    return isKept;
  }
}

{# A line on which nothing comes is as bad as none. #}
function slowest() {
  return new Promise((resolve) => setTimeout(resolve, SLOWEST_MS));
}

async function part(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await has() && (await caches.open(NAME));
    const answer = cache && (await cache.match(request.url, { ignoreVary: true }));
    if (answer) return answer;
    throw error;
  }
}

{# Opening a cache would make it again. #}
const has = () => caches.has(NAME);

{# The page, while its time runs. #}
async function kept() {
  if (!(await has())) return undefined;
  const answer = await (await caches.open(NAME)).match(SCOPE, { ignoreVary: true });
  return answer && Number(answer.headers.get("X-Until")) > Date.now() ? answer : undefined;
}
