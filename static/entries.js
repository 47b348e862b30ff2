// The form of an entry: birth date and sex are asked only where the document does not tell them.
(function () {
  "use strict";
  document.querySelectorAll("[data-kind]").forEach(function (choice) {
    var more = choice.closest("fieldset").querySelector("[data-other-document]");
    if (!more) { return; }
    function show() {
      var told = choice.value === "resident" && !more.querySelector("[aria-invalid]");
      more.hidden = told;
    }
    choice.addEventListener("change", show);
    show();
  });
})();
