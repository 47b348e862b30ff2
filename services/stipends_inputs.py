"""What a run reads: scales, pairs with their evidence, other subsidies, what is settled already.

Always the same number of statements, however many mentors there are.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Acceptance, Mentorship, MentorshipMonth, MentorshipPause
from models.payouts import PayoutSeries
from models.stipends import OtherTraining, StipendCase, StipendLine, StipendRun, StipendScale
from rules.honours import HonourKind
from rules.mentorships import MentorshipState, Outcome
from rules.states import HonourState
from rules.stipend_items import NOTHING, End, OtherSubsidy, Pair, Reached
from rules.stipend_scales import Achievement, Scale
from rules.stipends import RunState, ScaleState, Settled

_ENDS = {
    MentorshipState.ACCEPTED: End.PASSED,
    MentorshipState.FAILED: End.FAILED,
    MentorshipState.BROKEN_OFF: End.BROKEN_OFF,
    MentorshipState.TRANSFERRED: End.TRANSFERRED,
    MentorshipState.CANCELLED: End.VOID,
}
_COUNTING = (
    MentorshipState.RUNNING,
    MentorshipState.PAUSED,
    MentorshipState.ACCEPTED,
    MentorshipState.FAILED,
    MentorshipState.BROKEN_OFF,
    MentorshipState.TRANSFERRED,
)


@dataclass(frozen=True)
class Inputs:
    """All that a run is computed from, and its digest."""

    scales: Sequence[Scale]
    pairs: Sequence[Pair]
    subsidies: Mapping[int, Sequence[OtherSubsidy]]
    settled: Settled
    through: date | None
    digest: str


def read_inputs(series: PayoutSeries) -> Inputs:
    """Read what a run of a series is computed from, as it is now."""
    scales = read_scales(series.id)
    lines = _rows(
        select(StipendLine.mentorship_id, StipendLine.items)
        .join(StipendRun, StipendRun.id == StipendLine.run_id)
        .where(StipendRun.series_id == series.id, StipendRun.state == RunState.ORDERED)
        .order_by(StipendLine.id)
    )
    settled: dict[tuple[int, str], Decimal] = {}
    for pair, items in lines:
        for key, amount in items:
            settled[pair, key] = settled.get((pair, key), NOTHING) + Decimal(amount)
    evidence = _Evidence(_within(series))
    through = last_day(series.id)
    told = [[one.digest() for one in scales], evidence.rows, lines, through]
    text = json.dumps(told, default=str, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Inputs(scales, evidence.pairs(), evidence.subsidies(), settled, through, digest)


def read_scales(series_id: int) -> list[Scale]:
    """Return the approved scales of a series, the oldest first."""
    query = (
        select(StipendScale.rules)
        .where(StipendScale.series_id == series_id, StipendScale.state == ScaleState.APPROVED)
        .order_by(StipendScale.starts_on)
    )
    return [Scale.model_validate(rules) for rules in db.session.scalars(query)]


def last_day(series_id: int) -> date | None:
    """Return up to which day a series is settled."""
    query = (
        select(StipendRun.until)
        .where(StipendRun.series_id == series_id, StipendRun.state == RunState.ORDERED)
        .order_by(StipendRun.until.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _rows(query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(query)]


def _within(series: PayoutSeries) -> ColumnElement[bool]:
    """Return which pairs a series pays: all of them, or those of the company whose fund it is."""
    if series.employer_id is None:
        return Mentorship.id.is_not(None)
    return Mentorship.employer_id == series.employer_id


class _Evidence:
    """The rows of pairs and their evidence."""

    def __init__(self, within: ColumnElement[bool]) -> None:
        # A cancelled pair matters only where something was settled for it before.
        mine = within & or_(
            Mentorship.state.in_(_COUNTING),
            (Mentorship.state == MentorshipState.CANCELLED) & Mentorship.id.in_(_settled_pairs()),
        )
        apprentices = select(Mentorship.apprentice_id).where(mine)
        self.rows: dict[str, list[tuple[Any, ...]]] = {
            "pairs": _rows(_pairs(mine)),
            "months": _rows(_months(mine)),
            "pauses": _rows(_pauses(mine)),
            "acceptances": _rows(_acceptances(mine)),
            "levels": _rows(_levels(apprentices)),
            "honours": _rows(_honours(apprentices)),
            "cases": _rows(_cases()),
            "trainings": _rows(_trainings(apprentices)),
        }

    def pairs(self) -> list[Pair]:
        """Return the pairs as the rule takes them."""
        months, pauses = defaultdict(set), defaultdict(list)
        for pair, month in self.rows["months"]:
            months[pair].add(month)
        for pair, start, stop in self.rows["pauses"]:
            pauses[pair].append((start, stop))
        kept = dict(self.rows["cases"])
        acceptances = {row[0]: row[1:] for row in self.rows["acceptances"]}
        reached = self._reached()
        found = []
        for row in self.rows["pairs"]:
            key, apprentice, occupation = row[0], row[2], row[4]
            acceptance = acceptances.get(key)
            found.append(
                _pair(
                    row,
                    acceptance,
                    frozenset(months[key]),
                    tuple(pauses[key]),
                    (
                        *reached[apprentice, None],
                        *reached[apprentice, occupation],
                        *_by_acceptance(acceptance),
                    ),
                    kept.get(key),
                )
            )
        return found

    def _reached(self) -> dict[tuple[int, str | None], list[Reached]]:
        found: dict[tuple[int, str | None], list[Reached]] = defaultdict(list)
        for person, occupation, level, day in self.rows["levels"]:
            found[person, occupation].append(Reached(Achievement.LEVEL, day, level))
        for person, day in self.rows["honours"]:
            found[person, None].append(Reached(Achievement.RANK, day))
        return found

    def subsidies(self) -> dict[int, list[OtherSubsidy]]:
        """Return the other subsidised trainings by person."""
        found: dict[int, list[OtherSubsidy]] = defaultdict(list)
        for person, *rest in self.rows["trainings"]:
            found[person].append(OtherSubsidy(*rest))
        return found


def _settled_pairs() -> Any:
    return (
        select(StipendLine.mentorship_id)
        .join(StipendRun, StipendRun.id == StipendLine.run_id)
        .where(StipendRun.state == RunState.ORDERED)
    )


def _pairs(mine: Any) -> Any:
    return (
        select(
            Mentorship.id,
            Mentorship.mentor_id,
            Mentorship.apprentice_id,
            Mentorship.employer_id,
            Mentorship.occupation,
            Mentorship.signed_on,
            Mentorship.starts_on,
            Mentorship.ends_on,
            Mentorship.objection_until,
            Mentorship.ended_on,
            Mentorship.state,
        )
        .where(mine)
        .order_by(Mentorship.id)
    )


def _months(mine: Any) -> Any:
    return (
        select(MentorshipMonth.mentorship_id, MentorshipMonth.month)
        .join(Mentorship, Mentorship.id == MentorshipMonth.mentorship_id)
        .where(mine, MentorshipMonth.withdrawn_at.is_(None))
        .where(MentorshipMonth.mentor_confirmed_at.is_not(None))
        .where(MentorshipMonth.apprentice_confirmed_at.is_not(None))
        .order_by(MentorshipMonth.mentorship_id, MentorshipMonth.month)
    )


def _pauses(mine: Any) -> Any:
    return (
        select(MentorshipPause.mentorship_id, MentorshipPause.from_on, MentorshipPause.to_on)
        .join(Mentorship, Mentorship.id == MentorshipPause.mentorship_id)
        .where(mine)
        .order_by(MentorshipPause.mentorship_id, MentorshipPause.from_on)
    )


def _acceptances(mine: Any) -> Any:
    return (
        select(
            Acceptance.mentorship_id,
            Acceptance.outcome,
            Acceptance.decided_on,
            Acceptance.held_on,
            Acceptance.level_gained,
            Acceptance.contest_rank,
        )
        .join(Mentorship, Mentorship.id == Acceptance.mentorship_id)
        .where(mine, Acceptance.outcome.is_not(None))
        .order_by(Acceptance.mentorship_id)
    )


def _levels(apprentices: Any) -> Any:
    return (
        select(
            PersonLevel.person_id,
            PersonLevel.occupation,
            PersonLevel.level,
            PersonLevel.granted_on,
        )
        .where(PersonLevel.person_id.in_(apprentices), PersonLevel.granted_on.is_not(None))
        .order_by(PersonLevel.id)
    )


def _honours(apprentices: Any) -> Any:
    return (
        select(Honour.person_id, Honour.granted_on)
        .where(Honour.person_id.in_(apprentices), Honour.kind == HonourKind.PRIZE)
        .where(Honour.state == HonourState.STANDING)
        .order_by(Honour.id)
    )


def _cases() -> Any:
    query = select(StipendCase.mentorship_id, StipendCase.kept)
    return query.where(StipendCase.agreed_at.is_not(None)).order_by(StipendCase.id)


def _trainings(apprentices: Any) -> Any:
    return (
        select(
            OtherTraining.person_id,
            OtherTraining.kind,
            OtherTraining.occupation,
            OtherTraining.level,
            OtherTraining.held_on,
        )
        .where(OtherTraining.person_id.in_(apprentices), OtherTraining.withdrawn_at.is_(None))
        .order_by(OtherTraining.id)
    )


def _pair(
    row: tuple[Any, ...],
    acceptance: tuple[Any, ...] | None,
    months: frozenset[date],
    pauses: tuple[tuple[date, date | None], ...],
    reached: tuple[Reached, ...],
    kept: Decimal | None,
) -> Pair:
    key, mentor, apprentice, employer, occupation, signed, starts, ends, objection, ended, state = (
        row
    )
    end = _ENDS.get(state)
    if end is not None and ended is None:
        ended = acceptance[1] if acceptance is not None else starts
    return Pair(
        key=key,
        mentor=mentor,
        apprentice=apprentice,
        employer=employer,
        occupation=occupation,
        signed_on=signed or starts,
        starts_on=starts,
        ends_on=ends,
        # Money goes out in advance only once nobody can object any more (R7.03).
        safe_on=starts if objection is None else max(starts, objection + timedelta(days=1)),
        ended_on=ended,
        end=end,
        level_gained=None if acceptance is None else acceptance[3],
        months=months,
        pauses=pauses,
        reached=reached,
        kept=kept,
    )


def _by_acceptance(row: tuple[Any, ...] | None) -> list[Reached]:
    """Return the successes that the acceptance check has confirmed."""
    if row is None:
        return []
    outcome, decided_on, held_on, level, rank = row
    day = decided_on or held_on
    found = []
    if level is not None:
        found.append(Reached(Achievement.LEVEL, day, level))
    if rank.strip():
        found.append(Reached(Achievement.RANK, day))
    if outcome is Outcome.PASSED:
        found.append(Reached(Achievement.ACCEPTANCE, day))
    return found
