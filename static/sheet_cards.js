// One line of a score sheet on the page: its field, what it is worth, what became of its mark.
import { fraction } from "./sheet_sums.js";

export class Card {
  constructor(box) {
    this.box = box;
    this.aspect = box.dataset.aspect;
    this.inputs = Array.from(box.querySelectorAll("[name^='mark-']"));
    this.baseField = box.querySelector("[name^='base-']");
    this.title = box.querySelector("h3").textContent;
    this.isChoice = this.inputs[0].type === "radio";
  }

  get value() {
    if (!this.isChoice) { return this.inputs[0].validity.badInput ? null : this.inputs[0].value.trim(); }
    const chosen = this.inputs.find((input) => input.checked);
    return chosen ? chosen.value : "";
  }

  // What is put into a field under the finger is marked: the next digit replaces it, as when it was there before.
  set value(text) {
    this.inputs.forEach((input) => {
      if (this.isChoice) { input.checked = input.value === text; return; }
      if (input.value === text) { return; }
      input.value = text;
      if (input === document.activeElement) { input.select(); }
    });
  }

  get base() { return Number(this.baseField.value); }

  set base(version) { this.baseField.value = version; }

  get counts() { return this.box.dataset.counted !== undefined; }

  // On a slow network a judge types before the scripts are there.
  get isTyped() {
    return this.inputs.some((input) => this.isChoice ? input.checked && !input.defaultChecked : input.value !== input.defaultValue);
  }

  // Returns null for no mark, and [0, 1] for one whose worth is not known yet.
  get worth() {
    if (this.value === "" || this.value === null) { return null; }
    if (this.box.dataset.kind === "points") { return fraction(this.value); }
    const chosen = this.inputs.find((input) => input.checked);
    return fraction((chosen || this.box).dataset.worth || "0") || [0n, 1n];
  }

  // What the server says a reading is worth, or a deduction costs; nothing while that is not known.
  sayWorth(told) {
    if (told && told.worth) { this.box.dataset.worth = told.worth; } else { delete this.box.dataset.worth; }
    const line = this.box.querySelector("[data-said]");
    if (!line) { return; }
    line.textContent = told && told.said || "";
    line.classList.toggle("is-out", Boolean(told && told.out));
  }

  // place: "" | "typed" | "device" | "server"
  show(place) {
    this.box.querySelector("[data-mark-state]").dataset.markState = place;
    this.box.classList.toggle("is-waiting", place === "typed" || place === "device");
  }

  say(problem) {
    const line = this.box.querySelector("[data-problem]");
    line.hidden = !problem;
    line.querySelector("span").textContent = problem || "";
    this.box.classList.toggle("has-error", Boolean(problem));
  }

  // How a value reads on this card: a rung by its text.
  read(value, none) {
    if (value === "") { return none; }
    const rung = this.box.querySelector("input[type=radio][value='" + Number(value) + "'] ~ .rung-text");
    return rung ? rung.textContent : value;
  }

  // Two values stand against each other: show both, let the judge choose.
  ask(question, choices) {
    this.endQuestion();
    this.say("");
    const box = document.createElement("div");
    box.className = "conflict";
    box.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = question;
    box.appendChild(words);
    choices.forEach(([text, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = text;
      button.addEventListener("click", act);
      box.appendChild(button);
    });
    this.box.appendChild(box);
  }

  endQuestion() {
    const box = this.box.querySelector(".conflict");
    if (box) { box.remove(); }
  }

  focus() {
    const field = this.inputs.find((input) => input.checked) || this.inputs[0];
    field.focus();
    if (!this.isChoice) { field.select(); }
  }
}
