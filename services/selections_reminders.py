"""Reminders of selections: deadlines of applications, checks, opinions, sheets, reports, benefits.

Each is said once for each step before or after its day; by mail, else by text to people.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import func, select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion, SelectionStep
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selection_reviews import SelectionReviewer, SelectionSheet
from models.selections import SelectionClerk, SelectionRound
from rules.messages import MessageChannel
from rules.selections import (
    ApplicationState,
    BenefitState,
    Body,
    HolderState,
    OpinionAnswer,
    ReviewerState,
    RoundState,
    StepState,
)
from services import selection_holders_reminders, selections, selections_letters
from services.acting import ZONE, Actor
from services.messages import Draft, remind_once
from services.messages_addressing import BY_DAY, Call, Reached, addressed, step_of
from services.transaction import transaction

ABOUT = "selection"
# So many days before the end; the nearest one that is reached is said.
DEADLINE_STEPS = (7, 3, 1)
COMPLETION_STEPS = (3, 1)
# So many days after a reviewer was seated.
SHEET_STEPS = (3, 7, 14)
REPORT_STEPS = (30, 7, 0)
TERM_STEPS = (90, 30)


@transaction
def remind(by: Actor) -> int:
    """Say each reminder of selections a single time; return how many are new."""
    if by.now.astimezone(ZONE).hour not in BY_DAY:
        return 0
    today = by.today
    calls = [
        *_drafts(today),
        *_returned(today),
        *_steps(today),
        *_opinions(today),
        *_sheets(today),
        *_reports(today),
        *_benefits(today),
        *_terms(today),
    ]
    drafts = [_draft(call, one) for call, one in addressed(calls)]
    return remind_once(by, "selection_round", drafts)


def _draft(call: Call, one: Reached) -> Draft:
    is_mail = one.channel is MessageChannel.MAIL
    return Draft(
        one.channel,
        one.address,
        selections_letters.SUBJECT if is_mail else "",
        call.body,
        ABOUT,
        person_id=call.person_id,
        once=f"{ABOUT} {call.once} account {one.account_id}",
    )


def _drafts(today: date) -> Iterator[Call]:
    """Yield the drafts whose deadline comes near."""
    query = (
        select(SelectionApplication, SelectionRound)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(
            SelectionRound.state == RoundState.OPEN,
            SelectionApplication.state == ApplicationState.DRAFT,
        )
    )
    for own, row in db.session.execute(query):
        closes = row.closes_at.astimezone(ZONE)
        step = step_of((closes.date() - today).days, DEADLINE_STEPS)
        if step is not None and closes.date() >= today:
            body = selections_letters.deadline(row.title, closes)
            yield Call(f"draft {own.id} {step}", body, account_id=own.account_id)


def _returned(today: date) -> Iterator[Call]:
    """Yield the applications that came back and must be completed."""
    query = (
        select(SelectionApplication, SelectionRound.title)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(
            SelectionApplication.state == ApplicationState.RETURNED,
            SelectionApplication.complete_until >= today,
        )
    )
    for own, title in db.session.execute(query):
        assert own.complete_until is not None
        step = step_of((own.complete_until - today).days, COMPLETION_STEPS)
        if step is not None:
            body = selections_letters.completion(title, own.complete_until)
            key = f"return {own.id} {own.complete_until.isoformat()} {step}"
            yield Call(key, body, account_id=own.account_id)


def _steps(today: date) -> Iterator[Call]:
    """Yield whoever has overdue checks of a round: employers, clerks, the bureau; once a week."""
    query = (
        select(SelectionRound, SelectionStep.key, SelectionApplication.employer_id, func.count())
        .join(SelectionApplication, SelectionApplication.id == SelectionStep.application_id)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(
            SelectionStep.state == StepState.WAITING,
            SelectionStep.due_on < today,
            SelectionApplication.state == ApplicationState.CHECKING,
        )
        .group_by(SelectionRound.id, SelectionStep.key, SelectionApplication.employer_id)
    )
    found = db.session.execute(query).all()
    clerks = _clerks({row.id for row, *_more in found})
    week = today.isocalendar()
    for row, key, employer_id, number in found:
        step = next((one for one in selections.rules_of(row).chain if one.key == key), None)
        if step is None:
            continue
        once = f"step {row.id} {key} {employer_id or 0} {week.year}-{week.week}"
        body = selections_letters.overdue(row.title, step.title, number)
        if step.body is Body.EMPLOYER:
            yield Call(once, body, employer_id=employer_id)
        elif step.body is Body.BUREAU:
            yield Call(once, body, bureau=True)
        else:
            for account_id in clerks.get((row.id, key), ()):
                yield Call(f"step {row.id} {key} {week.year}-{week.week}", body,
                           account_id=account_id)  # fmt: skip


def _clerks(rounds: Collection[int]) -> dict[tuple[int, str], list[int]]:
    query = select(SelectionClerk.round_id, SelectionClerk.step, SelectionClerk.account_id)
    found: dict[tuple[int, str], list[int]] = {}
    for round_id, step, account in db.session.execute(
        query.where(SelectionClerk.round_id.in_(rounds))
    ):
        found.setdefault((round_id, step), []).append(account)
    return found


def _opinions(today: date) -> Iterator[Call]:
    """Yield the letters whose answer is overdue, by round; once a week."""
    query = (
        select(SelectionRound.id, SelectionRound.title, func.count())
        .select_from(SelectionOpinion)
        .join(SelectionApplication, SelectionApplication.id == SelectionOpinion.application_id)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(SelectionOpinion.answer == OpinionAnswer.NONE, SelectionOpinion.due_on < today)
        .group_by(SelectionRound.id, SelectionRound.title)
    )
    week = today.isocalendar()
    for round_id, title, number in db.session.execute(query):
        body = selections_letters.opinions(title, number)
        yield Call(f"opinion {round_id} {week.year}-{week.week}", body, bureau=True)


def _sheets(today: date) -> Iterator[Call]:
    """Yield reviewers who have not signed all their sheets some days after they were seated."""
    signed = (
        select(SelectionSheet.reviewer_id, func.count().label("number"))
        .where(SelectionSheet.signed_at.is_not(None))
        .group_by(SelectionSheet.reviewer_id)
        .subquery()
    )
    wanted = (
        select(SelectionApplication.round_id, func.count().label("number"))
        .where(SelectionApplication.state == ApplicationState.QUALIFIED)
        .group_by(SelectionApplication.round_id)
        .subquery()
    )
    query = (
        select(SelectionReviewer, SelectionRound, wanted.c.number, signed.c.number)
        .join(SelectionRound, SelectionRound.id == SelectionReviewer.round_id)
        .join(wanted, wanted.c.round_id == SelectionRound.id)
        .outerjoin(signed, signed.c.reviewer_id == SelectionReviewer.id)
        .where(
            SelectionRound.state == RoundState.REVIEW,
            SelectionReviewer.state == ReviewerState.SEATED,
            SelectionReviewer.reserve.is_(False),
        )
    )
    for seat, row, number, done in db.session.execute(query):
        by_sheet = selections.rules_of(row).review.method in ("sheet", "sheet_and_ballot")
        passed = (today - seat.seated_at.astimezone(ZONE).date()).days
        step = max((one for one in SHEET_STEPS if passed >= one), default=None)
        if by_sheet and step is not None and (done or 0) < number:
            body = selections_letters.sheets(row.title, number - (done or 0))
            yield Call(f"sheet {seat.id} {step}", body, account_id=seat.account_id)


def _reports(today: date) -> Iterator[Call]:
    """Yield holders whose yearly report falls due."""
    for due in selection_holders_reminders.reports_due(today):
        step = step_of((due.due_on - today).days, REPORT_STEPS)
        if step is not None and today - due.due_on < timedelta(days=60):
            body = selections_letters.report(due.title, due.year, due.due_on)
            yield Call(f"report {due.holder_id} {due.year} {step}", body, person_id=due.person_id)


def _benefits(today: date) -> Iterator[Call]:
    """Yield to the bureau how many benefits are due by the end of the month; once a month."""
    until = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    query = select(func.count()).where(
        SelectionBenefit.state == BenefitState.DUE, SelectionBenefit.due_on < until
    )
    number = db.session.scalar(query) or 0
    if number:
        yield Call(f"benefit {today:%Y-%m}", selections_letters.benefits(number), bureau=True)


def _terms(today: date) -> Iterator[Call]:
    """Yield holders whose term ends soon."""
    query = select(SelectionHolder).where(
        SelectionHolder.state == HolderState.RUNNING,
        SelectionHolder.ends_on >= today,
        SelectionHolder.ends_on <= today + timedelta(days=max(TERM_STEPS)),
    )
    for one in db.session.scalars(query):
        assert one.ends_on is not None
        step = step_of((one.ends_on - today).days, TERM_STEPS)
        body = selections_letters.term(one.honour.title, one.ends_on)
        yield Call(f"term {one.id} {step}", body, person_id=one.person_id)
