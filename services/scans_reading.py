"""What an uploaded scan is and what stands on its pages, found out at arm's length."""

import json
from dataclasses import dataclass

from rules.refusals import Refused
from rules.texts import N_
from services import processes

_LONGEST = 30  # seconds
_STARTS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))
_PROBLEMS = {
    "locked": N_("The PDF is locked with a password. Save it without one."),
    "huge": N_("A page of the file is too large to be opened."),
    "broken": N_("The file is damaged and cannot be opened."),
}
_NOT_OPENED = N_("The file could not be opened in time. Scan it anew, with fewer pages.")


@dataclass(frozen=True)
class ReadPage:
    """One page: a fresh JPEG of what is to be seen, and the text of its code if there is one."""

    image: bytes
    text: str


def kind_of(data: bytes) -> str:
    """Return the kind of a file by its content, whatever its name says; refuse other kinds."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    raise Refused(N_("Only PDF files and photos (JPEG, PNG) can be read."), field="files")


def count_pages(kind: str, data: bytes) -> int:
    """Return how many pages a file has; refuse one that cannot be opened."""
    return _ask(kind, data, 0, 0)[0]


def read_pages(kind: str, data: bytes, first: int, count: int) -> list[ReadPage]:
    """Read some pages of a file, from a first one counted from 0.

    A page that breaks the reading is kept as an empty one, so that it cannot hold up the others.
    """
    try:
        return _ask(kind, data, first, count)[1]
    except Refused:
        pass
    try:
        return _ask(kind, data, first, 1)[1]
    except Refused:
        return _ask("blank", b"", 0, 1)[1]


def _ask(kind: str, data: bytes, first: int, count: int) -> tuple[int, list[ReadPage]]:
    """Let a process of its own open the file."""
    words = (kind, str(first), str(count))
    try:
        told = processes.ask("services.scans_worker", *words, data=data, longest=_LONGEST)
    except processes.Failed as error:
        raise Refused(_NOT_OPENED, field="files") from error
    line, _, images = told.partition(b"\n")
    answer = json.loads(line)
    if "problem" in answer:
        raise Refused(_PROBLEMS[answer["problem"]], field="files")
    pages, start = [], 0
    for one in answer["found"]:
        pages.append(ReadPage(images[start : start + one["size"]], one["text"]))
        start += one["size"]
    return answer["pages"], pages
