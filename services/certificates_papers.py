"""A paper that is to be issued: its kind, whose it is, what it is for, what it says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.selections import SelectionProgramme, SelectionRound
from rules.certificate_kinds import NUMBER_SIGNS, CertificateKind
from services.certificates_numbers import Series

_ORIGIN = (
    *("award_id", "line_id", "entry_id", "account_id", "appointment_id"),
    *("prize", "employer_id", "person_id"),
)
Keys = Collection[tuple[object, ...]]
# What tells which paper a certificate is.
KEY = tuple(getattr(Certificate, name) for name in ("event_id", *_ORIGIN))


@dataclass(frozen=True)
class Due:
    """One paper that is to be issued.

    `source` are the columns that name its origin and its holder, `said` the facts of its kind.
    Without `issuers` of its own the sponsors of the contest issue it.
    """

    kind: CertificateKind
    contest: Contest
    name: str
    source: Mapping[str, int | str | None]
    said: Mapping[str, Any]
    event: Event | None = None
    division: Division | None = None
    tier: int = 0
    issuers: Sequence[str] = field(default=())
    latin: str = ""  # how the passport spells the name, where that is confirmed
    verb: str = ""  # what a programme calls its selection; empty: a contest gives the paper

    @property
    def series(self) -> Series:
        """Say which certificates it is numbered with."""
        return Series(self.contest, self.event, NUMBER_SIGNS.get(self.kind) or str(self.tier))

    @property
    def key(self) -> tuple[object, ...]:
        """Return what no two valid papers of a kind share."""
        event = self.event.id if self.event is not None and self.source.get("account_id") else None
        return (event, *(self.source.get(name) for name in _ORIGIN))


def key_of(certificate: Certificate) -> tuple[object, ...]:
    """Return the key of the paper that was issued."""
    event = certificate.event_id if certificate.account_id else None
    return (event, *(getattr(certificate, name) for name in _ORIGIN))


def from_origins(column: Any, name: str, keys: Keys | None) -> tuple[ColumnElement[bool], ...]:
    """Limit a query to what some papers are for; without keys to nothing."""
    if keys is None:
        return ()
    place = 1 + _ORIGIN.index(name)  # the event comes first
    return (column.in_({key[place] for key in keys}),)


def verb_of(contest_id: int) -> str:
    """Return what a programme calls its selection; empty where a contest gives the papers."""
    query = select(SelectionProgramme.verb).join(SelectionProgramme.rounds)
    found = db.session.scalar(query.where(SelectionRound.contest_id == contest_id))
    return "" if found is None else found.value
