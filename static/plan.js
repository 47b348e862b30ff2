// Award plan: say what the fixed places cost while they are typed.
(function () {
  "use strict";
  var list = document.querySelector("[data-tiers]");
  var line = document.querySelector("[data-cost]");
  if (!list || !line) { return; }
  var divisions = Number(list.dataset.divisions) || 1;

  function number(row, name) {
    var input = row.querySelector("input[name$='-" + name + "']");
    var value = input ? Number(input.value.normalize("NFKC").replace(/[, ]/g, "")) : NaN;
    return Number.isFinite(value) ? value : 0;
  }

  function show() {
    var one = 0;
    list.querySelectorAll(".row-card").forEach(function (row) {
      one += Math.round(number(row, "places") * number(row, "amount") * 100);
    });
    var locale = document.documentElement.lang;
    line.querySelector("[data-cost-one]").textContent = (one / 100).toLocaleString(locale);
    line.querySelector("[data-cost-all]").textContent = (one * divisions / 100).toLocaleString(locale);
    line.hidden = one === 0;
  }

  list.addEventListener("input", show);
  show();
}());
