"""What the form and the registers say of applicants: many of them in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select

from models.contests import Contest, Event
from models.database import db
from models.entries import EntryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Mentorship
from models.people import Person
from models.results import Result, Revision
from models.selection_applications import SelectionApplication, SelectionEvidence
from models.selection_holders import SelectionHolder
from models.selections import SelectionProgramme, SelectionRound
from rules.honours import HonourLevel
from rules.mentorships import MentorshipState
from rules.selection_eligibility import (
    Apprentice,
    Bar,
    Borne,
    Facts,
    HeldTier,
    Placing,
    Proof,
)
from rules.selections import EvidenceKind, EvidenceSource, HolderState
from rules.states import EventState, HonourState, RevisionState
from services.generations import was_taught
from services.people import chunks


@dataclass
class Known:
    """What the registers know of one person."""

    birth_date: date | None = None
    sex: str | None = None
    levels: list[int] = field(default_factory=list)
    honours: list[Borne] = field(default_factory=list)
    placings: list[Placing] = field(default_factory=list)
    apprentices: list[Apprentice] = field(default_factory=list)
    tiers: list[HeldTier] = field(default_factory=list)
    bars: list[tuple[str, Bar]] = field(default_factory=list)  # with the programme's code


def facts_of(application_ids: Iterable[int]) -> dict[int, Facts]:
    """Return what is known of applicants, in a number of statements that does not grow."""
    ids = list(dict.fromkeys(application_ids))
    found: dict[int, Facts] = {}
    for chunk in chunks(ids, 1000):
        rows = _applications(chunk)
        known = known_of({row.person_id for row in rows})
        typed = _typed(chunk)
        for row in rows:
            found[row.id] = _facts(row, known[row.person_id], typed[row.id])
    return found


def facts_for(application_id: int) -> Facts:
    """Return what is known of one applicant."""
    return facts_of([application_id])[application_id]


_OWN = (
    "id",
    "person_id",
    "channel",
    "district",
    "occupation",
    "post",
    "unit_kind",
    "trade_since",
    "local_since",
    "retires_on",
    "support_percent",
    "answers",
)


def _applications(ids: Sequence[int]) -> Sequence[Any]:
    columns = [getattr(SelectionApplication, name) for name in _OWN]
    query = (
        select(*columns, SelectionProgramme.code)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .join(SelectionProgramme, SelectionProgramme.id == SelectionRound.programme_id)
        .where(SelectionApplication.id.in_(ids))
    )
    return db.session.execute(query).all()


@dataclass
class _Typed:
    """What an application lists: for the register's own lines only that they are listed."""

    proofs: list[Proof] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    sure_levels: list[int] = field(default_factory=list)
    honours: list[Borne] = field(default_factory=list)
    placings: list[Placing] = field(default_factory=list)


def _typed(ids: Sequence[int]) -> dict[int, _Typed]:
    row = SelectionEvidence
    query = (
        select(
            row.application_id,
            row.kind,
            row.source,
            row.title,
            row.happened_on,
            row.level,
            row.rank,
            row.verified_at.is_not(None),
        )
        .outerjoin(Honour, Honour.id == row.honour_id)
        .where(row.application_id.in_(ids))
        .where(row.honour_id.is_(None) | (Honour.state == HonourState.STANDING))
        .order_by(row.id)
    )
    found: dict[int, _Typed] = defaultdict(_Typed)
    for application_id, kind, source, title, on, level, rank, seen in db.session.execute(query):
        verified = bool(seen) or source is EvidenceSource.REGISTER
        proof = Proof(kind, on, level, rank, verified, title)
        found[application_id].proofs.append(proof)
        if source is EvidenceSource.TYPED:
            _count(found[application_id], proof)
    return found


def _count(typed: _Typed, proof: Proof) -> None:
    """Let a typed line count as what it says; the register's own lines count anyway."""
    if proof.kind is EvidenceKind.LEVEL and proof.rank is not None:
        (typed.sure_levels if proof.verified else typed.levels).append(proof.rank)
    elif proof.kind is EvidenceKind.HONOUR:
        borne = Borne(proof.title, proof.level, proof.on, verified=proof.verified)
        typed.honours.append(borne)
    elif proof.kind is EvidenceKind.CONTEST:
        placing = Placing(proof.level, proof.rank, proof.on, proof.title, proof.verified)
        typed.placings.append(placing)


def _facts(row: Any, known: Known, typed: _Typed) -> Facts:
    answers = row.answers or {}
    return Facts(
        programme=row.code,
        birth_date=known.birth_date,
        sex=known.sex,
        trade_since=row.trade_since,
        local_since=row.local_since,
        retires_on=row.retires_on,
        post=row.post,
        unit_kind=row.unit_kind,
        occupation=row.occupation,
        levels=(*known.levels, *typed.sure_levels),
        typed_levels=tuple(typed.levels),
        honours=(*known.honours, *typed.honours),
        placings=(*known.placings, *typed.placings),
        evidence=tuple(typed.proofs),
        apprentices=tuple(known.apprentices),
        support_percent=row.support_percent,
        answers={str(key): str(value) for key, value in answers.items()},
        district=row.district,
        channel=row.channel,
        bars=tuple(bar for code, bar in known.bars if code == row.code),
        tiers=tuple(known.tiers),
    )


