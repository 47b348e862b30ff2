// What this device keeps until the server has it: one record for each line of each sheet, per account.
// With a secure connection what is typed is encrypted; the key comes from the server after signing in,
// cannot be read by scripts, and is forgotten when the judge signs out.
const NAME = "skillstar";
const STORES = ["marks", "known", "receipts", "meta"];
const MOST_RECEIPTS = 200;

export const isSecure = Boolean(window.isSecureContext && window.crypto.subtle);

export function newKey() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

function asked(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

function open() {
  const request = window.indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    const made = request.result;
    ["marks", "known"].forEach((name) => made.createObjectStore(name, { keyPath: "id" }).createIndex("account", "account"));
    made.createObjectStore("receipts", { keyPath: "number", autoIncrement: true }).createIndex("account", "account");
    made.createObjectStore("meta", { keyPath: "name" });
  };
  return asked(request);
}

export class Store {
  static async open() {
    const store = new Store();
    store.database = await open();
    store.database.onversionchange = () => store.database.close();
    store.last = Promise.resolve();
    return store;
  }

  // Does something in one transaction and returns once it is on the disk. Nothing but requests may be
  // awaited inside: the browser ends a transaction that has none.
  async within(mode, work) {
    const transaction = this.database.transaction(STORES, mode, { durability: "strict" });
    const finished = new Promise((done, fail) => {
      transaction.oncomplete = done;
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
    const result = await work((name) => transaction.objectStore(name));
    await finished;
    return result;
  }

  // Writing goes one after the other: what was typed later must get the higher number.
  inTurn(work) {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  // --- the account and its key ---

  async use(account, secret) {
    this.account = account;
    this.secret = isSecure ? await this.keyOf(account, secret) : null;
    return !isSecure || Boolean(this.secret);
  }

  async keyOf(account, secret) {
    const name = "key:" + account;
    if (secret) {
      const raw = Uint8Array.from(secret.match(/../g), (pair) => parseInt(pair, 16));
      const key = await window.crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      await this.within("readwrite", (at) => asked(at("meta").put({ name, key })));
      return key;
    }
    const found = await this.within("readonly", (at) => asked(at("meta").get(name)));
    return found && found.key;
  }

  // Forgets every account but one: its key and what it saw. What waits to be sent stays, encrypted.
  // Every page asks for it, so nothing is written where there is nothing to forget.
  async forgetOthers(account) {
    const others = async (at) => [
      (await asked(at("meta").getAllKeys())).filter((name) => name.startsWith("key:") && name !== "key:" + account),
      (await asked(at("known").getAllKeys())).filter((id) => !id.startsWith(account + ":")),
    ];
    const found = await this.within("readonly", others);
    if (!found.some((keys) => keys.length)) { return; }
    await this.within("readwrite", async (at) => {
      const [names, known] = await others(at);
      names.forEach((name) => at("meta").delete(name));
      known.forEach((id) => at("known").delete(id));
    });
  }

  async device() {
    const found = await this.within("readonly", (at) => asked(at("meta").get("device")));
    if (found) { return found.value; }
    return this.within("readwrite", async (at) => {
      const meanwhile = await asked(at("meta").get("device")); // another tab was first
      if (meanwhile) { return meanwhile.value; }
      const value = newKey();
      at("meta").put({ name: "device", value });
      return value;
    });
  }

  async seal(content) {
    const text = JSON.stringify(content);
    if (!isSecure) { return { plain: text }; }
    if (!this.secret) { throw new Error("no key"); }
    const iv = window.crypto.getRandomValues(new Uint8Array(12));
    const body = await window.crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.secret, new TextEncoder().encode(text));
    return { iv, body };
  }

  async unseal(record) {
    if (record.plain !== undefined) { return JSON.parse(record.plain); }
    const text = await window.crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, this.secret, record.body);
    return JSON.parse(new TextDecoder().decode(text));
  }

  id(sheet, aspect) { return this.account + ":" + sheet + ":" + aspect; }

  // --- marks that wait ---

  // mark: {key, sheet, aspect, value, base, typed_at}; the newest of a line takes the place of the one before.
  put(mark) {
    return this.inTurn(async () => {
      const id = this.id(mark.sheet, mark.aspect);
      const sealed = await this.seal(mark);
      const sequence = await this.within("readwrite", async (at) => {
        const last = await asked(at("meta").get("sequence"));
        const next = Math.max((last ? last.value : 0) + 1, Date.now());
        at("meta").put({ name: "sequence", value: next });
        at("marks").put({ id, account: this.account, sequence: next, ...sealed });
        return next;
      });
      return { ...mark, id, sequence };
    });
  }

  async list() {
    const records = await this.within("readonly", (at) => asked(at("marks").index("account").getAll(this.account)));
    const found = await Promise.all(records.map(async ({ id, sequence, ...sealed }) => {
      try { return { ...await this.unseal(sealed), id, sequence }; } catch (_error) { return { id, sequence, aside: { state: "unreadable" } }; }
    }));
    return found.sort((one, other) => one.sequence - other.sequence);
  }

  // Removes a mark that the judge gave up.
  async remove(item) {
    await this.within("readwrite", async (at) => this.takeAway(at, item, await asked(at("marks").get(item.id))));
  }

  // Takes a mark away unless a newer one is in its place; says whether none is.
  takeAway(at, item, now) {
    if (now && now.sequence !== item.sequence) { return false; }
    at("marks").delete(item.id);
    return true;
  }

  // How many marks wait, by account; nothing else of others can be read.
  async counts() {
    const records = await this.within("readonly", (at) => asked(at("marks").getAll()));
    const counts = {};
    records.forEach((one) => { counts[one.account] = (counts[one.account] || 0) + 1; });
    return counts;
  }

  // --- what the server has said ---

  // Takes in the answer to a batch, whole or not at all: the proof that it was sent, the marks that are
  // done, those that the server did not take. answers: [{item, told, done}]. Returns those that are
  // done, and of each whether no newer mark took its place.
  async settle(answers, receipt) {
    const sealed = await Promise.all(answers.map(({ item, told, done }) => this.seal(done ? { sheet: item.sheet, aspect: item.aspect, told } : { ...item, aside: told })));
    return this.within("readwrite", async (at) => {
      at("receipts").put({ account: this.account, ...receipt });
      at("meta").put({ name: "synced:" + this.account, value: Date.parse(receipt.at) });
      const settled = [];
      for (const [number, { item, told, done }] of answers.entries()) {
        const now = await asked(at("marks").get(item.id));
        if (done) {
          at("known").put({ id: item.id, account: this.account, ...sealed[number] });
          settled.push({ item, told, newest: this.takeAway(at, item, now) });
        } else if (now && now.sequence === item.sequence) { // it keeps its number
          at("marks").put({ id: item.id, account: this.account, sequence: item.sequence, ...sealed[number] });
        }
      }
      const numbers = await asked(at("receipts").index("account").getAllKeys(this.account));
      numbers.slice(0, -MOST_RECEIPTS).forEach((number) => at("receipts").delete(number));
      return settled;
    });
  }

  async known(sheet) {
    const range = IDBKeyRange.bound(this.id(sheet, ""), this.id(sheet, "\uffff"));
    const records = await this.within("readonly", (at) => asked(at("known").getAll(range)));
    return Promise.all(records.map((record) => this.unseal(record)));
  }

  async syncedAt() {
    const found = await this.within("readonly", (at) => asked(at("meta").get("synced:" + this.account)));
    return found && found.value;
  }

  async receipts() {
    return this.within("readonly", (at) => asked(at("receipts").index("account").getAll(this.account)));
  }
}
