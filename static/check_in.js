// The door: the box always has the focus, and a camera types into it where the browser can read codes.
const form = document.querySelector("[data-door]");
const WANTED = "skillstar door camera";
const EVERY = 250;

function keepFocus() {
  const box = form.querySelector("#typed");
  box.focus();
  // A scanner types at any time: what is typed elsewhere on the page belongs into the box.
  document.addEventListener("keydown", (event) => {
    const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && event.key !== " " && !event.target.closest("input, textarea, select")) {
      box.focus();
    }
  });
}

async function watch(video, detector) {
  if (!video.srcObject) {
    return;
  }
  const [code] = await detector.detect(video).catch(() => []);
  if (code) {
    form.querySelector("#typed").value = code.rawValue;
    form.requestSubmit();
    return;
  }
  setTimeout(watch, EVERY, video, detector);
}

function stop(video) {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  video.hidden = true;
  sessionStorage.removeItem(WANTED);
}

async function start(video) {
  try {
    const facing = { video: { facingMode: "environment" } };
    video.srcObject = await navigator.mediaDevices.getUserMedia(facing);
    video.hidden = false;
    await video.play();
    sessionStorage.setItem(WANTED, "yes"); // the page is loaded anew after every pass
    watch(video, new BarcodeDetector({ formats: ["qr_code"] }));
  } catch {
    stop(video);
    form.querySelector("[data-failed]").hidden = false;
    document.querySelector(".door-photo").open = true;
  }
}

function offerCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
    return;
  }
  const button = form.querySelector("[data-camera]");
  const video = form.querySelector("[data-video]");
  button.hidden = false;
  button.addEventListener("click", () => (video.srcObject ? stop(video) : start(video)));
  if (sessionStorage.getItem(WANTED)) {
    start(video);
  }
}

if (form) {
  keepFocus();
  offerCamera();
}
