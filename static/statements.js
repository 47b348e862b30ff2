// Reads and verifies the statement in the code of a certificate, without any network.
// docs/certificates.md has the format. Used by the checker (a file, too) and by the check page.
const statements = (() => {
  const SIGNATURE = 64;
  const HEAD = 29;
  const TEXTS = ["number", "name", "kind", "edition", "event", "division", "award", "honours", "issuers"];
  const DAY = 86400000;

  // The digits of a link, of a scanned text, or as they are.
  function digitsIn(text) {
    const found = text.replace(/\s+/g, "").match(/(?:^|#)(\d{150,4000})$/);
    return found && found[1];
  }

  function bytesOf(digits) {
    const hex = BigInt(digits).toString(16);
    const even = hex.length % 2 ? `0${hex}` : hex;
    return Uint8Array.from(even.match(/../g), (pair) => parseInt(pair, 16));
  }

  function hexOf(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function unpacked(bytes, format) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // The dictionary goes in front as a block that is stored as it is: what follows refers back to it.
  async function textsOf(packed, dictionary) {
    const known = new Uint8Array(dictionary.length * 2);
    for (let at = 0; at < dictionary.length; at += 1) {
      known.set([dictionary.charCodeAt(at) >> 8, dictionary.charCodeAt(at) & 255], at * 2);
    }
    const size = known.length;
    const block = [0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255];
    const whole = await unpacked(new Blob([Uint8Array.from(block), known, packed]), "deflate-raw");
    const decoder = new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true });
    return decoder.decode(whole.slice(size)).split("\n");
  }

  // What the digits say, whoever wrote them; null when they are no statement.
  async function read(text, dictionary) {
    const digits = digitsIn(text);
    const data = digits && bytesOf(digits);
    if (!data || data[0] !== 1 || data.length <= HEAD + SIGNATURE) {
      return null;
    }
    const signed = data.slice(0, -SIGNATURE);
    const texts = await textsOf(signed.slice(HEAD), dictionary).catch(() => []);
    if (texts.length !== TEXTS.length) {
      return null;
    }
    const view = new DataView(data.buffer);
    return {
      ...Object.fromEntries(TEXTS.map((name, at) => [name, texts[at]])),
      kid: hexOf(data.slice(1, 5)),
      shortened: (data[5] & 1) === 1,
      list: view.getUint16(6),
      index: view.getUint32(7) & 0xffffff,
      date: new Date(view.getUint16(11) * DAY).toISOString().slice(0, 10),
      digest: hexOf(data.slice(13, HEAD)),
      signed,
      signature: data.slice(-SIGNATURE),
    };
  }

  async function isSigned(key, data, signature) {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const { kty, crv, x, y } = key;
    const made = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, false, ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, made, signature, data);
  }

  function keyOf(kid, book) {
    return book.keys.find((key) => key.kid === kid);
  }

  // One of: malformed, unknown_key, altered, signed; with what was read, and the key.
  async function verify(text, book) {
    const said = await read(text, book.dictionary);
    if (!said) {
      return { outcome: "malformed" };
    }
    const key = keyOf(said.kid, book);
    if (!key) {
      return { outcome: "unknown_key", said };
    }
    const right = await isSigned(key, said.signed, said.signature);
    return { outcome: right ? "signed" : "altered", said, key };
  }

  function unwrapped(part) {
    const text = atob(part.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }

  function parsed(part) {
    return JSON.parse(new TextDecoder().decode(unwrapped(part)));
  }

  // A status list that our keys signed; null when it is none.
  async function openList(token, book) {
    try {
      const [head, body, signature] = token.trim().split(".");
      const header = parsed(head);
      const key = keyOf(header.kid.split("#")[1], book);
      const data = new TextEncoder().encode(`${head}.${body}`);
      if (header.alg !== "ES256" || !key || key.state === "compromised" || !(await isSigned(key, data, unwrapped(signature)))) {
        return null;
      }
      const list = parsed(body);
      const [, number, purpose] = list.id.match(/\/status\/(\d+)\/(revocation|suspension)$/);
      const bits = await unpacked(unwrapped(list.credentialSubject.encodedList.slice(1)), "gzip");
      return { number: Number(number), purpose, asOf: list.validFrom, bits };
    } catch {
      return null;
    }
  }

  function isSet(list, index) {
    return (list.bits[index >> 3] & (0x80 >> index % 8)) !== 0;
  }

  // What the lists say of a statement: unknown, revoked, suspended or clear, and as of when.
  function status(said, lists) {
    const own = lists.filter((list) => list.number === said.list && said.index < list.bits.length * 8);
    const revocation = own.filter((list) => list.purpose === "revocation");
    if (!revocation.length) {
      return { outcome: "unknown" };
    }
    const newest = revocation.reduce((one, other) => (one.asOf < other.asOf ? other : one));
    // Nobody takes a revocation back, so any list that has it is right.
    if (revocation.some((list) => isSet(list, said.index))) {
      return { outcome: "revoked", asOf: newest.asOf };
    }
    const others = own.filter((list) => list.purpose === "suspension");
    others.sort((one, other) => (one.asOf < other.asOf ? 1 : -1));
    const suspended = others.length && isSet(others[0], said.index) && others[0];
    return suspended ? { outcome: "suspended", asOf: suspended.asOf } : { outcome: "clear", asOf: newest.asOf };
  }

  function canVerify() {
    return Boolean(globalThis.crypto?.subtle) && "DecompressionStream" in globalThis && typeof BigInt === "function";
  }

  return { verify, openList, status, canVerify, TEXTS };
})();
