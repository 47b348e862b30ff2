"""Check the QR code of a certificate without the internet and without the site that issued it.

Usage: python check_certificate.py KEYS.json TEXT [STATUS_LIST.jwt ...]

KEYS.json is the file of public keys from the issuer's check page; TEXT is what the QR code says, a
link that ends in # and many digits. Needs only: pip install cryptography
"""

import base64
import gzip
import json
import re
import struct
import sys
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

TEXTS = ("number", "name", "kind", "edition", "event", "division", "award", "honours", "issuers")


def unwrapped(text: str) -> bytes:
    """Read base64url without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_signed(key: dict[str, str], data: bytes, signature: bytes) -> bool:
    """Say whether this is an ES256 signature of the key."""
    x, y = (int.from_bytes(unwrapped(key[name]), "big") for name in "xy")
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        public.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def read(text: str, dictionary: str) -> tuple[dict[str, Any], bytes, bytes]:
    """Return what a statement says, its signed bytes and its signature."""
    found = re.search(r"(?:^|#)([0-9]{150,4000})$", "".join(text.split()))
    number = int(found[1]) if found else 0
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    version, kid, flags, list_, index, days, digest = struct.unpack_from(">B4sBH3sH16s", data)
    unpacker = zlib.decompressobj(-15, dictionary.encode("utf-16-be"))
    texts = unpacker.decompress(data[29:-64], 8000).decode("utf-16-be").split("\n")
    if version != 1 or len(texts) != len(TEXTS) or not unpacker.eof:
        raise ValueError("another version, or incomplete")
    said: dict[str, Any] = dict(zip(TEXTS, texts, strict=True))
    said |= {"date": date(1970, 1, 1) + timedelta(days), "digest": digest.hex(), "key": kid.hex()}
    said |= {"list": list_, "index": int.from_bytes(index, "big"), "shortened": bool(flags & 1)}
    return said, data[:-64], data[-64:]


def status(said: dict[str, Any], token: str, keys: dict[str, dict[str, str]]) -> str:
    """Say what a signed status list says of a statement."""
    head, body, signature = token.strip().split(".")
    key = keys.get(json.loads(unwrapped(head))["kid"].partition("#")[2], {"state": "compromised"})
    data = f"{head}.{body}".encode()
    if key["state"] == "compromised" or not is_signed(key, data, unwrapped(signature)):
        return "IGNORED: a status list that no good key has signed"
    told = json.loads(unwrapped(body))
    list_, purpose = told["id"].split("/")[-2:]
    if int(list_) != said["list"]:
        return f"IGNORED: {told['id']} is another list"
    bits = gzip.decompress(unwrapped(told["credentialSubject"]["encodedList"][1:]))
    is_set = bits[said["index"] // 8] & 0x80 >> said["index"] % 8
    return f"{purpose}: {'YES' if is_set else 'no'}, as of {told['validFrom']}"


def main(keys_file: str, text: str, *lists: str) -> int:
    """Print the whole statement and what became of it; 0 when nothing speaks against it."""
    book = json.loads(Path(keys_file).read_text(encoding="utf-8"))
    keys = {key["kid"]: key for key in book["keys"]}
    try:
        said, signed, signature = read(text, book["dictionary"])
    except (ValueError, struct.error, zlib.error) as error:
        print("MALFORMED: this is no statement of a certificate:", error)
        return 3
    print(*(f"{name}: {value}" for name, value in said.items()), sep="\n")
    key = keys.get(said["key"])
    if key is None or not is_signed(key, signed, signature):
        print("ALTERED: the signature does not fit" if key else "UNKNOWN KEY: not in the file")
        return 1 if key else 2
    print("SIGNED by key", said["key"], key["state"], key["compromised_at"] or "")
    told = [status(said, Path(one).read_text(encoding="utf-8"), keys) for one in lists]
    print(*(told or ["STATUS unknown: no status list given"]), sep="\n")
    return 4 if key["state"] == "compromised" or any(": YES" in line for line in told) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)
