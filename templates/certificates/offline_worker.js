// Service worker of the offline verification page: caches its files and serves them from the cache. Where the page of a scanned code
// cannot be fetched, this one answers at its address.
const CACHE = "mihna-verify-{{ version }}";
const FILES = JSON.parse("{{ files|escapejs }}");
// The pages by language, and where addresses in QR codes begin.
const PAGES = JSON.parse("{{ pages|escapejs }}");
const SCANNED = "{{ scanned|escapejs }}";
const PATIENCE_MS = 6_000;

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
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (FILES.includes(pathname)) event.respondWith(cached(event.request));
  else if (event.request.mode === "navigate" && pathname.startsWith(SCANNED)) event.respondWith(scanned(event.request));
});

async function deleteOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("mihna-verify-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The answer of the site; where it cannot be reached or is broken, the page that verifies what is behind the `#`. */
async function scanned(request) {
  const answer = await Promise.race([fetch(request), silence()]).catch(() => null);
  // What is redirected has no status here.
  if (answer && answer.status < 500) return answer;
  const language = Object.keys(PAGES).find((known) => navigator.language.startsWith(known)) ?? Object.keys(PAGES)[0];
  return (await (await caches.open(CACHE)).match(PAGES[language], { ignoreVary: true })) ?? answer ?? Response.error();
}

function silence() {
  return new Promise((resume) => setTimeout(resume, PATIENCE_MS, null));
}

async function cached(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
