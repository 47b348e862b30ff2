// The check page: what the scanned code says is verified here and compared with the register.
(() => {
  const place = document.querySelector("[data-paper-check]");
  const { book, register, words } = JSON.parse(document.querySelector("[data-paper]").textContent);

  function say(key, values = {}) {
    return words[key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  function tell(tone, title, text, lines = []) {
    const box = document.createElement("section");
    box.className = `message tone-${tone}`;
    const body = document.createElement("div");
    body.className = "message-body";
    const head = document.createElement("p");
    head.className = "message-title";
    head.textContent = title;
    const more = document.createElement("p");
    more.textContent = text;
    body.append(head, more);
    if (lines.length) {
      const list = document.createElement("ul");
      list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
      body.append(list);
    }
    box.append(body);
    place.dataset.outcome = tone;
    if (tone === "bad") {
      // What the register says is right, but it is not what this paper says.
      document.querySelector(".verdict.tone-good")?.classList.replace("tone-good", "tone-warn");
    }
    place.replaceChildren(box);
  }

  // A shortened text ends in … and says the beginning.
  function agrees(said, name) {
    const text = said[name];
    if (said.shortened && text.endsWith("…")) {
      return register[name].startsWith(text.slice(0, -1));
    }
    return text === register[name];
  }

  function compare({ outcome, said }) {
    if (outcome === "unknown_key" || outcome === "altered" || outcome === "malformed") {
      tell("bad", say(outcome), say("foreign_text"));
      return;
    }
    const names = [...statements.TEXTS, "date"].filter((name) => !agrees(said, name));
    if (names.length || said.digest !== register.digest || said.kid !== register.kid) {
      const lines = names.map((name) =>
        say("differs_line", { label: say(name), code: said[name] || "–", register: register[name] || "–" }),
      );
      tell("bad", say("differs"), say("differs_text"), lines);
      return;
    }
    tell("good", say("agrees"), say("agrees_text", { key: said.kid }));
  }

  async function begin() {
    if (location.hash.length < 2) {
      return;
    }
    if (!statements.canVerify()) {
      tell("warn", say("old_browser"), say("cannot_text"));
      return;
    }
    compare(await statements.verify(location.href, book));
  }

  begin();
})();
