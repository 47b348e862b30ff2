// Shows how far a run of certificates is; the page is loaded anew when its state has changed.
// A hidden page asks nothing, and a server that is away is asked again.
const box = document.querySelector("[data-run]");

async function ask() {
  if (document.hidden) { return; }
  try {
    const reply = await fetch(box.dataset.run, {cache: "no-store"});
    if (!reply.ok) { return; }
    if (reply.headers.get("X-Run-State") !== box.dataset.state) {
      location.reload();
      return;
    }
    box.innerHTML = await reply.text();
  } catch {
    // the next question comes in a moment
  }
}

if (box) {
  setInterval(ask, 1000);
  document.addEventListener("visibilitychange", ask);
}
