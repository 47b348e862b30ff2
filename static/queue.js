// Sends what waits on this device, from whichever page is open: in batches, again until it is answered.
// Events: "change" (counts or state), "answer" ({item, told, newest}).
import { isSecure, newKey } from "./queue_store.js";

const PROTOCOL = 2;
const MOST = 50;
const LONGEST_WAIT = 30000;
const PATIENCE = 20000;
const FINAL = ["saved", "same", "passed"];

export class Queue extends EventTarget {
  // addresses: {sync, key}; token: the form token of this page
  constructor(store, account, addresses, token) {
    super();
    Object.assign(this, { store, account, addresses, token });
    this.items = [];
    this.turns = this.shown = 0;
    this.state = "saved"; // saved | unsaved | saving | offline | signed-out
    this.wait = 0;
    this.timer = null;
    this.busy = null;
    this.asking = new Set();
    this.stopped = false;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("skillstar") : null;
    if (this.channel) { this.channel.onmessage = (event) => event.data === "stop" ? this.stop(false) : this.refresh(); }
  }

  async start() {
    this.device = await this.store.device();
    if (!await this.store.use(this.account) && !await this.reach()) { return; }
    await this.takeOver();
    await this.refresh();
    this.syncedAt = await this.store.syncedAt();
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.hurry(); } });
    this.hurry();
  }

  get waiting() { return this.items.filter((item) => !item.aside); }

  get aside() { return this.items.filter((item) => item.aside); }

  of(sheet) { return this.items.filter((item) => item.sheet === sheet); }

  // Reading takes time: one that began later must not be undone by one that began before.
  async refresh() {
    const turn = ++this.turns;
    const items = await this.store.list();
    if (turn > this.shown) { Object.assign(this, { items, shown: turn }); }
    this.show();
  }

  show(state) {
    if (state) { this.state = state; }
    else if (this.state !== "offline" && this.state !== "signed-out") { this.state = this.busy && this.waiting.length ? "saving" : this.waiting.length ? "unsaved" : "saved"; }
    this.dispatchEvent(new Event("change"));
  }

  // Keeps a mark on this device; once this returns, a crash no longer loses it.
  async note(sheet, aspect, value, base) {
    if (isSecure && !this.store.secret) { await this.askKey(); }
    const item = await this.store.put({ key: newKey(), sheet, aspect, value, base, typed_at: Date.now() });
    await this.changed();
    this.send();
    return item;
  }

  // Drops a mark that the judge gave up.
  async drop(item) {
    await this.store.remove(item);
    await this.changed();
  }

  async changed() {
    await this.refresh();
    if (this.channel) { this.channel.postMessage("changed"); }
  }

  hurry() {
    this.wait = 0;
    window.clearTimeout(this.timer);
    return this.send();
  }

  // One tab sends at a time; two would do no harm, the server counts every key once.
  send() {
    if (!this.busy) {
      const work = () => this.sendAll();
      const turn = navigator.locks ? navigator.locks.request("skillstar-" + this.account, work) : work();
      this.busy = turn.catch((error) => this.failed(error)).finally(() => this.rest());
    }
    return this.busy;
  }

  rest() {
    this.busy = null;
    this.show();
    if (this.waiting.length && !this.wait && !this.stopped) { this.send(); } // entered while the last answer was read
  }

  async sendAll() {
    await this.refresh();
    while (this.waiting.length) {
      const batch = this.waiting.slice(0, MOST);
      this.show("saving");
      const told = await this.post(batch);
      this.wait = 0;
      await this.take(batch, told);
    }
    this.show("saved");
  }

  async post(batch, again = true) {
    const marks = batch.map(({ key, sheet, aspect, value, base, sequence, typed_at }) => ({ key, sheet, aspect, value, base, sequence, typed_at }));
    const reply = await this.fetch(this.addresses.sync, {
      method: "POST",
      body: JSON.stringify({ protocol: PROTOCOL, account: this.account, device: this.device, marks }),
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": this.token },
    });
    if (reply.status === 200) { return reply.json(); }
    if (again && [400, 401, 403, 409].includes(reply.status) && await this.askKey()) { return this.post(batch, false); }
    throw new Error("status " + reply.status);
  }

  async take(batch, told) {
    const answers = new Map(told.answers.map((answer) => [answer.key, answer]));
    if (!batch.some((item) => answers.has(item.key))) { throw new Error("no answers"); }
    const answered = batch.filter((item) => answers.has(item.key)).map((item) => {
      const answer = answers.get(item.key);
      return { item, told: answer, done: FINAL.includes(answer.state) };
    });
    const receipt = { ...told.receipt, keys: batch.map((item) => item.key) };
    for (const detail of await this.store.settle(answered, receipt)) {
      this.dispatchEvent(new CustomEvent("answer", { detail }));
    }
    this.syncedAt = Date.parse(told.receipt.at);
    await this.changed();
  }

  // Fetches key and token of whoever is signed in; says whether that is this page's judge.
  async askKey() {
    const reply = await this.fetch(this.addresses.key, { headers: { "Accept": "application/json" } });
    const type = reply.headers.get("Content-Type") || "";
    const told = reply.status === 200 && type.startsWith("application/json") ? await reply.json() : {};
    if (told.account !== this.account) {
      this.show("signed-out");
      return false;
    }
    this.token = told.csrf;
    if (this.state === "signed-out") { this.show("unsaved"); }
    return this.store.use(this.account, told.key);
  }

  // Says whether the server can be reached as this judge.
  async reach() {
    try { return await this.askKey(); } catch (_error) { this.show("offline"); return false; }
  }

  // Before signing out: an answer that comes later would renew the sign-in that has just ended.
  stop(tell = true) {
    this.stopped = true;
    window.clearTimeout(this.timer);
    this.asking.forEach((control) => control.abort());
    if (tell && this.channel) { this.channel.postMessage("stop"); }
  }

  async fetch(url, options) {
    if (this.stopped) { throw new Error("stopped"); }
    const control = new AbortController();
    const timer = window.setTimeout(() => control.abort(), PATIENCE);
    this.asking.add(control);
    try {
      return await window.fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: control.signal, ...options });
    } finally {
      window.clearTimeout(timer);
      this.asking.delete(control);
    }
  }

  failed(error) {
    if (this.stopped) { return; }
    if (this.state !== "signed-out") { this.show("offline"); }
    this.problem = String(error);
    this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : 2000);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), this.wait);
  }

  // Marks that an older version of the page kept elsewhere come into the queue.
  async takeOver() {
    const start = "skillstar.sheet." + this.account + ".";
    for (const name of Object.keys(window.localStorage).filter((one) => one.startsWith(start))) {
      const sheet = Number(name.slice(start.length));
      const marks = JSON.parse(window.localStorage.getItem(name) || "{}");
      for (const [aspect, { value, base, key }] of Object.entries(marks)) {
        await this.store.put({ key, sheet, aspect, value, base, typed_at: null });
      }
      window.localStorage.removeItem(name);
    }
  }
}
