"""What waits of selections on the desks: figures that join the one statement of the programmes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from models.contests import Event
from models.selection_applications import SelectionApplication
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selection_reviews import (
    SelectionBallot,
    SelectionProposal,
    SelectionRecusal,
    SelectionReviewer,
    SelectionSheet,
    SelectionVoter,
)
from models.selections import SelectionChange, SelectionRound
from rules.access import Holder
from rules.selections import (
    ApplicationState,
    BallotState,
    BenefitKind,
    BenefitState,
    HolderReportState,
    HolderState,
    ProposalState,
    ReviewerState,
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
    """Yield rounds to decide, reports to check, benefits due, and what needs a second person."""
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
    yield from _second_person(holder)


def _second_person(holder: Holder) -> Iterator[Asked]:
    """Yield proposals and amendments of rounds that another one of the bureau made."""
    yield Asked(
        Task.APPROVE_SELECTION,
        SelectionProposal.id,
        [
            SelectionProposal.state == ProposalState.DRAFT,
            SelectionProposal.made_by_id.is_distinct_from(holder.account_id),
        ],
    )
    yield Asked(
        Task.AGREE_AMENDMENT,
        SelectionChange.round_id,
        [SelectionChange.written_by_id.is_distinct_from(holder.account_id)],
    )


def of_reviewer(holder: Holder, _today: date) -> Iterator[Asked]:
    """Yield panels on which sheets wait to be signed, and ballots to vote in."""
    seated = [
        SelectionReviewer.account_id == holder.account_id,
        SelectionReviewer.state == ReviewerState.SEATED,
        SelectionReviewer.reserve.is_(False),
    ]
    method = SelectionRound.rules["review"]["method"].as_string()
    going = select(SelectionRound.id).where(
        SelectionRound.id == SelectionReviewer.round_id,
        SelectionRound.state == RoundState.REVIEW,
        method.in_(("sheet", "sheet_and_ballot")),
    )
    yield Asked(
        Task.SIGN_SELECTION_SHEETS,
        SelectionReviewer.round_id,
        [*seated, going.exists(), _unsigned().exists()],
    )
    voted = select(SelectionVoter.id).where(
        SelectionVoter.reviewer_id == SelectionReviewer.id,
        SelectionVoter.ballot_id == SelectionBallot.id,
    )
    seat = select(SelectionReviewer.id).where(
        *seated, SelectionReviewer.round_id == SelectionBallot.round_id, ~voted.exists()
    )
    waits = [SelectionBallot.state == BallotState.OPEN, seat.exists()]
    yield Asked(Task.VOTE_SELECTION, SelectionBallot.id, waits)


def _unsigned() -> Any:
    """Select the candidates of a seat whose sheet is not signed, but for those it leaves out."""
    signed = select(SelectionSheet.id).where(
        SelectionSheet.reviewer_id == SelectionReviewer.id,
        SelectionSheet.application_id == SelectionApplication.id,
        SelectionSheet.signed_at.is_not(None),
    )
    recused = select(SelectionRecusal.id).where(
        SelectionRecusal.reviewer_id == SelectionReviewer.id,
        SelectionRecusal.application_id == SelectionApplication.id,
    )
    return select(SelectionApplication.id).where(
        SelectionApplication.round_id == SelectionReviewer.round_id,
        SelectionApplication.state == ApplicationState.QUALIFIED,
        ~signed.exists(),
        ~recused.exists(),
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
