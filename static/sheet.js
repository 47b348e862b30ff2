// The score sheet: every entry is kept on this device at once and sent in the background; a mark that
// somebody changed elsewhere is asked about; signing waits until the server has everything.
import { ready } from "./queue_status.js";
import { isSecure } from "./queue_store.js";
import { Card } from "./sheet_cards.js";
import { added, rounded } from "./sheet_sums.js";

const PAUSE = 150; // a number that is being typed is kept after so many milliseconds
const form = document.querySelector("form[data-sheet]");
const text = form.dataset;
const sheet = Number(text.sheet);
const locked = text.locked === "1";
const cards = new Map(Array.from(form.querySelectorAll("[data-aspect]"), (box) => [box.dataset.aspect, new Card(box)]));
const stateBox = form.querySelector("[data-save-state]");
const notice = form.querySelector("[data-notice]");
const typing = new Map(); // aspect: what waits for the pause, or is being written
const wrong = new Set(); // aspects whose field holds no number
let queue = null;

// --- what the bar shows ---

function showSums() {
  let sum = [0n, 1n];
  let marked = 0;
  cards.forEach((card) => {
    const points = card.worth;
    card.box.classList.toggle("is-marked", points !== null);
    if (points === null) { return; }
    sum = added(sum, points);
    if (card.counts) { marked += 1; }
  });
  const total = form.querySelector("[data-total]");
  if (total) { total.textContent = rounded(sum, Number(text.digits), text.rounding); }
  form.querySelector(".sheet-marked").textContent = text.textMarked.replace("{marked}", marked);
}

function showState() {
  if (!queue) { return; }
  const mine = queue.of(sheet);
  let state = "saved";
  if (wrong.size || mine.some((item) => item.aside)) { state = "failed"; }
  else if (typing.size) { state = "unsaved"; }
  else if (mine.length && (queue.state === "offline" || queue.state === "signed-out")) { state = "offline"; }
  else if (mine.length) { state = "saving"; }
  stateBox.dataset.state = state;
  const kept = new Set(mine.map((item) => item.aspect));
  cards.forEach((card, aspect) => {
    if (typing.has(aspect)) { card.show("typed"); }
    else if (kept.has(aspect)) { card.show("device"); }
    else { card.show(card.base && card.value !== "" ? "server" : ""); }
  });
  if (queue.state === "signed-out") { tell(text.textSignIn, text.signIn); }
  else if (notice.dataset.kind === "signed-out") { tell(""); }
}

function tell(words, link) {
  notice.hidden = !words;
  notice.dataset.kind = link ? "signed-out" : "";
  const body = notice.querySelector(".message-body");
  if (body.textContent.trim() === words) { return; } // a link must not vanish under the finger
  const line = document.createElement(link ? "a" : "p");
  line.textContent = words;
  if (link) { line.href = link; }
  body.replaceChildren(line);
}

// --- entering ---

function note(aspect, pause) {
  const card = cards.get(aspect);
  if (typing.has(aspect)) { window.clearTimeout(typing.get(aspect)); }
  card.sayWorth(null);
  showSums();
  if (card.value === null) {
    typing.delete(aspect);
    wrong.add(aspect);
    card.say(text.textNumber);
    showState();
    return;
  }
  wrong.delete(aspect);
  card.endQuestion();
  card.say("");
  typing.set(aspect, window.setTimeout(() => keep(aspect), pause));
  showState();
}

async function keep(aspect) {
  const turn = typing.get(aspect);
  const card = cards.get(aspect);
  try {
    await ready;
    await queue.note(sheet, aspect, card.value, card.base);
  } catch (error) {
    wrong.add(aspect);
    card.say(text.textStore + " " + error);
  }
  if (typing.get(aspect) === turn) { typing.delete(aspect); }
  showState();
}

function keepNow() {
  return Promise.all(Array.from(typing.keys(), (aspect) => { window.clearTimeout(typing.get(aspect)); return keep(aspect); }));
}

// --- answers ---

function arrived({ item, told, newest }) {
  if (item.sheet !== sheet) { return; }
  const card = cards.get(item.aspect);
  if (!card) { return; }
  card.base = told.version;
  if (newest && !typing.has(item.aspect)) {
    if (told.value !== item.value && told.state !== "saved") { card.value = told.value; }
    card.sayWorth(told);
  }
  showSums();
}

// Marks that the server did not take stay where they are, and say why.
function showAside() {
  queue.of(sheet).filter((item) => item.aside).forEach((item) => {
    const card = cards.get(item.aspect);
    if (!card || typing.has(item.aspect)) { return; }
    if (item.aside.state === "conflict") { askWhich(card, item); } else { card.say(item.aside.message || text.textAside); }
  });
}

