// Runs in <head>, before the first paint: turns "auto" into what the device prefers.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var choice = root.getAttribute("data-theme");
    root.setAttribute("data-bs-theme", choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
  }
  root.classList.add("js");
  apply();
  if (dark.addEventListener) { dark.addEventListener("change", apply); }
})();
