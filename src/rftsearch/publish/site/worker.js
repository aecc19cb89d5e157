// Keeps the page for reading without a network. A new version is fetched whole before it takes
// over, so that the files of two versions never meet.

// Other lists of the same site have caches of their own.
const OWN = `rftsearch ${self.registration.scope} `;
const VERSION = `${OWN}{{version}}`;
const FILES = {{files}};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(["./", ...FILES])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) =>
      Promise.all(
        names
          .filter((name) => name.startsWith(OWN) && name !== VERSION)
          .map((name) => caches.delete(name)),
      ),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(VERSION);
  const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (kept) return kept;
  const fetched = await fetch(request);
  if (fetched.ok && new URL(request.url).pathname.includes("/cite/")) {
    await cache.put(request, fetched.clone());
  }
  return fetched;
}
