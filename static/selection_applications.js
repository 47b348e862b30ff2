// The form of an application: saves what has changed, says when, tries again without a connection.
// Nothing is kept on the device: what is not sent yet stays in the page, and leaving it is asked about.
const form = document.querySelector("form[data-saves]");
const box = document.querySelector("[data-save-state]");

if (form && box && window.fetch) { start(); }

function start() {
  const words = box.querySelector("[data-save-words]");
  const clauses = document.querySelector("[data-clauses]");
  const version = form.elements.version;
  const stored = new Map(); // what the server is known to hold
  const open = new Set(); // in conflict: not sent before somebody decides
  const PAUSE = 900, LONGEST = 30000;
  let timer = 0, wait = 1000, busy = null;

  const fields = () => Array.from(form.elements).filter((one) => one.name && one.type !== "hidden" && one.type !== "submit" && one.tagName !== "BUTTON");
  fields().forEach((one) => stored.set(one.name, one.value));
  const changed = () => fields().filter((one) => one.value !== stored.get(one.name) && !open.has(one.name) && one.dataset.refused !== one.value);
  const unsaved = () => fields().some((one) => one.value !== stored.get(one.name));

  function say(state, text) {
    box.dataset.state = state;
    if (words.textContent !== text) { words.textContent = text; }
  }

  function later(pause) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, pause);
  }

  function errorBox(one) {
    let place = document.getElementById(one.id + "-error");
    if (!place) {
      place = document.createElement("div");
      place.className = "field-error";
      place.id = one.id + "-error";
      one.closest(".field").append(place);
    }
    return place;
  }

  function mark(one, text) {
    if (!text && !one.classList.contains("is-invalid")) { return; }
    errorBox(one).textContent = text;
    one.classList.toggle("is-invalid", Boolean(text));
    if (text) { one.setAttribute("aria-invalid", "true"); one.dataset.refused = one.value; }
    else { one.removeAttribute("aria-invalid"); delete one.dataset.refused; }
  }

  function line(list, title, text) {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = title;
    dd.textContent = text || "–";
    list.append(dt, dd);
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary btn-sm me-2";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function showConflict(told) {
    const one = form.elements[told.name];
    if (!one || open.has(told.name)) { return; }
    open.add(told.name);
    const shown = document.createElement("div"), list = document.createElement("dl");
    shown.className = "conflict";
    shown.setAttribute("role", "alert");
    const title = document.createElement("strong");
    title.textContent = box.dataset.textConflict;
    line(list, box.dataset.textStored, told.stored);
    line(list, box.dataset.textYours, one.value);
    const settle = (value) => {
      stored.set(told.name, told.stored);
      open.delete(told.name);
      one.value = value;
      shown.remove();
      one.focus();
      later(0);
    };
    shown.append(title, list, button(box.dataset.textMine, () => settle(one.value)), button(box.dataset.textTheirs, () => settle(told.stored)));
    one.closest(".field").append(shown);
  }

  function take(answer, sent) {
    version.value = answer.version;
    sent.forEach((value, name) => {
      const one = form.elements[name];
      if (answer.problems[name]) { if (one.value === value) { mark(one, answer.problems[name]); } return; }
      if (answer.conflicts.some((told) => told.name === name)) { return; }
      stored.set(name, value);
      if (one.value === value) { mark(one, ""); }
    });
    answer.conflicts.forEach(showConflict);
    if (clauses && answer.clauses) {
      const page = new DOMParser().parseFromString(answer.clauses, "text/html");
      clauses.replaceChildren(...page.body.childNodes);
    }
    wait = 1000;
    if (changed().length) { later(PAUSE); } else { say("saved", unsaved() ? box.dataset.textWaiting : answer.saved); }
  }

  function again(state, text) {
    say(state, text);
    later(wait);
    wait = Math.min(wait * 2, LONGEST);
  }

  function save() {
    window.clearTimeout(timer);
    if (busy) { return busy; }
    const dirty = changed();
    if (!dirty.length) { return Promise.resolve(true); }
    const sent = new Map(dirty.map((one) => [one.name, one.value]));
    const body = new URLSearchParams();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("version", version.value);
    sent.forEach((value, name) => { body.set(name, value); body.set("was." + name, stored.get(name)); });
    say("saving", box.dataset.textSaving);
    busy = fetch(form.action, { method: "POST", body, headers: { "X-Saves": "1" }, credentials: "same-origin", redirect: "manual" })
      .then((reply) => {
        if (reply.status === 401 || reply.type === "opaqueredirect") { again("signed-out", box.dataset.textSignedOut); return false; }
        if (reply.status >= 500) { again("offline", box.dataset.textOffline); return false; }
        return reply.json().then((answer) => {
          if (!reply.ok) { say("problem", answer.problem); return false; }
          busy = null;
          take(answer, sent);
          return true;
        });
      })
      .catch(() => { again("offline", box.dataset.textOffline); return false; })
      .finally(() => { busy = null; });
    return busy;
  }

  form.addEventListener("input", () => { say("unsaved", box.dataset.textWaiting); later(PAUSE); });
  form.addEventListener("change", () => later(0));
  form.addEventListener("submit", (event) => { event.preventDefault(); event.stopImmediatePropagation(); save(); }, true);
  window.addEventListener("online", () => { wait = 1000; later(0); });
  window.addEventListener("beforeunload", (event) => { if (unsaved()) { event.preventDefault(); } });

  // Other forms of the page lead away from it: what was typed is saved before.
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (other === form || other.method !== "post" || !changed().length) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.resolve(save()).then((saved) => { if (saved) { other.submit(); } });
  }, true);

  // A file that is too large is told before it is sent.
  document.querySelectorAll("form[data-most] input[type=file]").forEach((one) => {
    one.addEventListener("change", () => {
      const most = Number(one.form.dataset.most), file = one.files[0];
      const huge = file && file.size > most * 1048576;
      document.getElementById(one.id + "-error").textContent = huge ? box.dataset.textHuge.replace("{most}", most) : "";
      one.form.querySelector("button[type=submit]").disabled = Boolean(huge);
    });
  });
}
