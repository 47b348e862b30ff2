// Keying a paper sheet by the keyboard alone: Enter goes to the next line, after the last it keeps.
"use strict";

const form = document.querySelector("[data-keying]");
if (form) {
  const fields = [...form.querySelectorAll("input[name^='mark-']")];
  const start = form.querySelector(".is-invalid") || fields[0];
  if (start) {
    start.focus();
    start.select();
  }
  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    if (place < 0 || event.isComposing) return;
    const last = fields.length - 1;
    if (event.key === "ArrowUp" && place > 0) {
      event.preventDefault();
      fields[place - 1].focus();
    } else if ((event.key === "Enter" || event.key === "ArrowDown") && place < last) {
      event.preventDefault();
      fields[place + 1].focus();
    }
  });
  for (const field of fields) field.addEventListener("focus", () => field.select());
}
