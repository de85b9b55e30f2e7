// Service worker of the offline verification page: caches its files and serves them from the cache.
const CACHE = "mihna-verify-{{ version }}";
const FILES = JSON.parse("{{ files|escapejs }}");

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(deleteOldCaches().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && FILES.includes(new URL(event.request.url).pathname)) {
    event.respondWith(cached(event.request));
  }
});

async function deleteOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("mihna-verify-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function cached(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
