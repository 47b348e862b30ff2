// Reading a scan: ask for the next pages until all are read, and show how far it is.
"use strict";

const form = document.querySelector("[data-reading]");

async function readOn() {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const state = await answer.json();
  const bar = document.querySelector(".progress-line");
  bar.querySelector("progress").value = state.read;
  bar.querySelector(".progress-text").textContent = form.dataset.text
    .replace("{read}", state.read)
    .replace("{pages}", state.pages);
  return state.done;
}

async function readAll() {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    while (!(await readOn()));
    location.reload();
  } catch {
    button.disabled = false;
    form.querySelector("[data-failed]").hidden = false;
  }
}

if (form) readAll();
