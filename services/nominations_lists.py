"""Boards of calls: places, candidates, what is next; suggestions from the registers (R8.06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.entries import EntryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.nominations import Nomination, NominationCall
from models.people import Employer, Person
from models.results import Result, Revision
from rules.honours import RANKS
from rules.nomination_checks import CENTRAL, Candidate, central_word, is_preferred, judge
from rules.nomination_dues import NominationDueDate, next_due
from rules.nomination_rules import CallList, CallRules
from rules.nominations import IN_PLACES, UNDER_WAY, CallState, NominationState, Nominee
from rules.refusals import Missing
from rules.selection_eligibility import Facts, Reason, Verdict
from rules.states import EventState, HonourState, RevisionState
from services.nominations import rules_of
from services.nominations_dues import fact_of
from services.nominations_facts import known_people, register_facts, verdicts_of
from services.nominations_notices import open_objections
from services.people import matches_name, matches_title

SUGGESTED = 50


@dataclass(frozen=True)
class BoardRow:
    """A candidate on the board, with how many reasons stand in the way and what is next."""

    row: Nomination
    verdict: Verdict
    next: NominationDueDate | None
    objected: bool


@dataclass(frozen=True)
class BoardList:
    """One list of a call: places, how many are taken, candidates in their order."""

    one: CallList
    taken: int
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class Board:
    """All of a call at a glance."""

    call: NominationCall
    rules: CallRules
    lists: tuple[BoardList, ...]


def board(call: NominationCall) -> Board:
    """Return the board of a call, in a number of statements that does not grow."""
    query = (
        select(Nomination)
        .options(
            joinedload(Nomination.person),
            joinedload(Nomination.employer),
            joinedload(Nomination.notice),
            joinedload(Nomination.call),
            joinedload(Nomination.honour),
        )
        .where(Nomination.call_id == call.id)
        .order_by(Nomination.rank.is_(None), Nomination.rank, Nomination.id)
    )
    rows = db.session.scalars(query).all()
    rules = rules_of(call)
    verdicts = verdicts_of(rules, rows)
    held = open_objections([row.id for row in rows])
    lists = tuple(
        BoardList(
            one,
            sum(row.list_key == one.key and row.state in IN_PLACES for row in rows),
            tuple(
                BoardRow(
                    row, verdicts[row.id], next_due(fact_of(row, row.id in held)), row.id in held
                )
                for row in rows
                if row.list_key == one.key
            ),
        )
        for one in rules.lists
    )
    return Board(call, rules, lists)


def counts_of(calls: Sequence[NominationCall]) -> dict[int, dict[NominationState, int]]:
    """Count the nominations of calls by their states, in one statement."""
    query = (
        select(Nomination.call_id, Nomination.state, func.count())
        .where(Nomination.call_id.in_([one.id for one in calls]))
        .group_by(Nomination.call_id, Nomination.state)
    )
    found: dict[int, dict[NominationState, int]] = {one.id: {} for one in calls}
    for call_id, state, count in db.session.execute(query):
        found[call_id][state] = count
    return found


@dataclass(frozen=True)
class Suggestion:
    """Somebody of the registers who fulfils a list's clauses, or might."""

    person_id: int
    name: str
    unit: str
    facts: Facts
    verdict: Verdict
    preferred: bool
    central: str

    @property
    def order(self) -> tuple[object, ...]:
        """Sort who surely fulfils everything first, then whom contests bring forward (R8.06)."""
        best = min(
            (RANKS.index(one.level) for one in self.facts.honours if one.level is not None),
            default=len(RANKS),
        )
        level = self.facts.level or 9
        return (len(self.missing), not self.preferred, best, level, self.person_id)

    @property
    def missing(self) -> tuple[Reason, ...]:
        """Return what is still to be entered; whose the unit is, the registers never know."""
        return tuple(one for one in self.verdict.blocking if one.key != CENTRAL)


@dataclass(frozen=True)
class Suggestions:
    """All whom the registers suggest for a list, and how many there are."""

    rows: Sequence[Suggestion]
    total: int
    sure: int


