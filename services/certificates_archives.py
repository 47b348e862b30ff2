"""Certificates as one ZIP, sent while it is made: never more than one of them in memory."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from models.certificates import Certificate
from rules.texts import N_
from services.workbooks import Column
from services.workbooks_writing import write_csv, write_table

Say = Callable[[str], str]
PdfOf = Callable[[Certificate], bytes]
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
LONGEST_NAME = 60

COLUMNS = (
    Column("place", (N_("No."),), kind="integer"),
    Column("number", (N_("Number"),)),
    Column("name", (N_("Name"),)),
    Column("edition", (N_("Contest"),)),
    Column("event", (N_("Event"),)),
    Column("division", (N_("Division"),)),
    Column("award", (N_("Award"),)),
    Column("date", (N_("Date"),)),
    Column("file", (N_("File"),)),
)


class _Pipe:
    """What the archive is written to: it keeps only what has not been sent yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: whatever was written can be taken."""

    def take(self) -> bytes:
        """Give out what was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def stream(members: Iterable[tuple[str, bytes]], at: datetime) -> Iterator[bytes]:
    """Yield a ZIP piece by piece; names are UTF-8 and say so, as Windows and phones read it."""
    pipe = _Pipe()
    # Not seekable: sizes follow the data, as the format allows.
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, data in members:
            member = zipfile.ZipInfo(name, at.timetuple()[:6])
            member.external_attr = 0o644 << 16
            archive.writestr(member, data)
            yield pipe.take()
    yield pipe.take()


def members(
    found: Sequence[Certificate], pdf_of: PdfOf, say: Say, folder: Say | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield an index of the certificates as .csv and .xlsx, then each of them as PDF."""
    names = file_names(found, folder)
    rows = [_row(place, *pair) for place, pair in enumerate(zip(found, names, strict=True), 1)]
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in COLUMNS]
    table = [[one.title for one in columns]] + [[row[one.key] for one in columns] for row in rows]
    title = say(N_("Certificates"))
    yield f"{title}.csv", write_csv(table)
    yield f"{title}.xlsx", write_table(columns, rows, title)
    for certificate, name in zip(found, names, strict=True):
        yield name, pdf_of(certificate)


def file_names(found: Iterable[Certificate], folder: Say | None = None) -> list[str]:
    """Name each file: the number, which is never twice, then who and what for."""
    return [
        (f"{_safe(folder(one.facts['event']))}/" if folder else "") + file_name(one)
        for one in found
    ]


def file_name(certificate: Certificate) -> str:
    """Name the file of a certificate so that any system can keep it."""
    facts = certificate.facts
    words = (certificate.number, facts["name"], facts["event"], facts["award"])
    return "_".join(_safe(str(word)) for word in words if word) + ".pdf"


def _safe(text: str) -> str:
    plain = "".join(char for char in text.translate(_FORBIDDEN) if char.isprintable())
    return plain.strip(" .")[:LONGEST_NAME] or "_"


def _row(place: int, certificate: Certificate, file: str) -> dict[str, object]:
    facts = certificate.facts
    words = {key: facts.get(key, "") for key in ("name", "edition", "event", "division", "award")}
    words |= {"date": facts["date"], "number": certificate.number}
    return {"place": place, "file": file, **words}
