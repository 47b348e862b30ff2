// On every page of somebody who is signed in: what waits on this device is sent, counted in the header,
// and said before signing out. Judges' pages are kept for the time without network.
import { Queue } from "./queue.js";
import { Store, isSecure } from "./queue_store.js";

const PAGES = "skillstar-pages-";
const box = document.querySelector("[data-queue]");

async function begin() {
  const store = await Store.open();
  if (!box) { await tellVisitor(store); return null; }
  const account = Number(box.dataset.account);
  await store.forgetOthers(account);
  await forgetPages(account);
  if (box.dataset.judge !== "1") { return null; }
  const queue = new Queue(store, account, { sync: box.dataset.sync, key: box.dataset.key }, box.dataset.token);
  queue.addEventListener("change", () => show(queue));
  askBeforeSignOut(queue);
  await queue.start();
  keepPages(queue);
  return queue;
}

export const ready = begin();

function clock(milliseconds) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" }).format(milliseconds);
}

function show(queue) {
  const count = queue.items.length;
  box.hidden = false;
  box.dataset.state = queue.aside.length ? "failed" : queue.state;
  box.querySelector("[data-queue-count]").textContent = count || "";
  const words = count ? box.dataset.textWaiting.replace("{count}", count) : box.dataset.textNone;
  const time = queue.syncedAt ? " " + box.dataset.textLast.replace("{time}", clock(queue.syncedAt)) : "";
  box.querySelector("[data-queue-words]").textContent = words + time;
  box.title = words + time;
  document.documentElement.dataset.unsent = String(count);
}

// --- signing in and out ---

async function tellVisitor(store) {
  const line = document.querySelector("[data-queue-visitor]");
  if (!line) { return; }
  const count = Object.values(await store.counts()).reduce((sum, one) => sum + one, 0);
  line.hidden = count === 0;
  line.textContent = line.dataset.text.replace("{count}", count);
}

function askBeforeSignOut(queue) {
  const form = document.querySelector("[data-sign-out]");
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (queue.items.length) { await Promise.race([queue.hurry(), new Promise((done) => window.setTimeout(done, 3000))]); }
    const count = queue.items.length;
    if (count && !window.confirm(box.dataset.textLeave.replace("{count}", count))) { return; }
    queue.stop();
    await queue.store.forgetOthers(null);
    await forgetPages(null);
    sure = true;
    form.requestSubmit();
  }, { capture: true });
}

async function forgetPages(account) {
  if (!("caches" in window)) { return; }
  const names = await window.caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== PAGES + account).map((name) => window.caches.delete(name)));
  const mine = await window.caches.open("skillstar-account");
  await (account ? mine.put("/account", new Response(String(account))) : mine.delete("/account"));
}

// --- pages for the time without network ---

async function keepPages(queue) {
  if (!isSecure || !("serviceWorker" in navigator)) { return; }
  try {
    const registered = await navigator.serviceWorker.register(box.dataset.worker, { scope: "/" });
    renewWhenIdle(registered, queue);
    await fetchPages(queue);
  } catch (error) {
    queue.problem = String(error); // without network there is nothing new to keep
  }
}

// A new version waits until nothing is on its way; what waits to be sent does not live in the worker.
function renewWhenIdle(registered, queue) {
  const renew = () => { if (registered.waiting && !queue.busy) { registered.waiting.postMessage("renew"); } };
  registered.addEventListener("updatefound", () => {
    const coming = registered.installing;
    if (coming) { coming.addEventListener("statechange", renew); }
  });
  queue.addEventListener("change", renew);
  renew();
}

async function fetchPages(queue) {
  const reply = await queue.fetch(box.dataset.pages, {});
  if (reply.status !== 200) { return; }
  const { pages } = await reply.json();
  const cache = await window.caches.open(PAGES + queue.account);
  const index = await cache.match("/index");
  const before = index ? await index.json() : {};
  const kept = {};
  for (const { url, mark } of pages) {
    if (before[url] !== mark || !await cache.match(url)) {
      const page = await queue.fetch(url, {});
      if (page.status !== 200 || page.headers.get("Skillstar-Account") !== String(queue.account)) { continue; }
      await cache.put(url, page);
    }
    kept[url] = mark;
    await cache.put("/index", new Response(JSON.stringify({ ...before, ...kept })));
  }
  document.documentElement.dataset.kept = String(pages.length);
}
