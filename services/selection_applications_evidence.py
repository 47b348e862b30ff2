"""Achievements of an application: taken from the registers with one click, or typed (R5.14)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.database import db
from models.entries import EntryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Mentorship
from models.people import Person
from models.results import Result
from models.selection_applications import SelectionApplication, SelectionEvidence
from rules.honours import HonourKind, HonourLevel
from rules.mentorships import MentorshipState
from rules.refusals import Missing, Refused
from rules.selections import EvidenceKind, EvidenceSource
from rules.states import HonourState
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.generations import was_taught
from services.selection_applications_facts import final_placings
from services.selection_applications_writing import lock_own
from services.transaction import transaction

EARLIEST = date(1949, 10, 1)


@dataclass(frozen=True)
class Line:
    """One achievement; of a skill level ``rank`` is the level, 1 the highest."""

    kind: EvidenceKind
    title: str
    happened_on: date | None = None
    level: HonourLevel | None = None
    rank: int | None = None
    number: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Offer:
    """A line that a register knows and the application does not list yet."""

    key: str
    line: Line
    honour_id: int | None = None


@transaction
def add_line(by: Actor, application_id: int, line: Line) -> int:
    """Add an achievement that was typed; return the application's id."""
    row = lock_own(by, application_id)
    _check(by, line)
    _add(by, row, line, EvidenceSource.TYPED)
    return row.id


@transaction
def take_lines(by: Actor, application_id: int, keys: frozenset[str]) -> int:
    """Take lines over that the registers offer; return the application's id."""
    row = lock_own(by, application_id)
    offered = [one for one in offers_of(row) if one.key in keys]
    if not offered:
        raise Missing(application_id)
    for offer in offered:
        _add(by, row, offer.line, EvidenceSource.REGISTER, offer.honour_id)
    return row.id


@transaction
def remove_line(by: Actor, evidence_id: int) -> int:
    """Take an achievement off the list; return the application's id."""
    found = db.session.get(SelectionEvidence, evidence_id)
    if found is None:
        raise Missing(evidence_id)
    row = lock_own(by, found.application_id)
    found = db.session.get(SelectionEvidence, evidence_id, populate_existing=True)
    if found is None:  # somebody else was faster
        raise Missing(evidence_id)
    after = {"kind": found.kind, "line": found.id}
    audits.record(by, "remove_line", "selection_application", row.id, after=after)
    db.session.delete(found)
    return row.id


def _check(by: Actor, line: Line) -> None:
    if not line.title.strip():
        raise Refused(N_("Say what it is."), "title")
    if line.happened_on is None:
        raise Refused(N_("Each achievement needs its date."), "happened_on")
    if not EARLIEST <= line.happened_on <= by.today:
        raise Refused(N_("This day is not possible."), "happened_on")
    if line.kind is EvidenceKind.LEVEL and line.rank not in (1, 2, 3, 4, 5):
        raise Refused(N_("Choose the skill level."), "skill")
    if line.kind is EvidenceKind.CONTEST and (line.level is None or line.rank is None):
        raise Refused(N_("Say the level of the contest and the place."), "rank")
    if line.kind is EvidenceKind.HONOUR and line.level is None:
        raise Refused(N_("Choose the level of the body that granted it."), "level")


def _add(
    by: Actor,
    row: SelectionApplication,
    line: Line,
    source: EvidenceSource,
    honour_id: int | None = None,
) -> None:
    rule = {one.kind: one for one in selections.rules_of(row.round).evidence}.get(line.kind)
    if rule is None:
        raise Refused(N_("This round asks for no such list."), "kind")
    if sum(one.kind is line.kind for one in row.evidence) >= rule.most:
        raise Refused(N_("At most %(most)s lines are taken."), "title", most=rule.most)
    found = SelectionEvidence(
        kind=line.kind,
        source=source,
        title=line.title.strip()[:200],
        happened_on=line.happened_on,
        level=line.level,
        rank=line.rank,
        number=line.number.strip()[:60],
        detail=line.detail.strip(),
        honour_id=honour_id,
    )
    row.evidence.append(found)
    db.session.flush()
    after = {"kind": line.kind, "source": source, "line": found.id}
    audits.record(by, "add_line", "selection_application", row.id, after=after)


def offers_of(row: SelectionApplication) -> list[Offer]:
    """List what the registers know of the candidate, the round asks for and is not listed yet."""
    asked = {one.kind for one in selections.rules_of(row.round).evidence}
    listed = {
        (one.kind, one.title, one.happened_on)
        for one in row.evidence
        if one.source is EvidenceSource.REGISTER
    }
    known = [
        *_honours(row.person_id),
        *_placings(row.person_id),
        *_levels(row.person_id),
        *_apprentices(row.person_id),
    ]
    return [
        one
        for one in known
        if one.line.kind in asked
        and (one.line.kind, one.line.title, one.line.happened_on) not in listed
    ]


def _honours(person_id: int) -> list[Offer]:
    query = (
        select(Honour.id, Honour.title, Honour.granted_on, Honour.level, Honour.document)
        .where(
            Honour.person_id == person_id,
            Honour.state == HonourState.STANDING,
            Honour.kind == HonourKind.TITLE,
        )
        .order_by(Honour.granted_on.desc())
    )
    return [
        Offer(
            f"honour-{key}", Line(EvidenceKind.HONOUR, title, on, level, number=document[:60]), key
        )
        for key, title, on, level, document in db.session.execute(query)
    ]


def _placings(person_id: int) -> list[Offer]:
    found = []
    query = final_placings(Result.id).where(EntryMember.person_id == person_id)
    for key, level, rank, day, contest, event in db.session.execute(query):
        title = f"{contest} {event}"[:200]
        line = Line(EvidenceKind.CONTEST, title, day, HonourLevel(level), rank)
        found.append(Offer(f"result-{key}", line))
    return found


def _levels(person_id: int) -> list[Offer]:
    query = (
        select(
            PersonLevel.id,
            PersonLevel.occupation,
            PersonLevel.granted_on,
            PersonLevel.level,
            PersonLevel.certificate_number,
        )
        .where(PersonLevel.person_id == person_id)
        .order_by(PersonLevel.level)
    )
    return [
        Offer(
            f"level-{key}",
            Line(EvidenceKind.LEVEL, occupation, on, None, level, number or ""),
        )
        for key, occupation, on, level, number in db.session.execute(query)
    ]


def _apprentices(person_id: int) -> list[Offer]:
    query = (
        select(
            Mentorship.id,
            Person.name,
            Mentorship.state,
            Mentorship.starts_on,
            Mentorship.ended_on,
            Mentorship.number,
        )
        .join(Person, Person.id == Mentorship.apprentice_id)
        .where(Mentorship.mentor_id == person_id, was_taught())
        .order_by(Mentorship.starts_on.desc())
    )
    found = []
    for key, name, state, starts, ended, number in db.session.execute(query):
        passed = state is MentorshipState.ACCEPTED
        on = ended or starts if passed else starts
        found.append(Offer(f"pair-{key}", Line(EvidenceKind.APPRENTICE, name, on, number=number)))
    return found
