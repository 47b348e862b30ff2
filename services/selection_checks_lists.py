"""What the bodies of the chain see: their queue, and one application at its step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from models.selection_checks import SelectionOpinion, SelectionOverride, SelectionStep
from models.selections import SelectionRound
from rules.refusals import Missing, Refused
from rules.selection_eligibility import Verdict
from rules.selection_rounds import RoundRules, Step
from rules.selections import LIVING, ApplicationState, OverrideState, StepState
from services import selection_checks_overrides, selection_checks_verdicts, selections
from services.pages import PAGE_SIZE, Page, page_of
from services.people import matches_name
from services.selection_checks import step_of, steps_of_application
from services.selection_checks_bodies import (
    Duty,
    Right,
    duties_of,
    right_of,
    rounds_going,
    within,
)
from services.selection_checks_parts import steps_with


@dataclass(frozen=True)
class Wanted:
    """Which steps a reader asks for."""

    round_id: int | None = None
    key: str = ""
    state: StepState = StepState.WAITING
    overdue: bool = False
    district: str = ""
    q: str = ""


@dataclass(frozen=True)
class Queue:
    """The steps within an account's reach: a page of them, and how many wait and are late."""

    page: Page[SelectionStep]
    rounds: Sequence[SelectionRound]
    duties: Sequence[Duty]
    waiting: int
    overdue: int

    def step(self, row: SelectionStep) -> Step:
        """Return the rule of a step of this queue."""
        return step_of(selections.rules_of(row.application.round), row.key)


def list_queue(account: Account, wanted: Wanted, today: date, page: int = 1) -> Queue:
    """List the steps that an account takes, those that are due first; staff see all of them."""
    rounds = rounds_going()
    duties = duties_of(account, rounds)
    reach = within(duties, account)
    query = _narrowed(_steps(rounds, reach), wanted, today)
    late = SelectionStep.due_on < today
    counted = _steps(rounds, reach).where(*_stands(StepState.WAITING))
    counts = db.session.execute(
        counted.with_only_columns(func.count(), func.count().filter(late)).order_by(None)
    ).one()
    return Queue(page_of(query, page, PAGE_SIZE), rounds, duties, counts[0], counts[1])


def count_waiting(account: Account, today: date) -> tuple[int, int]:
    """Count what an account's own bodies have to check, and what of it is overdue."""
    rounds = rounds_going()
    duties = duties_of(account, rounds)
    if not duties:
        return 0, 0
    own = or_(*(one.condition() for one in duties))
    query = _steps(rounds, own).where(*_stands(StepState.WAITING))
    late = func.count().filter(SelectionStep.due_on < today)
    waiting, overdue = db.session.execute(
        query.with_only_columns(func.count(), late).order_by(None)
    ).one()
    return waiting, overdue


def _steps(rounds: Sequence[SelectionRound], reach: ColumnElement[bool]) -> Select[SelectionStep]:
    return (
        steps_with(
            SelectionApplication.number,
            SelectionApplication.round_id,
            SelectionApplication.channel,
            SelectionApplication.state,
            SelectionApplication.tier,
            SelectionApplication.district,
            SelectionApplication.double,
            SelectionApplication.imported,
            SelectionApplication.complete_until,
            SelectionApplication.person_id,
            SelectionApplication.account_id,
        )
        .where(SelectionApplication.round_id.in_([one.id for one in rounds]), reach)
        .order_by(SelectionStep.due_on, SelectionStep.id)
    )


def _narrowed(query: Select[SelectionStep], wanted: Wanted, today: date) -> Select[SelectionStep]:
    query = query.where(*_stands(wanted.state))
    if wanted.round_id is not None:
        query = query.where(SelectionApplication.round_id == wanted.round_id)
    if wanted.key:
        query = query.where(SelectionStep.key == wanted.key)
    if wanted.overdue:
        query = query.where(SelectionStep.due_on < today)
    if wanted.district:
        query = query.where(SelectionApplication.district == wanted.district)
    if wanted.q:
        query = query.where(matches_name(wanted.q))
    return query


def _stands(state: StepState) -> list[ColumnElement[bool]]:
    """Return the conditions of steps in a state; those of withdrawn applications wait no more."""
    found: list[ColumnElement[bool]] = [
        SelectionStep.state == state,
        SelectionStep.reached_at.is_not(None),
    ]
    if state is StepState.WAITING:
        found.append(SelectionApplication.state == ApplicationState.CHECKING)
    if state is StepState.RETURNED:
        found.append(SelectionApplication.state == ApplicationState.RETURNED)
    return found


