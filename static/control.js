// The control room keeps itself up to date: it asks every second whether something changed, which
// costs the server one statement, and rests while nobody looks at it. Without this file the page
// shows the state of the moment it was loaded.
(function () {
  "use strict";
  var box = document.querySelector("[data-control]");
  if (!box || !window.fetch) { return; }
  var SECOND = 1000, LONGEST = 15000;
  var tag = '"' + box.dataset.tag + '"';
  var live = box.querySelector("[data-live]");
  var grid = box.querySelector(".control-grid");
  var words = grid ? JSON.parse(grid.dataset.words) : {};
  var classes = grid ? JSON.parse(grid.dataset.classes) : {};
  var cells = {};
  var wait = SECOND, timer = null, busy = false;

  Array.prototype.forEach.call(box.querySelectorAll("[data-sheet]"), function (cell) {
    cells[cell.dataset.sheet] = cell;
  });

  function say(fresh) {
    live.classList.toggle("is-fresh", fresh);
    live.classList.toggle("is-lost", !fresh);
    var text = fresh ? live.dataset.fresh : live.dataset.lost;
    var place = live.querySelector("[data-live-text]");
    if (place.textContent !== text) { place.textContent = text; }
  }

  function showCell(cell, state, sign) {
    var before = cell.querySelector("[data-sign]");
    if (before.textContent === sign && cell.classList.contains(classes[state])) { return; }
    before.textContent = sign;
    cell.querySelector("[data-word]").textContent = " " + words[state];
    cell.className = classes[state] + " is-new";
    setTimeout(function () { cell.classList.remove("is-new"); }, 2 * SECOND);
  }

  function replace(name, html) {
    var place = box.querySelector("[data-" + name + "]");
    // Who is on a link in there keeps it: the text is exchanged when the link is left.
    var focus = document.activeElement;
    if (focus !== place && place.contains(focus)) { return false; }
    place.innerHTML = html;
    return true;
  }

  function show(news) {
    if (news.shape !== box.dataset.shape) { location.reload(); return; }
    Object.keys(news.cells).forEach(function (key) {
      if (cells[key]) { showCell(cells[key], news.cells[key][0], news.cells[key][1]); }
    });
    var whole = replace("alarms", news.alarms);
    whole = replace("seats", news.seats) && whole;
    if (!whole) { tag = ""; }
  }

  function ask() {
    if (busy || document.hidden) { return; }
    busy = true;
    var headers = tag ? { "If-None-Match": tag } : {};
    fetch(box.dataset.url, { headers: headers, cache: "no-store", credentials: "same-origin" })
      .then(function (reply) {
        if (reply.status === 304) { return null; }
        if (!reply.ok || reply.redirected) { throw new Error(String(reply.status)); }
        tag = reply.headers.get("ETag") || "";
        return reply.json();
      })
      .then(function (news) {
        if (news) { show(news); }
        say(true);
        wait = SECOND;
      })
      .catch(function () {
        say(false);
        wait = Math.min(2 * wait, LONGEST);
      })
      .then(function () { busy = false; plan(); });
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden) { timer = setTimeout(ask, wait); }
  }

  document.addEventListener("visibilitychange", function () {
    clearTimeout(timer);
    if (!document.hidden) { wait = SECOND; ask(); }
  });
  plan();
})();
