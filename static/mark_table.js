// The table of marks: Enter and the arrow keys go from field to field, changed fields are seen,
// and leaving with unsaved marks asks first. Saving is the plain form.
(function () {
  "use strict";
  var form = document.querySelector("[data-mark-table]");
  if (!form) { return; }
  var inputs = Array.prototype.slice.call(form.querySelectorAll(".mark-input:not(:disabled)"));
  var columns = inputs.length ? inputs[0].closest("tr").querySelectorAll(".mark-input").length : 1;
  var state = form.querySelector("[data-save-state]");
  var failed = state && state.dataset.state === "failed";
  var leaving = false;

  function go(from, steps) {
    var next = inputs[inputs.indexOf(from) + steps];
    if (next) { next.focus(); }
  }

  function isDirty(input) { return input.value.trim() !== input.dataset.before; }

  function show() {
    var dirty = inputs.some(isDirty);
    if (state) { state.dataset.state = dirty ? "unsaved" : failed ? "failed" : "saved"; }
    return dirty;
  }

  inputs.forEach(function (input) {
    // What a refused save gave back is not saved, so it counts as changed.
    input.dataset.before = failed ? "\u0000" : input.value.trim();
    input.addEventListener("input", function () {
      input.classList.toggle("is-dirty", isDirty(input));
      show();
    });
    input.addEventListener("keydown", function (event) {
      var steps = { Enter: 1, ArrowDown: columns, ArrowUp: -columns }[event.key];
      // In a list of options the arrows choose.
      if (event.isComposing || steps === undefined || input.tagName === "SELECT" && event.key !== "Enter") { return; }
      event.preventDefault();
      go(input, event.key === "Enter" && event.shiftKey ? -1 : steps);
    });
    if (input.select) { input.addEventListener("focus", function () { input.select(); }); }
  });

  form.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && !failed && show()) { event.preventDefault(); }
  });
  var first = inputs.find(function (input) { return input.value === ""; });
  if (first && !document.querySelector("[data-error-summary]") && !location.hash) { first.focus({ preventScroll: true }); }
})();
