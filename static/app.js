// What every page may use: menus, theme switch, questions before acts, one submit per form, phone tables.
// Every page works without this file; it only makes things handier.
(function () {
  "use strict";
  var root = document.documentElement;

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  // Theme: light, dark, auto in turn; the cookie lets the server render the right one at once.
  function themeSwitch() {
    var button = document.querySelector("[data-theme-button]");
    if (!button) { return; }
    var order = ["auto", "light", "dark"];
    function show() {
      var now = root.getAttribute("data-theme");
      all("[data-theme-icon]", button).forEach(function (icon) {
        icon.hidden = icon.getAttribute("data-theme-icon") !== now;
      });
      var text = button.dataset.label + ": " + button.dataset[now];
      button.setAttribute("aria-label", text);
      button.title = text;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      var next = order[(order.indexOf(root.getAttribute("data-theme")) + 1) % order.length];
      var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.setAttribute("data-theme", next);
      root.setAttribute("data-bs-theme", next === "auto" ? (dark ? "dark" : "light") : next);
      document.cookie = "theme=" + next + "; path=/; max-age=31536000; SameSite=Lax";
      show();
    });
    show();
  }

  // Main menu on a small screen: without scripts the link jumps to #site-menu and CSS :target shows it.
  function siteMenu() {
    var link = document.querySelector("[data-menu-button]");
    var menu = document.getElementById("site-menu");
    if (!link || !menu) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.setAttribute("aria-label", link.getAttribute("aria-label"));
    button.setAttribute("aria-controls", "site-menu");
    button.innerHTML = link.innerHTML;
    link.replaceWith(button);
    function open(yes) {
      menu.classList.toggle("open", yes);
      button.setAttribute("aria-expanded", String(yes));
    }
    open(false);
    button.addEventListener("click", function () { open(!menu.classList.contains("open")); });
    all("[data-menu-close]", menu).forEach(function (item) { item.hidden = true; });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.classList.contains("open")) { open(false); button.focus(); }
    });
  }

  // Small menus made of <details>: close on a click elsewhere and on Escape.
  function popups() {
    document.addEventListener("click", function (event) {
      all("details[data-popup][open]").forEach(function (box) {
        if (!box.contains(event.target)) { box.open = false; }
      });
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") { return; }
      all("details[data-popup][open]").forEach(function (box) {
        box.open = false;
        box.querySelector("summary").focus();
      });
    });
  }

  // A question before an act: the <details> becomes a button with a modal dialog.
  function confirmBox(details) {
    var summary = details.querySelector("summary");
    var panel = details.querySelector(".confirm-panel");
    var dialog = document.createElement("dialog");
    if (!dialog.showModal) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.className = summary.className;
    button.innerHTML = summary.innerHTML;
    button.setAttribute("aria-haspopup", "dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", details.id + "-title");
    dialog.appendChild(panel);
    // At the end of the body no table or scrolling box can cut it off.
    document.body.appendChild(dialog);
    button.id = details.id;
    details.replaceWith(button);
    button.addEventListener("click", function () { dialog.showModal(); });
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog || event.target.closest("[data-close]")) { dialog.close(); }
    });
    if (panel.querySelector("[aria-invalid]")) { dialog.showModal(); }
  }

  // One submit per form: a second click does nothing until the answer is there.
  function submitOnce() {
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) { return; }
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      var buttons = all("button[type=submit], button:not([type])", form);
      buttons.forEach(function (button) {
        button.setAttribute("aria-disabled", "true");
        button.classList.add("is-sending");
      });
      function release() {
        delete form.dataset.sent;
        buttons.forEach(function (button) {
          button.removeAttribute("aria-disabled");
          button.classList.remove("is-sending");
        });
      }
      // A download leaves the page where it is; then the form must be usable again.
      window.setTimeout(release, 15000);
      window.addEventListener("pageshow", release, { once: true });
    });
  }

  // Cells of a phone table carry the title of their column.
  function stackTable(table) {
    var titles = all("thead th", table).map(function (head) {
      return head.querySelector(".visually-hidden, input") ? "" : head.textContent.trim();
    });
    table.setAttribute("role", "table");
    all("thead, tbody", table).forEach(function (part) { part.setAttribute("role", "rowgroup"); });
    all("tr", table).forEach(function (row) { row.setAttribute("role", "row"); });
    all("thead th", table).forEach(function (cell) { cell.setAttribute("role", "columnheader"); });
    all("tbody tr", table).forEach(function (row) {
      Array.prototype.forEach.call(row.children, function (cell, index) {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        if (!cell.hasAttribute("data-label") && titles[index] && row.children.length > 1) {
          cell.setAttribute("data-label", titles[index]);
        }
      });
    });
  }

  // One box ticks every row. On a phone the header row is gone, so the box stands above the cards too.
  function selectAll(box) {
    var table = box.closest("table");
    var boxes = [box];
    if (table.hasAttribute("data-stack")) { boxes.push(boxAbove(box, table)); }
    boxes.forEach(function (one) {
      one.addEventListener("change", function () {
        all("tbody input[type=checkbox]", table).forEach(function (item) {
          if (!item.disabled) { item.checked = one.checked; }
        });
        boxes.forEach(function (other) { other.checked = one.checked; });
      });
    });
  }

  function boxAbove(box, table) {
    var line = document.createElement("p");
    var label = document.createElement("label");
    var copy = document.createElement("input");
    line.className = "stack-all";
    copy.type = "checkbox";
    copy.className = "form-check-input";
    label.append(copy, " " + box.getAttribute("aria-label"));
    line.append(label);
    table.closest(".table-box").before(line);
    return copy;
  }

  // Tabs that do not fit scroll sideways; the present one is brought into sight.
  function showTab(box) {
    var tab = box.querySelector("[aria-current]");
    if (!tab) { return; }
    var place = tab.getBoundingClientRect();
    box.scrollLeft += place.left - box.getBoundingClientRect().left - (box.clientWidth - place.width) / 2;
  }

  themeSwitch();
  siteMenu();
  popups();
  submitOnce();
  all("details[data-confirm]").forEach(confirmBox);
  all("table[data-stack]").forEach(stackTable);
  all(".select-all").forEach(selectAll);
  all(".tabs").forEach(showTab);
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  var summary = document.querySelector("[data-error-summary]");
  if (summary) { summary.focus(); }
})();
