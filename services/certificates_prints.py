"""Print files for the organizer: events in order, each with its separator and check list."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from models.awards import Award
from models.certificates import Certificate
from models.contests import Division, Event
from models.database import db
from models.entries import Entry
from models.people import Employer, Person
from models.results import Result
from rules.certificate_kinds import CertificateKind, given_by
from rules.certificate_prints import PrintSheet
from rules.refusals import Refused
from rules.states import CertificateState
from rules.texts import N_
from services import audits, documents
from services.acting import Actor
from services.certificates_archives import read
from services.certificates_imposing import Imposer
from services.transaction import transaction

PdfOf = Callable[[Certificate], bytes]


@dataclass(frozen=True)
class Chosen:
    """What is to be printed, and how it lies on the sheets."""

    contest_id: int
    event_id: int | None = None
    kind: CertificateKind = CertificateKind.HONOUR
    sheet: PrintSheet = PrintSheet.SINGLE
    backs: bool = False


class Line(NamedTuple):
    """One certificate of a check list."""

    id: int
    event_id: int | None
    event: str
    employer: str


@dataclass(frozen=True)
class Part:
    """All that is printed of one event."""

    title: str
    lines: Sequence[Line]

    @property
    def ids(self) -> list[int]:
        """List the certificates in the order in which they are printed."""
        return [line.id for line in self.lines]


def parts_of(chosen: Chosen) -> list[Part]:
    """List what would be printed, event by event: by tier, division and place."""
    works_for = aliased(Employer)
    query = (
        select(
            Certificate.id,
            Certificate.event_id,
            func.coalesce(Event.title, ""),
            func.coalesce(Employer.title, works_for.title, ""),
        )
        .outerjoin(Event, Event.id == Certificate.event_id)
        .outerjoin(Award, Award.id == Certificate.award_id)
        .outerjoin(Entry, Entry.id == func.coalesce(Award.entry_id, Certificate.entry_id))
        .outerjoin(Division, Division.id == Entry.division_id)
        .outerjoin(
            Result,
            and_(Result.entry_id == Award.entry_id, Result.revision_id == Award.revision_id),
        )
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(works_for, works_for.id == Person.employer_id)
        .where(*_conditions(chosen))
        .order_by(
            Event.position,
            Event.id,
            Award.tier_order,
            Division.position,
            Result.award_rank,
            Certificate.id,
        )
    )
    lines = [Line(*row) for row in db.session.execute(query)]
    return [
        Part(of_event[0].event, of_event)
        for of_event in (list(found) for _key, found in groupby(lines, lambda one: one.event_id))
    ]


def _conditions(chosen: Chosen) -> list[Any]:
    found = [
        Certificate.contest_id == chosen.contest_id,
        Certificate.kind == chosen.kind,
        Certificate.state == CertificateState.ISSUED,
    ]
    if chosen.event_id is not None:
        found.append(Certificate.event_id == chosen.event_id)
    return found


@transaction
def record_print(by: Actor, chosen: Chosen, number: int) -> int:
    """Write down that a print file or ZIP was made; return the contest."""
    if not number:
        raise Refused(N_("There is no valid certificate of this choice."))
    after = {"number": number, "kind": chosen.kind, "sheet": chosen.sheet}
    contest_id = chosen.contest_id
    audits.record(by, "print", "certificates", contest_id, contest_id=contest_id, after=after)
    return contest_id


def print_file(contest: str, part: Part, chosen: Chosen, pdf_of: PdfOf) -> bytes:
    """Return the print file of one event: separator, certificates, check list."""
    imposer = Imposer(chosen.sheet, chosen.backs)
    papers, rows = [], []
    for one, line in zip(read(part.ids), part.lines, strict=True):
        papers.append(pdf_of(one))
        rows.append((one.number, one.name, line.employer, given_by(one.facts)))
    counts = Counter(row[3] for row in rows)
    facts = {"contest": contest, "title": part.title, "number": len(rows)}
    imposer.add_pages(documents.paper_pdf("print_separator", **facts, counts=counts.items()))
    imposer.add_papers(papers)
    imposer.add_pages(documents.paper_pdf("print_list", **facts, rows=rows))
    return imposer.save()


def print_files(
    contest: str, parts: Sequence[Part], chosen: Chosen, pdf_of: PdfOf
) -> Iterator[tuple[str, bytes]]:
    """Yield the print file of each event under a name that keeps the order."""
    for place, part in enumerate(parts, start=1):
        yield file_name(place, part), print_file(contest, part, chosen, pdf_of)


def file_name(place: int, part: Part) -> str:
    """Name the print file of an event."""
    title = "".join(char for char in part.title if char.isalnum())[:40]
    return f"{place:02d}_{title or 'print'}.pdf"
