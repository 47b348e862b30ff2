// Says how long is left until a deadline. The page says the deadline itself without this, too.
const EVERY = 1000;
const chinese = !document.documentElement.lang.startsWith("en");

function words(seconds) {
  const days = Math.floor(seconds / 86400);
  const two = (number) => String(number).padStart(2, "0");
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (days) { return chinese ? `还剩 ${days} 天 ${clock}` : `${days} days ${clock} left`; }
  return chinese ? `还剩 ${clock}` : `${clock} left`;
}

for (const place of document.querySelectorAll("[data-countdown]")) {
  // The clock of the server counts, not that of the device.
  const ahead = Date.parse(place.dataset.now) - Date.now();
  const end = Date.parse(place.dataset.countdown);
  const show = () => {
    const left = Math.floor((end - Date.now() - ahead) / 1000);
    place.textContent = left > 0 ? words(left) : chinese ? "申报已截止" : "Applications are closed";
    if (left <= 0) { clearInterval(timer); }
  };
  const timer = setInterval(show, EVERY);
  show();
}