def suggestions(call: NominationCall, list_key: str, number: int = 1) -> Suggestions:
    """List everybody of the registers whom no clause of a list excludes, the fittest first.

    What the registers don't know, such as the post, is told as still to be entered.
    """
    rules = rules_of(call)
    try:
        one = rules.find(list_key)
    except KeyError:
        raise Missing(list_key) from None
    if one.of is not Nominee.PERSON:
        return Suggestions((), 0, 0)
    ids = _pool() - _named(call)
    known = known_people(ids)
    found = []
    for row in _people(sorted(ids)):
        facts = register_facts(known[row.id])
        verdict = judge(rules, one, Candidate(row.name, facts, row.unit or ""))
        if verdict.eligible is False:
            continue
        central = central_word(rules.central_names, row.unit or "")
        found.append(
            Suggestion(row.id, row.name, row.unit or "", facts, verdict,
                       is_preferred(rules, facts), central)
        )  # fmt: skip
    found.sort(key=lambda each: each.order)
    start = (number - 1) * SUGGESTED
    sure = sum(not each.missing for each in found)
    return Suggestions(found[start : start + SUGGESTED], len(found), sure)


def _pool() -> set[int]:
    """Return the people of whom the registers know a title, a high level or a place."""
    final = (
        select(EntryMember.person_id)
        .join(Result, Result.entry_id == EntryMember.entry_id)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .where(Revision.state == RevisionState.SIGNED, Event.state == EventState.FINAL)
        .where(Result.rank <= 6)
    )
    found = union(
        select(Honour.person_id).where(Honour.state == HonourState.STANDING),
        select(PersonLevel.person_id).where(PersonLevel.level <= 3),
        select(Person.id).where(Person.held_level <= 3),
        final,
    )
    return set(db.session.scalars(found))


def _named(call: NominationCall) -> set[int]:
    query = select(Nomination.person_id).where(
        Nomination.round_key == call.round_key,
        Nomination.state.in_(UNDER_WAY),
        Nomination.person_id.is_not(None),
    )
    return {key for key in db.session.scalars(query) if key is not None}


def _people(ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(Person.id, Person.name, Employer.title.label("unit"))
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Person.id.in_(ids))
    )
    return db.session.execute(query).all()


@dataclass(frozen=True)
class Match:
    """Somebody whom a search finds in the registers."""

    id: int
    name: str
    unit: str


def search(of: Nominee, q: str) -> list[Match]:
    """List people or employers by name, at most twenty."""
    if of is Nominee.PERSON:
        people = (
            select(Person.id, Person.name, Employer.title)
            .outerjoin(Employer, Employer.id == Person.employer_id)
            .where(matches_name(q))
            .order_by(Person.id)
        )
        return [Match(*row[:2], row[2] or "") for row in db.session.execute(people.limit(20))]
    units = select(Employer.id, Employer.title, Employer.district)
    units = units.where(matches_title(Employer.title, q)).order_by(Employer.id)
    return [Match(*row) for row in db.session.execute(units.limit(20))]


def own_nominations(employer_id: int) -> Sequence[Nomination]:
    """List the proposals of an employer, the newest first."""
    query = _listed().where(Nomination.employer_id == employer_id)
    query = query.where(Nomination.proposed_by == "employer")
    return db.session.scalars(query.order_by(Nomination.id.desc())).all()


def of_person(person_id: int) -> Sequence[Nomination]:
    """List the nominations of a person, the newest first; drafts and declined ones are not told."""
    hidden = (NominationState.DRAFT, NominationState.DECLINED)
    query = _listed().where(Nomination.person_id == person_id, Nomination.state.not_in(hidden))
    return db.session.scalars(query.order_by(Nomination.id.desc())).all()


def _listed() -> Any:
    return select(Nomination).options(
        joinedload(Nomination.call),
        joinedload(Nomination.person).load_only(Person.name),
        joinedload(Nomination.employer).load_only(Employer.title),
        joinedload(Nomination.notice),
        joinedload(Nomination.honour),
    )


def calls_for_employers(today: date) -> Sequence[NominationCall]:
    """List the open calls to which employers can still propose somebody."""
    query = select(NominationCall).where(
        NominationCall.state == CallState.OPEN, NominationCall.own_until >= today
    )
    return db.session.scalars(query.order_by(NominationCall.own_until)).all()