function askWhich(card, item) {
  if (card.box.querySelector(".conflict")) { return; }
  const told = item.aside;
  card.ask(text.textConflict, [
    [text.textMine.replace("{value}", card.read(item.value, text.textNone)), async () => {
      card.endQuestion();
      card.base = told.version;
      await queue.note(sheet, item.aspect, item.value, told.version);
    }],
    [text.textStored.replace("{value}", card.read(told.value, text.textNone)), async () => {
      card.endQuestion();
      card.value = told.value;
      card.base = told.version;
      card.sayWorth(told);
      await queue.drop(item);
      showSums();
      showState();
    }],
  ]);
}

// --- begin: what the server sent, what it has said since to this device, what still waits here ---

async function restore() {
  const known = await queue.store.known(sheet);
  known.filter(({ told }) => told.at > Number(text.version)).forEach(({ aspect, told }) => {
    const card = cards.get(aspect);
    if (!card || card.isTyped) { return; }
    card.value = told.value;
    card.base = told.version;
    card.sayWorth(told);
  });
  const lost = [];
  queue.of(sheet).forEach((item) => {
    const card = cards.get(item.aspect);
    if (card && !locked) {
      if (!card.isTyped) { card.value = item.value; card.sayWorth(null); }
    } else { lost.push((card ? card.title : item.aspect) + " " + item.value); }
  });
  if (lost.length) { tell(text.textLeftover + " " + lost.join("; ")); }
}

function listen() {
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-aspect]");
    if (box) { note(box.dataset.aspect, 0); }
  });
  form.addEventListener("input", (event) => {
    const box = event.target.closest("[data-aspect]");
    if (box && event.target.type !== "radio") { note(box.dataset.aspect, PAUSE); }
  });
  form.addEventListener("keydown", press);
  form.addEventListener("submit", submit, { capture: true });
  window.addEventListener("pagehide", keepNow);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });
}

function press(event) {
  const box = event.target.closest("[data-aspect]");
  if (!box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  const card = cards.get(box.dataset.aspect);
  if (event.key === "Enter" && card.inputs.includes(event.target)) {
    // Enter means "done with this line", not "send the whole sheet".
    event.preventDefault();
    const all = Array.from(cards.values());
    const next = all[all.indexOf(card) + 1];
    if (next) { next.focus(); } else { event.target.blur(); }
  } else if (card.isChoice && /^\d$/.test(event.key)) {
    const rung = card.inputs.find((input) => input.value === event.key);
    if (rung) { event.preventDefault(); rung.focus(); rung.click(); }
  }
}

function refuse(words) {
  const question = document.querySelector("dialog[open]");
  if (question) { question.close(); }
  tell(words);
  notice.scrollIntoView({ block: "center" });
}

async function submit(event) {
  const button = event.submitter;
  if (form.dataset.sure === "1") { return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  await ready;
  await keepNow();
  await queue.hurry();
  const mine = queue.of(sheet);
  if (wrong.size || mine.some((item) => item.aside)) { refuse(text.textAsideWait); return; }
  if (!button || !button.hasAttribute("formaction")) { tell(mine.length ? text.textKept : ""); return; }
  if (mine.length || !await queue.reach()) {
    refuse(queue.state === "signed-out" ? text.textSignIn : text.textOffline.replace("{count}", mine.length));
    return;
  }
  form.elements.csrf_token.value = queue.token;
  form.dataset.sure = "1";
  form.requestSubmit(button);
}

// The screen stays on while marks are entered.
async function stayAwake() {
  if (!navigator.wakeLock || document.hidden) { return; }
  try { await navigator.wakeLock.request("screen"); } catch (error) { console.debug("the screen may turn off", error); }
}

async function begin() {
  const refused = stateBox.dataset.state === "failed"; // the fields hold what was typed, nothing is sent by itself
  const typed = Array.from(cards.values()).filter((card) => card.isTyped);
  form.querySelector("[data-insecure]").hidden = isSecure;
  listen();
  queue = await ready;
  if (!refused) { await restore(); }
  queue.addEventListener("answer", (event) => arrived(event.detail));
  queue.addEventListener("change", () => { showAside(); showState(); });
  if (!locked && !refused) { typed.forEach((card) => note(card.aspect, 0)); }
  showSums();
  showAside();
  showState();
  form.dataset.ready = "1";
  if (!locked) { form.addEventListener("focusin", stayAwake, { once: true }); }
  document.addEventListener("visibilitychange", stayAwake);
}

begin();
