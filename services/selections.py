"""Programmes and rounds of craftsman selections: what they are, and the acts that begin them."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.selections import SelectionProgramme, SelectionRound
from rules.honours import HonourLevel
from rules.refusals import Missing, Refused
from rules.selection_rounds import RoundRules
from rules.selections import ProgrammeState, Verb
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import STALE, transaction


@dataclass(frozen=True)
class ProgrammeFacts:
    """What the approval of a programme fixes (R4.34); ``verb`` is the word it goes by (R4.36)."""

    code: str
    title: str
    verb: Verb
    level: HonourLevel
    organiser: str
    basis: str = ""
    document: str = ""
    cycle_years: int = 1
    scope: str = ""
    most_people: int | None = None


@dataclass(frozen=True)
class RoundFacts:
    """What tells a round from others of its programme."""

    code: str
    year: int
    title: str


def get_programme(programme_id: int) -> SelectionProgramme:
    """Return a programme by its id; raise Missing."""
    row = db.session.get(SelectionProgramme, programme_id)
    if row is None:
        raise Missing(programme_id)
    return row


def get_round(round_id: int) -> SelectionRound:
    """Return a round with its programme; raise Missing."""
    query = select(SelectionRound).options(joinedload(SelectionRound.programme))
    row = db.session.scalar(query.where(SelectionRound.id == round_id))
    if row is None:
        raise Missing(round_id)
    return row


def rules_of(row: SelectionRound) -> RoundRules:
    """Return the rules of a round as data."""
    return read_rules(row.rules)


def read_rules(stored: dict[str, Any]) -> RoundRules:
    """Return stored rules as data; the same ones are read once."""
    return _read(json.dumps(stored, sort_keys=True))


@lru_cache(maxsize=128)
def _read(stored: str) -> RoundRules:
    return RoundRules.model_validate(json.loads(stored))


def lock_round(round_id: int) -> SelectionRound:
    """Part: lock a round against everybody else's changes, and return it; raise Missing."""
    row = db.session.get(SelectionRound, round_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(round_id)
    return row


def lock_programme(programme_id: int) -> SelectionProgramme:
    """Part: lock a programme against everybody else's changes, and return it; raise Missing."""
    row = db.session.get(
        SelectionProgramme, programme_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(programme_id)
    return row


@transaction
def create_programme(by: Actor, facts: ProgrammeFacts) -> int:
    """Write down a programme as it was approved (R4.34)."""
    return add_programme(by, facts).id


def add_programme(by: Actor, facts: ProgrammeFacts) -> SelectionProgramme:
    """Part: add a programme with its audit record."""
    refuse_taken(facts)
    row = SelectionProgramme(**asdict(facts), created_at=by.now, created_by_id=by.account_id)
    db.session.add(row)
    db.session.flush()
    audits.record(by, "create", "selection_programme", row.id, after=_shown(facts))
    return row


def _shown(facts: ProgrammeFacts) -> dict[str, Any]:
    return {"code": facts.code, "title": facts.title, "document": facts.document}


def refuse_taken(facts: ProgrammeFacts, besides: int | None = None) -> None:
    """Part: refuse a code or name that another programme bears."""
    for field, text in (
        ("code", N_("This code is taken.")),
        ("title", N_("This name is taken.")),
    ):
        column = getattr(SelectionProgramme, field)
        same = select(SelectionProgramme.id).where(column == getattr(facts, field))
        if db.session.scalar(same.where(SelectionProgramme.id != (besides or 0)).limit(1)):
            raise Refused(text, field)


@transaction
def edit_programme(by: Actor, programme_id: int, base: int, facts: ProgrammeFacts) -> int:
    """Change what is written of a programme; a published round keeps what it was published with."""
    row = lock_programme(programme_id)
    if row.version != base:
        raise Refused(STALE)
    refuse_taken(facts, programme_id)
    changed = {name: value for name, value in asdict(facts).items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    audits.record(by, "edit", "selection_programme", row.id, before=before, after=changed)
    return row.id


@transaction
def end_programme(by: Actor, programme_id: int) -> int:
    """End a programme: it gets no further rounds, and what was given stays."""
    row = lock_programme(programme_id)
    if row.state is ProgrammeState.ENDED:
        raise Refused(N_("This programme has ended already."))
    row.state = ProgrammeState.ENDED
    audits.record(by, "close", "selection_programme", row.id)
    return row.id


@transaction
def create_round(by: Actor, programme_id: int, facts: RoundFacts, rules: RoundRules) -> int:
    """Begin a round of a programme as a draft with these rules."""
    return add_round(by, lock_programme(programme_id), facts, rules).id


def add_round(
    by: Actor,
    programme: SelectionProgramme,
    facts: RoundFacts,
    rules: RoundRules,
    copied_from_id: int | None = None,
) -> SelectionRound:
    """Part: add a round as a draft with its audit record."""
    if programme.state is ProgrammeState.ENDED:
        raise Refused(N_("This programme has ended; it gets no further rounds."))
    _refuse_taken_round(programme, facts)
    row = SelectionRound(
        programme_id=programme.id,
        **asdict(facts),
        copied_from_id=copied_from_id,
        written_at=by.now,
        written_by_id=by.account_id,
    )
    write_rules(row, rules)
    db.session.add(row)
    db.session.flush()
    after = {"code": row.code, "year": row.year, "title": row.title, "digest": row.digest}
    audits.record(by, "create", "selection_round", row.id, after=after)
    return row


def write_rules(row: SelectionRound, rules: RoundRules) -> None:
    """Part: keep rules in a round, with what the database searches by."""
    row.rules, row.digest = rules.model_dump(mode="json"), rules.digest()
    row.opens_at, row.closes_at = rules.opens_at, rules.closes_at


def _refuse_taken_round(programme: SelectionProgramme, facts: RoundFacts) -> None:
    same = select(SelectionRound.id).where(SelectionRound.code == facts.code)
    if db.session.scalar(same.limit(1)):
        raise Refused(N_("This code is taken."), "code")
    twin = select(SelectionRound.id).where(
        SelectionRound.programme_id == programme.id,
        SelectionRound.year == facts.year,
        SelectionRound.title == facts.title,
    )
    if db.session.scalar(twin.limit(1)):
        raise Refused(N_("The programme has a round of this year and name already."), "title")
