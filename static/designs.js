// The designer of certificates. The form holds everything; this puts boxes over the picture of the
// page, lets them be moved by mouse, finger and keys, and asks the server for a picture while one works.

const form = document.querySelector("[data-design]");
const say = form.dataset;
const stage = form.querySelector("[data-stage]");
const picture = form.querySelector("[data-picture]");
const boxes = form.querySelector("[data-boxes]");
const picks = form.querySelector("[data-picks]");
const problems = form.querySelector("[data-problems]");
const state = form.querySelector("[data-state]");
const undoButton = form.querySelector("[data-undo]");
const redoButton = form.querySelector("[data-redo]");
const guideX = form.querySelector("[data-guide-x]");
const guideY = form.querySelector("[data-guide-y]");
const PAUSE = 180, SNAP = 1.6;
const SIDES = { A4: [210, 297], A3: [297, 420] };
let chosen = "";
let wordsField = null;
let dirty = "dirty" in say;
let saving = false;

// --- The form as data

function input(prefix, name) { return form.elements[`${prefix}-${name}`]; }
function value(prefix, name) { const one = input(prefix, name); return one ? Number(one.value) || 0 : 0; }
function round(number) { return Math.round(number * 100) / 100; }

function paper() {
  const [short, long] = SIDES[form.elements.paper.value] || SIDES.A4;
  return form.elements.turned.value === "across" ? [long, short] : [short, long];
}

function prefixOf(card) {
  if (card.dataset.box) { return card.dataset.box; }
  const first = card.querySelector("[name]");
  return first.name.split("-").slice(0, 2).join("-");
}

function cards() { return [...form.querySelectorAll("[data-item]")]; }
function cardOf(prefix) { return cards().find((one) => prefixOf(one) === prefix); }
function kindOf(card) { return card.dataset.box || ("line" in card.dataset ? "line" : "text"); }

function nameOf(card) {
  const kind = kindOf(card);
  if (kind !== "text") { return say[{ seal: "saySeal", code: "sayCode", line: "sayLine" }[kind]]; }
  const words = [...card.querySelectorAll("[data-words]")].map((one) => one.value).join("");
  return words.replace(/\s+/g, " ").slice(0, 14) || say.sayText;
}

// A line is a box, too, between its ends.
function placeOf(card) {
  const prefix = prefixOf(card);
  if (kindOf(card) === "line") {
    const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((one) => value(prefix, one));
    return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
  }
  return Object.fromEntries(["x", "y", "width", "height"].map((one) => [one, value(prefix, one)]));
}

function put(card, place) {
  const prefix = prefixOf(card);
  if (kindOf(card) === "line") {
    const right = value(prefix, "x1") > value(prefix, "x2"), under = value(prefix, "y1") > value(prefix, "y2");
    const [left, far] = [place.x, place.x + place.width], [top, foot] = [place.y, place.y + place.height];
    set(prefix, "x1", right ? far : left); set(prefix, "x2", right ? left : far);
    set(prefix, "y1", under ? foot : top); set(prefix, "y2", under ? top : foot);
    return;
  }
  if (kindOf(card) === "code") { place.height = place.width; }
  for (const one of ["x", "y", "width", "height"]) { set(prefix, one, place[one]); }
}

function set(prefix, name, number) { input(prefix, name).value = String(round(number)); }

function isUsed(card) {
  return !card.dataset.box || input(card.dataset.box, "used").checked;
}

// --- Boxes over the page

function draw() {
  const [width, height] = paper();
  stage.style.aspectRatio = `${width} / ${height}`;
  stage.classList.toggle("upright", height > width);
  const seen = new Set();
  for (const card of cards()) {
    const prefix = prefixOf(card);
    if (!isUsed(card)) { continue; }
    seen.add(prefix);
    let box = boxes.querySelector(`[data-for="${prefix}"]`);
    if (!box) {
      // No button: nothing happens when it is pressed, and it may be as small as the text is.
      box = document.createElement("div");
      box.setAttribute("role", "group");
      box.tabIndex = 0;
      box.dataset.for = prefix;
      const grip = document.createElement("span");
      grip.className = "design-grip";
      grip.dataset.grip = "";
      box.append(grip);
      boxes.append(box);
    }
    const place = placeOf(card);
    box.className = `design-box ${kindOf(card)}${wrong.has(keyOf(card)) ? " wrong" : ""}`;
    box.style.left = `${place.x / width * 100}%`;
    box.style.top = `${place.y / height * 100}%`;
    box.style.width = `${place.width / width * 100}%`;
    box.style.height = `${place.height / height * 100}%`;
    box.setAttribute("aria-current", String(prefix === chosen));
    const words = { name: nameOf(card), ...place };
    box.setAttribute("aria-label", say.sayPlace.replace(/\{(\w+)\}/g, (_, key) => typeof words[key] === "number" ? round(words[key]) : words[key]));
  }
  boxes.querySelectorAll("[data-for]").forEach((one) => { if (!seen.has(one.dataset.for)) { one.remove(); } });
  drawPicks();
}

