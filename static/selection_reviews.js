// A review sheet: what is typed is sent at once, and again until it has arrived.
const form = document.querySelector("form[data-review-sheet]");
const state = document.querySelector("[data-saved]");
const total = document.querySelector("[data-total]");
let timer = 0;
let wait = 1000;
let dirty = false;
let busy = false;

if (form && state && window.fetch) {
  form.addEventListener("input", () => { dirty = true; later(800); });
  window.addEventListener("online", () => { if (dirty) { later(0); } });
  window.addEventListener("beforeunload", (event) => { if (dirty) { event.preventDefault(); } });
  form.addEventListener("submit", () => { dirty = false; });
}

function later(pause) {
  window.clearTimeout(timer);
  timer = window.setTimeout(send, pause);
}

async function send() {
  if (busy) { later(300); return; }
  busy = true;
  dirty = false;
  state.textContent = state.dataset.textSaving;
  try {
    const answer = await fetch(form.action || window.location.href, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
    const found = await answer.json();
    wait = 1000;
    if (answer.ok) { taken(found); } else { refused(found); }
  } catch {
    dirty = true;
    state.textContent = state.dataset.textOffline;
    later(wait);
    wait = Math.min(wait * 2, 30000);
  } finally {
    busy = false;
  }
}

function taken(found) {
  form.elements.version.value = found.version;
  form.elements.request_key.value = found.key;
  total.textContent = found.total;
  for (const one of form.elements) { one.removeAttribute("aria-invalid"); }
  state.textContent = state.dataset.textSaved;
}

function refused(found) {
  const words = [...(found.words || [])];
  for (const [name, texts] of Object.entries(found.errors || {})) {
    const field = form.elements[`mark_${name}`] || form.elements[name];
    if (field && field.setAttribute) { field.setAttribute("aria-invalid", "true"); }
    words.push(...texts);
  }
  state.textContent = words.join(" ");
}
