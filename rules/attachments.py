"""Files that people add: told apart by their content, never by their name."""

from typing import NamedTuple

from rules.refusals import Refused
from rules.texts import N_

LARGEST = 8 * 2**20
MOST_FILES = 6
LONGEST_TITLE = 120


class Type(NamedTuple):
    """A type of file that is taken, with what its content begins with."""

    kind: str
    mimetype: str
    beginning: bytes
    is_picture: bool


TYPES = (
    Type("pdf", "application/pdf", b"%PDF-", False),
    Type("jpg", "image/jpeg", b"\xff\xd8\xff", True),
    Type("png", "image/png", b"\x89PNG\r\n\x1a\n", True),
)
BY_KIND = {one.kind: one for one in TYPES}


def type_of(data: bytes) -> Type:
    """Return the type of a file; refuse what is empty, too large or of no known type."""
    if not data:
        raise Refused(N_("The file is empty."), "file")
    if len(data) > LARGEST:
        raise Refused(N_("The file is larger than %(most)s MB."), "file", most=LARGEST // 2**20)
    for one in TYPES:
        if data.startswith(one.beginning):
            return one
    raise Refused(N_("Only PDF files and JPEG or PNG pictures are taken."), "file")


def title_of(filename: str, kind: str) -> str:
    """Return what a file is called on a page: its own name without path, signs and length."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    clean = "".join(char for char in stem if char.isprintable() and char not in '<>:"|?*').strip()
    return f"{clean[: LONGEST_TITLE - 5] or 'file'}.{kind}"