function keyOf(card) {
  const kind = kindOf(card);
  return kind === "text" ? input(prefixOf(card), "key").value : kind;
}

function drawPicks() {
  const texts = cards().filter((one) => kindOf(one) === "text");
  while (picks.children.length > texts.length) { picks.lastChild.remove(); }
  texts.forEach((card, at) => {
    const one = picks.children[at] || picks.appendChild(Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-sm" }));
    one.textContent = nameOf(card);
    one.dataset.pick = prefixOf(card);
    one.setAttribute("aria-pressed", String(prefixOf(card) === chosen));
    const name = card.querySelector("[data-name]");
    if (name) { name.textContent = nameOf(card); }
    card.hidden = prefixOf(card) !== chosen;
  });
}

function choose(prefix, focus) {
  chosen = prefix;
  draw();
  const card = cardOf(prefix);
  if (!card) { return; }
  wordsField = card.querySelector("[data-words]") || wordsField;
  if (focus === "box") { boxes.querySelector(`[data-for="${prefix}"]`)?.focus(); }
  if (focus === "words") { (card.querySelector("[data-words]") || card.querySelector("input:not([type=hidden])")).focus(); }
}

// --- Moving

function edges(place) {
  return { x: [place.x, place.x + place.width / 2, place.x + place.width], y: [place.y, place.y + place.height / 2, place.y + place.height] };
}

function targets(card) {
  const [width, height] = paper();
  const found = { x: [width / 2], y: [height / 2] };
  for (const other of cards()) {
    if (other === card || !isUsed(other)) { continue; }
    const sides = edges(placeOf(other));
    found.x.push(...sides.x);
    found.y.push(...sides.y);
  }
  return found;
}

// Return how far to go to the nearest line, and that line.
function nearest(own, lines) {
  let best = null;
  for (const from of own) {
    for (const to of lines) {
      if (Math.abs(to - from) <= SNAP && (!best || Math.abs(to - from) < Math.abs(best.by))) { best = { by: to - from, at: to }; }
    }
  }
  return best;
}

function showGuides(x, y) {
  const [width, height] = paper();
  guideX.hidden = !x;
  guideY.hidden = !y;
  if (x) { guideX.style.left = `${x.at / width * 100}%`; }
  if (y) { guideY.style.top = `${y.at / height * 100}%`; }
}

let drag = null;

boxes.addEventListener("pointerdown", (event) => {
  const box = event.target.closest("[data-for]");
  if (!box || event.button) { return; }
  const card = cardOf(box.dataset.for);
  choose(box.dataset.for);
  const [width, height] = paper(), frame = stage.getBoundingClientRect();
  drag = {
    card, from: placeOf(card), x: event.clientX, y: event.clientY, moved: false,
    size: "grip" in event.target.dataset, lines: targets(card), scale: [width / frame.width, height / frame.height],
  };
  boxes.setPointerCapture(event.pointerId);
});

boxes.addEventListener("pointermove", (event) => {
  if (!drag) { return; }
  const dx = (event.clientX - drag.x) * drag.scale[0], dy = (event.clientY - drag.y) * drag.scale[1];
  if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 4) { return; }
  drag.moved = true;
  const place = drag.size
    ? { ...drag.from, width: Math.max(drag.from.width + dx, least(drag.card)), height: Math.max(drag.from.height + dy, least(drag.card)) }
    : { ...drag.from, x: drag.from.x + dx, y: drag.from.y + dy };
  snap(place);
  inside(place);
  put(drag.card, place);
  draw();
});

function least(card) { return kindOf(card) === "line" ? 0 : 5; }

