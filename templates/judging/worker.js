// Answers for the server while there is no network, with pages and files that this device has kept.
// Pages are kept by account; only those of the account that uses the device now are ever shown.
const SHELL = "skillstar-shell-{{ version }}";
const PAGES = "skillstar-pages-";
const PATIENCE = 4000;
const KEPT = /^\/(sheets(\/\d+)?|events\/\d+\/sheets)$/;
const FILES = [
{% for file in files %}
  "{{ file }}",
{% endfor %}
];
const WORDS = {{ words|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("skillstar-shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("message", (event) => {
  if (event.data === "renew") { self.skipWaiting(); }
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" && KEPT.test(address.pathname)) {
    event.respondWith(page(event.request));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(file(event.request));
  }
});

// The network answers if it does so soon; else what is kept, and without that the network in its own time.
async function soonOr(request, kept, keep) {
  const answer = fetch(request).then(async (reply) => { await keep(reply); return reply; });
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const first = await Promise.race([answer, late]);
    if (first) { return first; }
  } catch (_error) {
    return kept();
  }
  const found = await kept();
  answer.catch(() => undefined);
  return found || answer;
}

async function file(request) {
  const kept = async () => (await caches.open(SHELL)).match(request, { ignoreSearch: true });
  return await soonOr(request, kept, async () => undefined) || Response.error();
}

async function page(request) {
  const kept = async () => {
    const mine = await (await caches.open("skillstar-account")).match("/account");
    const name = PAGES + (mine ? await mine.text() : "");
    return mine && (await caches.has(name)) ? (await caches.open(name)).match(request, { ignoreSearch: true }) : undefined;
  };
  const keep = async (reply) => {
    const account = reply.headers.get("Skillstar-Account");
    if (reply.status === 200 && account && !new URL(request.url).search) {
      await (await caches.open(PAGES + account)).put(request.url, reply.clone());
    }
  };
  return await soonOr(request, kept, keep) || nothing();
}

function nothing() {
  const text = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${WORDS.title}</title>` +
    `<h1>${WORDS.title}</h1><p>${WORDS.text}</p><p><a href="/sheets">${WORDS.link}</a></p>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
