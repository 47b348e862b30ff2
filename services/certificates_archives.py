"""Certificates as one ZIP, sent while it is made: never more than one of them in memory."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.certificates import Certificate
from models.database import db
from rules.certificate_kinds import given_by
from rules.texts import N_
from services.people import chunks
from services.workbooks import Column
from services.workbooks_writing import write_csv, write_table

Say = Callable[[str], str]
PdfOf = Callable[[Certificate], bytes]
BadgeOf = Callable[[Certificate], bytes | None]
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
LONGEST_NAME = 60
BATCH = 100
_WHOLE = (joinedload(Certificate.layout),)

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
    ids: Sequence[int],
    pdf_of: PdfOf,
    say: Say,
    by_event: bool = False,
    badge_of: BadgeOf | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield an index of the certificates as .csv and .xlsx, then each of them as PDF.

    With ``badge_of`` the badge of each that has one lies in a folder of badges.
    """
    rows = [
        _row(place, one, file_name(one, by_event)) for place, one in enumerate(read(ids), start=1)
    ]
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in COLUMNS]
    table = [[one.title for one in columns]] + [[row[one.key] for one in columns] for row in rows]
    title, folder = say(N_("Certificates")), say(N_("Badges"))
    yield f"{title}.csv", write_csv(table)
    yield f"{title}.xlsx", write_table(columns, rows, title)
    for one in read(ids):
        yield file_name(one, by_event), pdf_of(one)
        badge = None if badge_of is None else badge_of(one)
        if badge is not None:
            yield f"{folder}/{one.number}.jwt", badge


def read(ids: Sequence[int]) -> Iterator[Certificate]:
    """Yield certificates in this order, some at a time, and hold no transaction open between.

    A file is sent as slowly as its reader takes it, long after the request has let go.
    """
    for chunk in chunks(ids, BATCH):
        query = select(Certificate).where(Certificate.id.in_(chunk))
        found = {one.id: one for one in db.session.scalars(query.options(*_WHOLE))}
        for one in found.values():
            db.session.expunge(one)
        db.session.rollback()
        yield from (found[key] for key in chunk if key in found)


def file_name(certificate: Certificate, by_event: bool = False) -> str:
    """Name a file that any system can keep: the number, which is never twice, who, what for.

    With ``by_event`` it lies in a folder of its event.
    """
    facts = certificate.facts
    words = (certificate.number, facts["name"], facts.get("event", ""), given_by(facts)[:30])
    name = "_".join(_safe(str(word)) for word in words if word) + ".pdf"
    return f"{_safe(facts.get('event') or facts['edition'])}/{name}" if by_event else name


def _safe(text: str) -> str:
    plain = "".join(char for char in text.translate(_FORBIDDEN) if char.isprintable())
    return plain.strip(" .")[:LONGEST_NAME] or "_"


def _row(place: int, certificate: Certificate, file: str) -> dict[str, object]:
    facts = certificate.facts
    words = {key: facts.get(key, "") for key in ("name", "edition", "event", "division")}
    words |= {"date": facts["date"], "number": certificate.number, "award": given_by(facts)}
    return {"place": place, "file": file, **words}