def list_districts(rounds: Sequence[SelectionRound]) -> list[str]:
    """List the districts of the applications of these rounds."""
    column = SelectionApplication.district
    query = select(column).where(
        SelectionApplication.round_id.in_([one.id for one in rounds]), column != ""
    )
    return list(db.session.scalars(query.distinct().order_by(column)))


@dataclass(frozen=True)
class Dossier:
    """One application at one step, as whoever checks it sees it."""

    step: SelectionStep
    rule: Step
    application: SelectionApplication
    rules: RoundRules
    right: Right
    verdict: Verdict
    chain: Sequence[SelectionStep]
    evidence: Sequence[SelectionEvidence]
    files: Sequence[SelectionFile]
    proofs: Sequence[SelectionFile]
    opinions: Sequence[SelectionOpinion]
    overrides: Sequence[tuple[SelectionOverride, str, str | None]]
    others: Sequence[SelectionApplication]
    problems: Sequence[Refused]

    @property
    def waits(self) -> bool:
        """Say whether the application waits at this step now."""
        return (
            self.step.state is StepState.WAITING
            and self.step.reached_at is not None
            and self.application.state is ApplicationState.CHECKING
        )

    @property
    def title_of(self) -> dict[str, str]:
        """Return the titles of the steps by their keys."""
        return {one.key: one.title for one in self.rules.chain}


def get_dossier(account: Account, step_id: int) -> Dossier:
    """Return an application at a step; raise Missing for those out of reach."""
    step = db.session.get(SelectionStep, step_id)
    if step is None or step.reached_at is None:
        raise Missing(step_id)
    application = _application(step.application_id)
    rules = selections.rules_of(application.round)
    rule = step_of(rules, step.key)
    right = right_of(account, application, rule, application.round)
    files = _files(application.id, step.id)
    overrides = selection_checks_overrides.list_overrides(application.id)
    agreed = {one.clause: one.reason for one, *_ in overrides if one.state is OverrideState.AGREED}
    return Dossier(
        step,
        rule,
        application,
        rules,
        right,
        selection_checks_verdicts.verdict_of(application, agreed),
        steps_of_application(application.id),
        _evidence(application.id),
        [one for one in files if one.holder == "application"],
        [one for one in files if one.holder == "step"],
        _opinions(application.id),
        overrides,
        _others(application),
        [] if right.problem is None else [right.problem],
    )


def _application(application_id: int) -> SelectionApplication:
    query = select(SelectionApplication).options(
        joinedload(SelectionApplication.round).joinedload(SelectionRound.programme),
        joinedload(SelectionApplication.person),
        joinedload(SelectionApplication.employer),
    )
    return db.session.scalars(query.where(SelectionApplication.id == application_id)).one()


def _evidence(application_id: int) -> Sequence[SelectionEvidence]:
    query = select(SelectionEvidence).where(SelectionEvidence.application_id == application_id)
    return db.session.scalars(query.order_by(SelectionEvidence.kind, SelectionEvidence.id)).all()


def _files(application_id: int, step_id: int) -> Sequence[SelectionFile]:
    own = (SelectionFile.holder == "application") & (SelectionFile.holder_id == application_id)
    proof = (SelectionFile.holder == "step") & (SelectionFile.holder_id == step_id)
    query = select(SelectionFile).where(own | proof)
    return db.session.scalars(query.order_by(SelectionFile.id)).all()


def _opinions(application_id: int) -> Sequence[SelectionOpinion]:
    query = select(SelectionOpinion).where(SelectionOpinion.application_id == application_id)
    return db.session.scalars(query.order_by(SelectionOpinion.id)).all()


def _others(application: SelectionApplication) -> Sequence[SelectionApplication]:
    """List other living applications for the same person in the round."""
    query = select(SelectionApplication).where(
        SelectionApplication.round_id == application.round_id,
        SelectionApplication.person_id == application.person_id,
        SelectionApplication.id != application.id,
        SelectionApplication.state.in_(LIVING),
    )
    return db.session.scalars(query.order_by(SelectionApplication.id)).all()


def list_steps(queue: Queue, everything: bool) -> list[tuple[str, str]]:
    """List key and title of the steps that can stand in a queue."""
    if not everything:
        return list(dict.fromkeys((one.step.key, one.step.title) for one in queue.duties))
    rules = (selections.rules_of(one) for one in queue.rounds)
    return list(dict.fromkeys((step.key, step.title) for one in rules for step in one.chain))
