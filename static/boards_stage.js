// One card after another: by itself for the results, by keyboard for the announcer.
// Without this file all cards stand below each other.
const cards = [...document.querySelectorAll("[data-one]")];
const tools = document.querySelector("[data-tools]");
const stage = document.querySelector("[data-stage]");
const pages = document.querySelector("[data-pages]");
const shown = document.querySelector("[data-page]");
// The announcer uncovers each card in two steps: the award, then the name.
const steps = stage ? cards.length * 2 : cards.length;
let step = 0;
let paused = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function show() {
  const at = stage ? Math.floor(step / 2) : step;
  cards.forEach((card, place) => { card.hidden = place !== at; });
  const cover = cards[at] && cards[at].querySelector("[data-cover]");
  if (cover) { cover.classList.toggle("covered", step % 2 === 0); }
  shown.textContent = `${at + 1} / ${cards.length}`;
}

function go(by) {
  step = stage ? Math.min(Math.max(step + by, 0), steps - 1) : (step + by + steps) % steps;
  show();
}

function onKey(event) {
  if (event.target.closest("button, a, input") && event.key === " ") { return; }
  const by = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1}[event.key];
  if (by) { event.preventDefault(); go(by); }
}

function press(selector, act) {
  const button = document.querySelector(selector);
  if (button) { button.addEventListener("click", () => act(button)); }
}

if (cards.length) {
  tools.hidden = false;
  document.addEventListener("keydown", onKey);
  press("[data-next]", () => go(1));
  press("[data-back]", () => go(-1));
  press("[data-full]", () => document.documentElement.requestFullscreen());
  press("[data-pause]", button => {
    paused = !paused;
    const text = button.textContent;
    button.textContent = button.dataset.text;
    button.dataset.text = text;
  });
  if (pages) { setInterval(() => { if (!paused) { go(1); } }, Number(pages.dataset.pauseAfter) * 1000); }
  show();
}