def known_of(people: Iterable[int]) -> dict[int, Known]:
    """Return what the registers know of people."""
    ids = sorted(set(people))
    found: dict[int, Known] = defaultdict(Known)
    query = select(Person.id, Person.birth_date, Person.sex, Person.held_level)
    for person_id, birth, sex, level in db.session.execute(query.where(Person.id.in_(ids))):
        found[person_id] = Known(birth, sex, [level] if level is not None else [])
    _add_levels(found, ids)
    _add_honours(found, ids)
    _add_placings(found, ids)
    _add_apprentices(found, ids)
    _add_holdings(found, ids)
    return found


def _add_levels(found: dict[int, Known], ids: Sequence[int]) -> None:
    query = select(PersonLevel.person_id, PersonLevel.level).where(PersonLevel.person_id.in_(ids))
    for person_id, level in db.session.execute(query.distinct()):
        found[person_id].levels.append(level)


def _add_honours(found: dict[int, Known], ids: Sequence[int]) -> None:
    query = (
        select(
            Honour.person_id,
            Honour.title,
            Honour.level,
            Honour.granted_on,
            Honour.via,
            SelectionProgramme.code,
            SelectionHolder.tier,
        )
        .outerjoin(SelectionHolder, SelectionHolder.honour_id == Honour.id)
        .outerjoin(SelectionProgramme, SelectionProgramme.id == SelectionHolder.programme_id)
        .where(Honour.person_id.in_(ids), Honour.state == HonourState.STANDING)
        .order_by(Honour.granted_on.desc(), Honour.id)
    )
    for person_id, title, level, on, via, code, tier in db.session.execute(query):
        found[person_id].honours.append(Borne(title, level, on, via, code or "", tier or ""))


def final_placings(*key: Any) -> Any:
    """Select places of final results: the key, then level, place, day, contest and event.

    The editions that carry selections are no contests.
    """
    carried = exists().where(SelectionRound.contest_id == Contest.id)
    return (
        select(
            *key,
            Contest.level,
            func.coalesce(Result.award_rank, Result.rank),
            func.coalesce(Event.held_on, Contest.ends_on),
            Contest.title,
            Event.title,
        )
        .select_from(EntryMember)
        .join(Result, Result.entry_id == EntryMember.entry_id)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(
            EntryMember.active,
            Result.rank.is_not(None),
            Revision.state == RevisionState.SIGNED,
            Event.state == EventState.FINAL,
            ~carried,
        )
        .order_by(Event.held_on.desc(), Result.rank)
    )


def _add_placings(found: dict[int, Known], ids: Sequence[int]) -> None:
    query = final_placings(EntryMember.person_id).where(EntryMember.person_id.in_(ids))
    for person_id, level, rank, day, contest, event in db.session.execute(query):
        placing = Placing(HonourLevel(level), rank, day, f"{contest} {event}")
        found[person_id].placings.append(placing)


def _add_apprentices(found: dict[int, Known], ids: Sequence[int]) -> None:
    """Add whom each mentor taught; who passed counts from the day on which the pair ended."""
    query = (
        select(
            Mentorship.mentor_id,
            Mentorship.apprentice_id,
            Mentorship.state,
            Mentorship.starts_on,
            Mentorship.ended_on,
            Mentorship.ends_on,
        )
        .where(Mentorship.mentor_id.in_(ids), was_taught())
        .order_by(Mentorship.id)
    )
    for mentor, apprentice, state, starts, ended, ends in db.session.execute(query):
        passed = state is MentorshipState.ACCEPTED
        on = (ended or ends) if passed else starts
        found[mentor].apprentices.append(Apprentice(apprentice, on, passed))


def _add_holdings(found: dict[int, Known], ids: Sequence[int]) -> None:
    row = SelectionHolder
    query = (
        select(
            row.person_id,
            SelectionProgramme.code,
            SelectionProgramme.title,
            row.tier,
            row.starts_on,
            row.state,
            row.barred_until,
            Honour.title,
        )
        .join(SelectionProgramme, SelectionProgramme.id == row.programme_id)
        .join(Honour, Honour.id == row.honour_id)
        .where(row.person_id.in_(ids))
        .order_by(row.starts_on)
    )
    for person_id, code, programme, tier, since, state, until, title in db.session.execute(query):
        if state is not HolderState.REVOKED:
            found[person_id].tiers.append(HeldTier(code, tier, since, title))
        if until is not None:
            found[person_id].bars.append((code, Bar(until, programme)))
