"""Titles and prizes of a superior's contest in the register of honours, by two people (R4.17)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.database import db
from models.honours import Honour
from models.provincial import ProvincialContest, ProvincialResult, ProvincialSlot
from models.provincial_delegations import ProvincialHonour
from rules.honours import HonourKind, HonourSource, HonourVia
from rules.provincial import HONOUR_LEVELS, Medal
from rules.provincial_rules import Outcome, ProvincialRules, titles_of
from rules.states import HONOUR_MOVES, HonourState, moved
from services import provincial
from services.acting import Actor

# How the register names a medal for which the organiser has no word of its own.
MEDAL_TITLES = {
    Medal.GOLD: "金牌",
    Medal.SILVER: "银牌",
    Medal.BRONZE: "铜牌",
    Medal.MEDALLION: "优胜奖",
}


@dataclass(frozen=True)
class _Due:
    title: str
    kind: HonourKind
    granted_by: str


def outcome_of(row: ProvincialResult) -> Outcome:
    """Return a result as rules about prizes and titles see it."""
    event = row.slot.event
    return Outcome(event.format, row.rank, row.medal, row.prize, event.is_demonstration)


def give(by: Actor, contest: ProvincialContest, rows: Sequence[ProvincialResult]) -> int:
    """Part: enter what confirmed results give into the register; return how many honours.

    Who starts out of competition gets nothing (R1.26).
    """
    rules = provincial.rules_of(contest)
    slots = _slots([one.slot_id for one in rows])
    made = 0
    for row in rows:
        slot = slots[row.slot_id]
        if not slot.in_competition:
            continue
        for due in _due(rules, row, slot):
            for member in slot.members:
                if member.person_id is not None:
                    _add(by, contest, row, slot, member.person_id, due)
                    made += 1
    return made


def _slots(ids: Sequence[int]) -> dict[int, ProvincialSlot]:
    query = select(ProvincialSlot).where(ProvincialSlot.id.in_(ids))
    options = (selectinload(ProvincialSlot.members), selectinload(ProvincialSlot.employer))
    return {one.id: one for one in db.session.scalars(query.options(*options))}


def _due(rules: ProvincialRules, row: ProvincialResult, slot: ProvincialSlot) -> Iterator[_Due]:
    prize = row.prize or (MEDAL_TITLES[row.medal] if row.medal is not None else "")
    if prize:
        yield _Due(prize, HonourKind.PRIZE, "")
    for one in titles_of(rules, outcome_of(row), slot.status):
        yield _Due(one.title, HonourKind.TITLE, one.granted_by)


def _add(
    by: Actor,
    contest: ProvincialContest,
    row: ProvincialResult,
    slot: ProvincialSlot,
    person_id: int,
    due: _Due,
) -> None:
    honour = Honour(
        person_id=person_id,
        title=due.title,
        kind=due.kind,
        level=HONOUR_LEVELS[contest.level],
        granted_by=(due.granted_by or contest.organiser)[:200],
        granted_on=row.announced_on or contest.ends_on,
        programme=contest.title,
        year=contest.year,
        via=HonourVia.CONTEST,
        source=HonourSource.EXTERNAL,
        document=row.document,
        employer="" if slot.employer is None else slot.employer.title,
        of_company=slot.of_company,
        state=HonourState.STANDING,
        recorded_at=row.recorded_at,
        recorded_by_id=row.recorded_by_id,
        confirmed_by_id=by.account_id,
    )
    db.session.add(honour)
    db.session.flush()
    db.session.add(
        ProvincialHonour(
            result_id=row.id, person_id=person_id, title=due.title, honour_id=honour.id
        )
    )


def take_away(by: Actor, row: ProvincialResult, reason: str) -> int:
    """Part: revoke the honours that came of a result; return how many."""
    query = select(ProvincialHonour).where(ProvincialHonour.result_id == row.id)
    links = db.session.scalars(query).all()
    ids = [one.honour_id for one in links]
    honours = select(Honour).where(Honour.id.in_(ids), Honour.state == HonourState.STANDING)
    gone = db.session.scalars(honours.with_for_update()).all()
    for honour in gone:
        honour.state = moved(HONOUR_MOVES, honour.state, HonourState.REVOKED)
        honour.changed_at, honour.reason = by.now, reason
    for link in links:
        db.session.delete(link)
    db.session.flush()
    return len(gone)
