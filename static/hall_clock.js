// The clocks of the hall, and the question every few seconds whether anything has changed.
// The board loads itself anew when something has; the big screen only changes its body.
const hall = document.querySelector("[data-hall]");
const EVERY = 4000;
const two = (number) => String(number).padStart(2, "0");
let ahead = hall ? Date.parse(hall.dataset.now) - Date.now() : 0;
let etag = "";

function said(seconds) {
  const all = Math.abs(seconds);
  const text = `${Math.floor(all / 3600)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
  return seconds < 0 ? `-${text}` : text;
}

function tick() {
  const now = Date.now() + ahead;
  for (const timer of document.querySelectorAll("[data-ends-at]")) {
    const left = Math.floor((Date.parse(timer.dataset.endsAt) - now) / 1000);
    timer.textContent = said(left);
    timer.classList.toggle("timer-short", left <= 300);
  }
  for (const timer of document.querySelectorAll("[data-runs-from]")) {
    const since = Math.floor((now - Date.parse(timer.dataset.runsFrom)) / 1000);
    timer.textContent = said(Math.max(0, since - Number(timer.dataset.less)));
  }
  const clock = document.querySelector("[data-clock]");
  if (clock) {
    const format = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Asia/Shanghai" };
    clock.textContent = new Intl.DateTimeFormat("zh-CN", format).format(now);
  }
}

function isBusy() {
  const field = document.activeElement?.matches("input, textarea, select");
  return field || document.querySelector("details[open], dialog[open]") !== null;
}

function show(data) {
  ahead = Date.parse(data.now) - Date.now();
  if ("reloads" in hall.dataset) {
    // The first answer tells what the page already shows, but for a step taken meanwhile.
    if ((show.seen || data.mark !== hall.dataset.mark) && !isBusy()) {
      location.reload();
    }
    show.seen = true;
    return;
  }
  const parsed = new DOMParser().parseFromString(data.body, "text/html");
  hall.replaceChildren(...parsed.body.childNodes);
  tick();
}

async function ask() {
  const lost = document.querySelector("[data-lost]");
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const reply = await fetch(hall.dataset.hall, { headers, cache: "no-store" });
    if (reply.status === 401 || reply.redirected) {
      location.reload();
      return;
    }
    if (reply.ok && !(isBusy() && "reloads" in hall.dataset)) {
      etag = reply.headers.get("ETag") || "";
      show(await reply.json());
    }
    lost?.toggleAttribute("hidden", reply.ok || reply.status === 304);
  } catch {
    lost?.toggleAttribute("hidden", false);
  }
  setTimeout(ask, EVERY);
}

function offerFullScreen() {
  const button = document.querySelector("[data-full-screen]");
  if (button && document.fullscreenEnabled) {
    button.hidden = false;
    button.addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", () => {
      document.body.classList.toggle("is-full", document.fullscreenElement !== null);
    });
  }
}

if (hall) {
  tick();
  setInterval(tick, 1000);
  offerFullScreen();
  setTimeout(ask, "reloads" in hall.dataset ? 0 : EVERY);
}
