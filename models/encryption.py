"""Personal data at rest: AES-256-GCM with a key number, and a keyed index for equality search."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class KeyRing:
    """The keys that encrypt columns; the highest number writes, all of them read."""

    def __init__(self) -> None:
        self._keys: dict[int, bytes] = {}
        self._index_key = b""

    def load(self, keys: dict[int, bytes], index_key: bytes) -> None:
        """Take the 32-byte keys by number and the key of the search index."""
        if not keys or any(len(key) != 32 for key in keys.values()) or len(index_key) < 32:
            raise ValueError("data keys must be 32 bytes each")
        self._keys, self._index_key = dict(keys), index_key

    def seal(self, text: str, column: str) -> str:
        """Encrypt a text for one column."""
        number = max(self._keys)
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._keys[number]).encrypt(nonce, text.encode(), column.encode())
        return f"{number}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, value: str, column: str) -> str:
        """Decrypt a value that `seal` made for the same column."""
        number, _, body = value.partition(":")
        raw = base64.b64decode(body)
        key = self._keys[int(number)]
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], column.encode()).decode()

    def seal_bytes(self, data: bytes, purpose: str) -> bytes:
        """Encrypt the bytes of a file for one purpose."""
        number = max(self._keys)
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._keys[number]).encrypt(nonce, data, purpose.encode())
        return f"{number}:".encode() + nonce + sealed

    def open_bytes(self, value: bytes, purpose: str) -> bytes:
        """Decrypt bytes that `seal_bytes` made for the same purpose."""
        number, _, raw = value.partition(b":")
        key = self._keys[int(number)]
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())

    def sign(self, text: str, purpose: str) -> str:
        """Return the keyed hash by which a text that comes back is known as our own."""
        message = f"sign\0{purpose}\0{text}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def index(self, text: str, column: str) -> str:
        """Return the keyed hash under which a text is found again."""
        message = f"{column}\0{text}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


keyring = KeyRing()