function snap(place) {
  const own = edges(place);
  const x = nearest(drag.size ? [own.x[2]] : own.x, drag.lines.x), y = nearest(drag.size ? [own.y[2]] : own.y, drag.lines.y);
  if (x) { place[drag.size ? "width" : "x"] += x.by; }
  if (y) { place[drag.size ? "height" : "y"] += y.by; }
  showGuides(x, y);
}

function inside(place) {
  const [width, height] = paper();
  place.x = Math.max(0, Math.min(place.x, width - place.width));
  place.y = Math.max(0, Math.min(place.y, height - place.height));
  place.width = Math.min(place.width, width - place.x);
  place.height = Math.min(place.height, height - place.y);
}

function drop() {
  if (!drag) { return; }
  const { card, moved } = drag;
  drag = null;
  showGuides(null, null);
  if (moved) { changed(); }
  choose(prefixOf(card), "box");
}
boxes.addEventListener("pointerup", drop);
boxes.addEventListener("pointercancel", drop);
boxes.addEventListener("dblclick", (event) => {
  const box = event.target.closest("[data-for]");
  if (box) { choose(box.dataset.for, "words"); }
});
boxes.addEventListener("focusin", (event) => {
  const box = event.target.closest("[data-for]");
  if (box && !drag && box.dataset.for !== chosen) { choose(box.dataset.for); }
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
boxes.addEventListener("keydown", (event) => {
  const box = event.target.closest("[data-for]"), way = ARROWS[event.key];
  if (!box) { return; }
  if (event.key === "Enter") { event.preventDefault(); choose(box.dataset.for, "words"); return; }
  if (!way) { return; }
  event.preventDefault();
  const card = cardOf(box.dataset.for), place = placeOf(card), step = event.shiftKey ? 0.1 : 1;
  if (event.ctrlKey || event.metaKey) {
    place.width = Math.max(place.width + way[0] * step, least(card));
    place.height = Math.max(place.height + way[1] * step, least(card));
  } else {
    place.x += way[0] * step;
    place.y += way[1] * step;
  }
  inside(place);
  put(card, place);
  draw();
  changed();
});

// --- Adding and taking away

function freeKey() {
  const used = new Set([...form.querySelectorAll("[name$='-key']")].map((one) => one.value));
  for (let at = 0; ; at += 1) {
    const letters = at < 26 ? String.fromCharCode(97 + at) : String.fromCharCode(96 + Math.floor(at / 26)) + String.fromCharCode(97 + at % 26);
    if (!used.has(`text_${letters}`)) { return `text_${letters}`; }
  }
}

// Copy a blank card, and give its fields the next number.
function copied(kind, from, to) {
  const blank = document.querySelector(`template[data-blank="${kind}"]`).content.cloneNode(true);
  for (const one of blank.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      if (one.hasAttribute(name)) { one.setAttribute(name, one.getAttribute(name).replaceAll(from, to)); }
    }
  }
  return blank.firstElementChild;
}

// The next number behind all that are there.
function next(pattern) {
  const numbers = [...form.elements].map((one) => pattern.exec(one.name || "")).filter(Boolean).map((found) => Number(found[1]));
  return Math.max(-1, ...numbers) + 1;
}

function add(list) {
  const number = next(new RegExp(`^${list}-(\\d+)-`));
  const card = copied(list, `${list}-0-`, `${list}-${number}-`);
  form.querySelector(`[data-list="${list}"]`).append(card);
  if (list === "texts") { input(`texts-${number}`, "key").value = freeKey(); }
  enhance(card);
  changed();
  choose(prefixOf(card), "words");
}

function addPart(card) {
  const prefix = prefixOf(card), number = next(new RegExp(`^${prefix}-parts-(\\d+)-`));
  const part = copied("parts", "texts-0-parts-0-", `${prefix}-parts-${number}-`);
  card.querySelector("[data-parts]").append(part);
  part.querySelector("[data-words]").value = "";
  enhance(card);
  changed();
  part.querySelector("[data-words]").focus();
}

function enhance(card) {
  card.querySelectorAll("[data-plain]").forEach((one) => { one.hidden = true; });
  card.querySelectorAll("[data-item-buttons], [data-add-part]").forEach((one) => { one.hidden = false; });
  const parts = card.querySelectorAll("[data-part]");
  parts.forEach((one) => { one.querySelector("[data-remove-part]").hidden = parts.length < 2; });
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) { return; }
  const card = button.closest("[data-item]");
  if (button.dataset.add) { event.preventDefault(); add(button.dataset.add); }
  else if ("addPart" in button.dataset) { addPart(card); }
  else if ("removePart" in button.dataset) { button.closest("[data-part]").remove(); enhance(card); draw(); changed(); }
  else if ("remove" in button.dataset) { remove(card); }
  else if ("centre" in button.dataset) { centre(card); }
  else if (button.dataset.pick) { choose(button.dataset.pick, "words"); }
  else if (button.dataset.insert) { insert(button.dataset.insert); }
});

