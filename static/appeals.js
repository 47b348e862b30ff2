// Counts deadlines down by the server's clock, so that a wrong clock in the tablet does no harm.
// Without this file the page shows what was left when it was loaded.
const SOON = 30 * 60;

function said(seconds) {
  const hours = Math.floor(seconds / 3600);
  const parts = [Math.floor(seconds % 3600 / 60), seconds % 60];
  return [hours, ...parts.map(part => String(part).padStart(2, "0"))].join(":");
}

function watch(element) {
  const end = Date.parse(element.dataset.deadline);
  const ahead = Date.parse(element.dataset.now) - Date.now();
  const left = element.querySelector(".deadline-left");
  return () => {
    const seconds = Math.floor((end - Date.now() - ahead) / 1000);
    left.textContent = seconds < 0
      ? element.dataset.over
      : element.dataset.left.replace("{left}", said(seconds));
    element.classList.toggle("over", seconds < 0);
    element.classList.toggle("soon", seconds >= 0 && seconds < SOON);
  };
}

const watched = [...document.querySelectorAll("[data-deadline]")].map(watch);
const tick = () => watched.forEach(show => show());
if (watched.length) {
  tick();
  setInterval(tick, 1000);
}
