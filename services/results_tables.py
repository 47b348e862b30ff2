"""Tables of teams and delegations of one division, from a revision (R2.28, R2.30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.awards import Award
from models.database import db
from models.entries import Entry
from models.people import Employer
from models.results import Result
from rules.marking import WHOLE
from rules.plans import EventPlan
from rules.tables import (
    Delegation,
    Finish,
    Member,
    TeamPlace,
    delegation_table,
    team_table,
)

TIME = "time"


@dataclass(frozen=True)
class GroupTables:
    """The tables that the award plan asks for; None where it does not."""

    teams: Sequence[TeamPlace] | None = None
    delegations: Sequence[Delegation] | None = None


def group_tables(revision_id: int, division_id: int | None, plan: EventPlan) -> GroupTables:
    """Add up the results of a division by the employer that sent the entries."""
    if plan.teams is None and plan.delegations is None:
        return GroupTables()
    rows = _rows(revision_id, division_id)
    teams, delegations = plan.teams, plan.delegations
    finishes = [_finish(row) for row in rows if row.Result.rank is not None]
    return GroupTables(
        None if teams is None else team_table(teams, [_member(row) for row in rows]),
        None if delegations is None else delegation_table(delegations, finishes),
    )


def _rows(revision_id: int, division_id: int | None) -> Sequence[Any]:
    query = (
        select(Result, Result.inputs, Employer.title, Award.tier)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Employer, Employer.id == Entry.employer_id)
        .outerjoin(
            Award,
            (Award.revision_id == Result.revision_id) & (Award.entry_id == Result.entry_id),
        )
        .where(Result.revision_id == revision_id)
        .order_by(Result.id)
    )
    if division_id is not None:
        query = query.where(Entry.division_id == division_id)
    return db.session.execute(query).all()


def _member(row: Any) -> Member:
    shared = (row.inputs or {}).get("marks", {}).get(WHOLE, {})
    times = [Decimal(marks[TIME]) for marks in shared.values() if TIME in marks]
    time = times[0] if times else None
    return Member(row.title, row.Result.entry_id, row.Result.total, time)


def _finish(row: Any) -> Finish:
    result = row.Result
    return Finish(row.title, "", result.entry_id, result.award_rank, row.tier, result.scale)
