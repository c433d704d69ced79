// Keeps the pass page and its files, so that it opens without a network.
"use strict";

const PAGE = "{% url 'pass-page' %}";
const MANIFEST = "{% url 'pass-manifest' %}";
const FILES = {{ shell|safe }};
const PREFIX = "gapura-pass-";
const CACHE = PREFIX + "{{ version }}";
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  const fresh = [PAGE, MANIFEST, ...FILES].map((url) => new Request(url, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidied = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name))),
  );
  event.waitUntil(tidied.then(() => self.clients.claim()));
});

// The page is asked for each time, for its language and its newest words; whoever stands at a door
// does not wait for a slow line.
async function page(request) {
  const cache = await caches.open(CACHE);
  const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const asked = fetch(request).then((answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) cache.put(PAGE, answer.clone());
    return answer.ok ? answer : undefined;
  });
  const first = await Promise.race([asked.catch(() => undefined), waited]);
  return first ?? (await cache.match(PAGE)) ?? asked;
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname) || url.pathname === MANIFEST) event.respondWith(file(event.request));
});
