// The checker: a page of the site, and the same as a file that works with the network off.
(() => {
  const root = document.querySelector("[data-checker]");
  const given = JSON.parse(document.querySelector("[data-checker-data]").textContent);
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const TONES = { signed: "good", suspended: "warn", compromised: "warn", unknown_key: "warn" };
  const EVERY = 250;
  let language = given.language;
  let lists = [];
  let shown = null;

  function say(key, values = {}) {
    return given.words[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  function element(tag, text, className = "") {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
  }

  function day(text) {
    return new Date(`${text}T00:00:00Z`).toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB", {
      timeZone: "UTC",
      dateStyle: "long",
    });
  }

  function moment(text) {
    return new Date(text).toLocaleString(language === "zh" ? "zh-CN" : "en-GB", {
      timeZone: "Asia/Shanghai",
      dateStyle: "long",
      timeStyle: "short",
    });
  }

  function keyWords(said, key) {
    if (!key) {
      return said.kid;
    }
    const values = { key: said.kid, day: day(key.valid_from), until: key.valid_until && day(key.valid_until) };
    return say(key.valid_until ? "key_span" : "key_from", values);
  }

  function rows(found, status) {
    const { said, key } = found;
    const order = ["kind", "name", "edition", "event", "division", "award", "honours", "issuers"];
    const state = say(`status_${status.outcome}`, { time: status.asOf && moment(status.asOf) });
    return [
      ...order.map((name) => [say(name), said[name]]),
      [say("date"), day(said.date)],
      [say("number"), said.number],
      [say("status"), state],
      [say("key"), keyWords(said, key)],
      [say("place"), say("place_text", { list: said.list, index: said.index })],
      [say("digest"), said.digest],
    ];
  }

  // A retired key still proves what it signed; a compromised one only what is older.
  function outcomeOf(found, status) {
    if (found.outcome !== "signed") {
      return found.outcome;
    }
    if (status.outcome === "revoked") {
      return "revoked";
    }
    if (found.key.state === "compromised") {
      return "compromised";
    }
    return status.outcome === "suspended" ? "suspended" : "signed";
  }

  function show() {
    const place = part("answer");
    place.replaceChildren();
    if (!shown) {
      return;
    }
    const status = shown.said ? statements.status(shown.said, lists) : { outcome: "unknown" };
    const outcome = outcomeOf(shown, status);
    const box = element("section", "", `verdict tone-${TONES[outcome] ?? "bad"}`);
    const head = element("div", "", "verdict-head");
    const words = element("div", "");
    const values = { day: shown.key?.compromised_at && day(shown.key.compromised_at) };
    words.append(element("h2", say(outcome), "verdict-title"), element("p", say(`${outcome}_text`, values), "verdict-text"));
    head.append(words);
    box.append(head);
    box.dataset.outcome = outcome;
    if (shown.said) {
      box.append(facts(rows(shown, status)));
    }
    place.append(box);
  }

  function facts(lines) {
    const body = element("div", "", "verdict-body");
    const list = element("dl", "", "facts facts-1");
    for (const [label, value] of lines) {
      const line = element("div", "");
      line.append(element("dt", label), element("dd", value || "–"));
      list.append(line);
    }
    body.append(list);
    if (shown.said.shortened) {
      body.append(element("p", say("shortened")));
    }
    return body;
  }

  function tell(key, values) {
    part("message").textContent = key ? say(key, values) : "";
  }

  async function check() {
    tell(null);
    shown = await statements.verify(part("input").value, given.book);
    show();
  }

  function take(text) {
    part("input").value = text;
    return check();
  }

  async function takeLists(files) {
    tell(null);
    for (const file of files) {
      const list = await statements.openList(await file.text(), given.book);
      if (list) {
        lists.push(list);
      } else {
        tell("bad_list", { file: file.name });
      }
    }
    show();
  }

  const reader = () => new BarcodeDetector({ formats: ["qr_code"] });

  async function takePhoto(file) {
    tell(null);
    const [code] = await reader().detect(await createImageBitmap(file));
    if (code) {
      await take(code.rawValue);
    } else {
      tell("no_code");
    }
  }

  async function watch(video, detector) {
    if (!video.srcObject) {
      return;
    }
    const [code] = await detector.detect(video).catch(() => []);
    if (code) {
      stop(video);
      await take(code.rawValue);
      return;
    }
    setTimeout(watch, EVERY, video, detector);
  }

  function stop(video) {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
  }

  async function start(video) {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      watch(video, reader());
    } catch {
      stop(video);
      tell("camera_failed");
    }
  }

  function offerReading() {
    const canRead = "BarcodeDetector" in globalThis;
    part("reading").hidden = !canRead;
    part("no-detector").hidden = canRead;
    part("camera").hidden = !navigator.mediaDevices;
    part("photo").addEventListener("change", (event) => event.target.files[0] && takePhoto(event.target.files[0]));
    part("camera").addEventListener("click", () => {
      const video = part("video");
      return video.srcObject ? stop(video) : start(video);
    });
  }

  function speak() {
    for (const place of root.querySelectorAll("[data-word]")) {
      place.textContent = say(place.dataset.word, { day: day(given.made_on) });
    }
    show();
  }

  function chooseLanguage(chosen) {
    language = chosen;
    document.documentElement.lang = chosen === "zh" ? "zh-Hans-CN" : "en";
    document.title = say("title");
    speak();
  }

  async function begin() {
    offerReading();
    speak();
    if (!statements.canVerify()) {
      tell("old_browser");
      return;
    }
    part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      check();
    });
    part("lists").addEventListener("change", (event) => takeLists(event.target.files));
    for (const button of root.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => chooseLanguage(button.dataset.language));
    }
    const held = await Promise.all(given.lists.map((token) => statements.openList(token, given.book)));
    lists = [...held.filter(Boolean), ...lists];
    if (location.hash.length > 1) {
      await take(location.href);
    }
    root.dataset.ready = "yes";
  }

  begin();
})();