function remove(card) {
  const list = card.parentElement;
  card.remove();
  chosen = "";
  draw();
  changed();
  (list.querySelector("[data-item]:not([hidden]) input") || list.parentElement.querySelector("[data-add]")).focus();
}

function centre(card) {
  const place = placeOf(card);
  place.x = (paper()[0] - place.width) / 2;
  put(card, place);
  draw();
  changed();
}

function insert(name) {
  if (!wordsField || !wordsField.isConnected || wordsField.closest("[hidden]")) {
    const card = cards().find((one) => kindOf(one) === "text");
    if (!card) { return; }
    choose(prefixOf(card), "words");
  }
  wordsField.setRangeText(name, wordsField.selectionStart, wordsField.selectionEnd, "end");
  wordsField.focus();
  draw();
  changed();
}

form.addEventListener("focusin", (event) => {
  if ("words" in event.target.dataset) { wordsField = event.target; }
});

// --- Undo and redo: the lists as they were, with every value

const past = [], future = [];
let present = "";

function snapshot() {
  const values = [...form.elements].filter((one) => one.name && !["csrf_token", "request_key", "version", "sample", "picture"].includes(one.name) && one.type !== "submit")
    .filter((one) => one.type !== "radio" || one.checked)
    .map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]);
  return JSON.stringify(values);
}

function restore(text) {
  const values = JSON.parse(text);
  for (const list of ["texts", "lines"]) { rebuild(list, values); }
  for (const [name, content] of values) {
    const one = form.elements[name];
    if (!one) { continue; }
    if (one.type === "checkbox") { one.checked = content; } else { one.value = content; }
  }
  if (!cardOf(chosen)) { chosen = ""; }
  cards().forEach(enhance);
  showBackground();
  draw();
}

// Put as many cards and words there as the values need.
function rebuild(list, values) {
  const box = form.querySelector(`[data-list="${list}"]`);
  const numbers = new Set(), parts = new Set();
  for (const [name] of values) {
    const found = name.match(/^(\w+)-(\d+)-(?:parts-(\d+)-)?/);
    if (found && found[1] === list) {
      numbers.add(found[2]);
      if (found[3] !== undefined) { parts.add(`${found[2]}-${found[3]}`); }
    }
  }
  const there = new Map([...box.children].map((one) => [prefixOf(one).split("-")[1], one]));
  there.forEach((one, number) => { if (!numbers.has(number)) { one.remove(); } });
  for (const number of numbers) {
    if (!there.has(number)) { there.set(number, copied(list, `${list}-0-`, `${list}-${number}-`)); }
    box.append(there.get(number));
  }
  for (const card of list === "texts" ? there.entries() : []) {
    if (numbers.has(card[0])) { rebuildParts(card[1], card[0], parts); }
  }
}

function rebuildParts(card, number, wanted) {
  const box = card.querySelector("[data-parts]");
  const there = new Map([...box.children].map((one) => [one.querySelector("[name]").name.split("-")[3], one]));
  there.forEach((one, part) => { if (!wanted.has(`${number}-${part}`)) { one.remove(); } });
  for (const one of wanted) {
    const [owner, part] = one.split("-");
    if (owner === number && !there.has(part)) { box.append(copied("parts", "texts-0-parts-0-", `texts-${number}-parts-${part}-`)); }
  }
}

function remember() {
  const now = snapshot();
  if (now === present) { return; }
  if (present) { past.push(present); future.length = 0; }
  if (past.length > 200) { past.shift(); }
  present = now;
  buttons();
}

function buttons() {
  undoButton.disabled = !past.length;
  redoButton.disabled = !future.length;
}

