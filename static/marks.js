// The judge's sheet: - and + beside a number. Saving belongs to the page that uses it.
// Exact steps without binary fractions: all sums run in whole units of the step's last digit.
(function () {
  "use strict";

  function places(text) {
    var dot = String(text).indexOf(".");
    return dot < 0 ? 0 : String(text).length - dot - 1;
  }

  function stepper(box) {
    var input = box.querySelector("input");
    var digits = Math.max(places(input.step), places(input.min), places(input.max));
    var unit = Math.pow(10, digits);
    function whole(text) { return Math.round(parseFloat(text) * unit); }
    function move(direction) {
      var step = whole(input.step) || unit;
      var low = input.min === "" ? -Infinity : whole(input.min);
      var high = input.max === "" ? Infinity : whole(input.max);
      var empty = input.value === "";
      // The first press on an empty field starts at the near end: "-" at the lowest, "+" one step above it.
      // Where marks go below 0 both start at 0.
      var base = isFinite(low) ? Math.max(low, Math.min(0, high)) : 0;
      var first = direction < 0 && low >= 0 ? base : base + direction * step;
      var next = empty ? first : whole(input.value) + direction * step;
      next = Math.min(high, Math.max(low, next));
      input.value = (next / unit).toFixed(digits);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    box.querySelectorAll("[data-step]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { move(Number(button.dataset.step)); });
    });
    // A scroll over a focused number must not change a mark.
    input.addEventListener("wheel", function (event) {
      if (document.activeElement === input) { event.preventDefault(); }
    }, { passive: false });
  }

  document.querySelectorAll("[data-stepper]").forEach(stepper);
})();
