// Asks for the board again and again; the server answers 304 while nothing changed.
// A hidden page asks nothing, and readers ask at slightly different times.
const board = document.querySelector("[data-board]");
const lost = document.querySelector("[data-lost]");

async function ask() {
  if (document.hidden) { return; }
  try {
    const reply = await fetch(board.dataset.board, {cache: "no-cache"});
    lost.hidden = reply.ok;
    if (!reply.ok) { return; }
    const text = await reply.text();
    if (text !== board.dataset.last) {
      board.dataset.last = text;
      board.innerHTML = text;
    }
  } catch {
    lost.hidden = false;
  }
}

if (board) {
  const pause = Math.max(5, Number(board.dataset.seconds)) * 1000;
  setInterval(ask, pause + Math.random() * 1000);
  document.addEventListener("visibilitychange", ask);
}