function step(from, to) {
  remember();
  if (!from.length) { return; }
  to.push(present);
  present = from.pop();
  restore(present);
  buttons();
  dirty = true;
  state.textContent = say.sayUnsaved;
  ask();
}
undoButton.addEventListener("click", () => step(past, future));
redoButton.addEventListener("click", () => step(future, past));
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("textarea, input[type=text], input:not([type])")) { return; }
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    if (key === "z" && !event.shiftKey) { step(past, future); } else { step(future, past); }
  }
});

// --- The picture, and what is wrong

let wrong = new Set();
let timer = 0, asking = null, rememberTimer = 0;

function changed() {
  dirty = true;
  state.textContent = say.sayUnsaved;
  clearTimeout(rememberTimer);
  rememberTimer = setTimeout(remember, 400);
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

function sent() {
  const data = new FormData(form);
  data.delete("picture");
  return data;
}

async function ask() {
  asking?.abort();
  const mine = asking = new AbortController();
  try {
    const answer = await fetch(say.preview, { method: "POST", body: sent(), signal: mine.signal, headers: { Accept: "application/json" } });
    const found = await answer.json();
    if (found.picture) { picture.src = found.picture; }
    form.dataset.milliseconds = found.milliseconds || "";
    show(found.problems);
  } catch (error) {
    if (error.name !== "AbortError") { show([{ key: "", text: say.sayOffline }]); }
  }
}

function show(found) {
  wrong = new Set(found.map((one) => one.key).filter(Boolean));
  problems.replaceChildren(...found.map((one) => {
    const item = document.createElement("li");
    item.className = "bad";
    const card = one.key ? cards().find((card) => keyOf(card) === one.key) : null;
    const field = one.field ? form.elements[one.field] : null;
    if (!card && !field) { item.textContent = one.text; return item; }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: one.text });
    button.addEventListener("click", () => {
      if (card) { choose(prefixOf(card), "words"); } else { reveal(field); }
    });
    item.append(button);
    return item;
  }));
  if (!found.length) {
    problems.replaceChildren(Object.assign(document.createElement("li"), { className: "muted", textContent: say.sayFine }));
  }
  draw();
}

function reveal(field) {
  const card = field.closest("[data-text]");
  if (card) { choose(prefixOf(card)); }
  field.closest("details")?.setAttribute("open", "");
  field.focus();
}

form.addEventListener("input", (event) => {
  if (event.target.name === "sample" || event.target.type === "file") { return; }
  draw();
  changed();
});
form.elements.sample.addEventListener("change", ask);

// --- Background

function showBackground() {
  form.querySelector("[data-has-background]").hidden = !form.elements.background_sha256.value;
}

form.elements.picture.addEventListener("change", async () => {
  const file = form.elements.picture.files[0];
  if (!file) { return; }
  const data = new FormData();
  data.append("picture", file);
  data.append("csrf_token", form.elements.csrf_token.value);
  state.textContent = say.sayWaiting;
  try {
    const answer = await fetch(say.background, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const found = await answer.json();
    if (!answer.ok) { show(found.problems); return; }
    for (const one of ["sha256", "width", "height"]) { form.elements[`background_${one}`].value = found[one]; }
    form.elements.no_background.checked = false;
    showBackground();
    changed();
  } catch {
    show([{ key: "", text: say.sayOffline }]);
  } finally {
    form.elements.picture.value = "";
  }
});

// --- Saving

form.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "over") { dirty = false; return; }
  event.preventDefault();
  if (saving) { return; }
  saving = true;
  remember();
  const before = present;
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent(), headers: { Accept: "application/json" } });
    if (!answer.ok) { dirty = false; form.submit(); return; }
    form.elements.version.value = (await answer.json()).version;
    form.elements.request_key.value = crypto.randomUUID?.() || String(Date.now()) + Math.random().toString(16).slice(2);
    dirty = snapshot() !== before;
    state.textContent = dirty ? say.sayUnsaved : say.saySaved;
  } catch {
    show([{ key: "", text: say.sayOffline }]);
  } finally {
    saving = false;
  }
});
window.addEventListener("beforeunload", (event) => { if (dirty) { event.preventDefault(); } });

// --- Begin

for (const one of [undoButton, redoButton, picks, form.querySelector("[data-keys]"), ...form.querySelectorAll("[data-insert]")]) { one.hidden = false; }
form.elements.no_background.closest(".field").hidden = false;
cards().forEach(enhance);
choose(cards().map(prefixOf)[0] || "");
remember();
ask();
