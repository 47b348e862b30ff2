"""Stored bytes of uploads and scans: encrypted at rest, found by a random key, whole or not at all.

What a file is, who put it there and who may read it stands in the rows that hold its key. The
server keeps no name that came from outside, so no name can lead out of the folder.
"""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from models.encryption import keyring
from rules.refusals import Missing

KEY_LENGTH = 32
_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")
_UNFINISHED = ".part"


class DamagedFile(Exception):
    """A stored file that is not what was once put: changed, swapped or under a lost key."""


@dataclass(frozen=True)
class StoredFile:
    """Where bytes were put, and what they were."""

    key: str
    sha256: str
    size: int


def put(folder: Path, data: bytes) -> StoredFile:
    """Keep these bytes; return the key that finds them again, with their digest."""
    key = secrets.token_hex(KEY_LENGTH // 2)
    write_whole(_path(folder, key), keyring.seal_bytes(data, _purpose(key)))
    return StoredFile(key, hashlib.sha256(data).hexdigest(), len(data))


def read(folder: Path, key: str, sha256: str | None = None) -> bytes:
    """Return stored bytes; raise Missing without them, DamagedFile if they are others."""
    try:
        sealed = _path(folder, key).read_bytes()
    except FileNotFoundError:
        raise Missing(key) from None
    try:
        data = keyring.open_bytes(sealed, _purpose(key))
    except (InvalidTag, KeyError, ValueError) as error:
        raise DamagedFile(key) from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedFile(key)
    return data


def delete(folder: Path, key: str) -> None:
    """Forget stored bytes; forgetting them twice is no fault."""
    _path(folder, key).unlink(missing_ok=True)


@contextmanager
def keeping(folder: Path) -> Iterator[Callable[[bytes], StoredFile]]:
    """Put files for one act: when the block fails, none of them stays behind."""
    made: list[str] = []

    def keep(data: bytes) -> StoredFile:
        stored = put(folder, data)
        made.append(stored.key)
        return stored

    try:
        yield keep
    except BaseException:
        for key in made:
            delete(folder, key)
        raise


def sweep(folder: Path, known: Collection[str], before: datetime) -> int:
    """Forget files written before an instant that no row knows; return how many there were."""
    gone = 0
    for path in _store(folder).glob("*/*"):
        strange = path.suffix == _UNFINISHED or path.name not in known
        if strange and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in its place whole or not at all, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=_UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _store(folder: Path) -> Path:
    return folder / "kept"


def _path(folder: Path, key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise Missing(key)
    return _store(folder) / key[:2] / key


def _purpose(key: str) -> str:
    """Return what a file is sealed for, so that one cannot stand in for another."""
    return f"file {key}"
