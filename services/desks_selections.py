"""What waits of selections on the desks: figures that join the one statement of the programmes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from models.contests import Event
from models.selection_applications import SelectionApplication
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selections import SelectionRound
from rules.access import Holder
from rules.selections import (
    ApplicationState,
    BenefitKind,
    BenefitState,
    HolderReportState,
    HolderState,
    RoundState,
)
from rules.states import EventState
from services.acting import ZONE
from services.desks_tasks import Task

SOON = timedelta(days=31)


class Asked(NamedTuple):
    """A task with the keys of what waits, and the conditions of it."""

    task: Task
    keys: Any
    conditions: list[Any]


def of_person(holder: Holder, today: date) -> Iterator[Asked]:
    """Yield what somebody has to do for own applications and titles."""
    mine = SelectionApplication.account_id == holder.account_id
    yield from _applications(mine, today)
    own = select(SelectionHolder.id).where(
        SelectionHolder.id == SelectionReport.holder_id,
        SelectionHolder.person_id == (holder.person_id or 0),
    )
    returned = SelectionReport.state == HolderReportState.RETURNED
    yield Asked(Task.MEND_TITLE_REPORT, SelectionReport.holder_id, [returned, own.exists()])


def of_employer(holder: Holder, today: date) -> Iterator[Asked]:
    """Yield what an employer has to do for the applications that it writes."""
    yield from _applications(SelectionApplication.account_id == holder.account_id, today)


def _applications(mine: Any, today: date) -> Iterator[Asked]:
    returned = SelectionApplication.state == ApplicationState.RETURNED
    yield Asked(Task.MEND_SELECTION, SelectionApplication.id, [mine, returned])
    now = datetime.combine(today, time(), ZONE)
    going = select(SelectionRound.id).where(
        SelectionRound.id == SelectionApplication.round_id,
        SelectionRound.state == RoundState.OPEN,
        SelectionRound.closes_at >= now,
    )
    draft = SelectionApplication.state == ApplicationState.DRAFT
    yield Asked(Task.SEND_SELECTION, SelectionApplication.id, [mine, draft, going.exists()])


def of_bureau(holder: Holder, today: date) -> Iterator[Asked]:
    """Yield rounds to decide, reports to check, revocations for a second person, benefits due."""
    over = select(Event.id).where(
        Event.contest_id == SelectionRound.contest_id, Event.state == EventState.FINAL
    )
    proposed = SelectionRound.state == RoundState.PROPOSED
    yield Asked(Task.DECIDE_SELECTION, SelectionRound.id, [proposed, over.exists()])
    yield Asked(
        Task.CHECK_TITLE_REPORTS,
        SelectionReport.id,
        [SelectionReport.state == HolderReportState.SUBMITTED],
    )
    yield Asked(
        Task.AGREE_REVOCATION,
        SelectionHolder.id,
        [
            SelectionHolder.revoking_at.is_not(None),
            SelectionHolder.state != HolderState.REVOKED,
            SelectionHolder.revoking_by_id.is_distinct_from(holder.account_id),
        ],
    )
    yield Asked(
        Task.GIVE_BENEFITS,
        SelectionBenefit.id,
        [*_due(today + SOON), SelectionBenefit.kind != BenefitKind.ALLOWANCE],
    )


def of_payer(_holder: Holder, today: date) -> Iterator[Asked]:
    """Yield allowances that can be ordered."""
    yield Asked(
        Task.ORDER_ALLOWANCES,
        SelectionBenefit.id,
        [*_due(today), SelectionBenefit.kind == BenefitKind.ALLOWANCE],
    )


def _due(until: date) -> list[Any]:
    return [SelectionBenefit.state == BenefitState.DUE, SelectionBenefit.due_on <= until]
