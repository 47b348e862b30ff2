// Marking scheme: say while somebody types what it adds up to and what is still wrong. Saves nothing.
(function () {
  "use strict";
  var summary = document.querySelector("[data-summary][data-check]");
  if (!summary || !window.fetch) { return; }
  var form = summary.closest("form");
  var timer = 0;
  var asked = 0;

  function each(selector, act) {
    Array.prototype.forEach.call(form.querySelectorAll(selector), act);
  }

  // Only what changed is written, so that a screen reader hears no more than there is to say.
  function write(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }

  function showErrors(errors) {
    each("[data-error]", function (box) {
      var id = box.getAttribute("data-error");
      var texts = [];
      Object.keys(errors).forEach(function (name) {
        if (name === id || name.indexOf(id + "-") === 0) { texts = texts.concat(errors[name]); }
      });
      write(box.querySelector("span"), texts.join(" "));
      box.hidden = texts.length === 0;
      var folded = texts.length ? box.closest("details") : null;
      if (folded) { folded.open = true; }
      var input = document.getElementById(id);
      if (!input) { return; }
      input.classList.toggle("is-invalid", texts.length > 0 && input.type === "text");
      var help = document.getElementById(id + "-help") ? id + "-help" : "";
      var described = (help + (texts.length ? " " + box.id : "")).trim();
      if (texts.length) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
      if (described) { input.setAttribute("aria-describedby", described); } else { input.removeAttribute("aria-describedby"); }
    });
  }

  // Fields of the tables have no place for a message before saving; they are marked at least.
  function markFields(errors) {
    each("input[type=text]", function (input) {
      if (document.querySelector("[data-error='" + input.id + "']")) { return; }
      var wrong = Boolean(errors[input.id]);
      input.classList.toggle("is-invalid", wrong);
      if (wrong) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
      input.title = wrong ? errors[input.id].join(" ") : "";
    });
  }

  function problemLine(one) {
    var line = document.createElement("li");
    if (one.place !== undefined) {
      var button = document.createElement("button");
      button.className = "btn btn-link btn-sm";
      button.name = "go";
      button.value = "open:" + one.place;
      button.textContent = one.node;
      line.append(button, " ");
    }
    line.append(one.text);
    return line;
  }

  function showProblems(answer) {
    var box = form.querySelector("[data-problems]");
    if (!box) { return; }
    box.hidden = answer.problems.length === 0;
    box.querySelector("[data-problem-list]").replaceChildren.apply(
      box.querySelector("[data-problem-list]"), answer.problems.slice(0, 100).map(problemLine));
  }

  function show(answer) {
    write(summary, answer.summary);
    each("[data-sum]", function (place) {
      var sum = answer.sums[place.getAttribute("data-sum")];
      if (sum !== undefined) { write(place, sum); }
    });
    each("[data-count]", function (place) {
      var count = (answer.counts || {})[place.getAttribute("data-count")] || 0;
      write(place.querySelector("[data-number]"), String(count));
      place.hidden = count === 0;
    });
    showProblems(answer);
    var own = form.querySelector("[data-own]");
    if (own) {
      var texts = (answer.errors || {})["n-"] || [];
      own.replaceChildren.apply(own, texts.map(function (text) { return problemLine({ text: text }); }));
      own.hidden = texts.length === 0;
    }
    showErrors(answer.errors || {});
    markFields(answer.errors || {});
  }

  function check() {
    var mine = ++asked;
    fetch(summary.getAttribute("data-check"), {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "error"
    }).then(function (reply) {
      return reply.ok ? reply.json() : null;
    }).then(function (answer) {
      // An older answer that comes late says nothing any more.
      if (answer && mine === asked) { show(answer); }
    }).catch(function () { /* Without the network the sums come with saving. */ });
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, 400);
  }

  // The fields of the chosen kind of aspect only.
  function showKind(select) {
    each("[data-kinds]", function (box) {
      box.hidden = box.getAttribute("data-kinds").split(" ").indexOf(select.value) < 0;
    });
  }

  // The draft of the editor is lost with its page, so leaving it without saving is asked about.
  if (form.querySelector("[data-draft]")) {
    var unsaved = form.querySelector("[data-unsaved]") !== null;
    form.addEventListener("input", function () { unsaved = true; });
    form.addEventListener("submit", function () { unsaved = false; });
    window.addEventListener("beforeunload", function (event) {
      if (unsaved) { event.preventDefault(); }
    });
  }

  if (!summary.textContent.trim()) { check(); }
  form.addEventListener("input", later);
  form.addEventListener("change", function (event) {
    if (event.target.id === "n-kind") { showKind(event.target); }
    later();
  });
}());
