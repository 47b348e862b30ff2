"""The ranked list of a body (推荐排序表): its candidates at a step, in its order (R5.06)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from models.selections import SelectionRound
from rules.refusals import Missing, Refused
from rules.selection_checks import free_ranks
from rules.selection_rounds import Step
from rules.selections import ApplicationState, StepState
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.selection_checks_bodies import GOING, Duty, actor_account, duties_of, place_column
from services.selection_checks_parts import steps_with
from services.selection_checks_quotas import GONE, places_of
from services.transaction import transaction


@dataclass(frozen=True)
class Ranking:
    """Whose candidates they are, at which step, in their order, and how many may go on."""

    round: SelectionRound
    duty: Duty
    title: str
    rows: Sequence[SelectionStep]
    places: int | None

    @property
    def passed(self) -> int:
        """Return how many are passed on."""
        return sum(row.state is StepState.PASSED for row in self.rows)

    @property
    def is_ranked(self) -> bool:
        """Say whether everybody has a rank."""
        return all(row.rank is not None for row in self.rows)


@dataclass(frozen=True)
class ListLine:
    """One list that an account keeps, with how many stand on it."""

    round: SelectionRound
    step: Step
    place: str
    count: int
    unranked: int


def list_rankings(account: Account, rounds: Sequence[SelectionRound]) -> list[ListLine]:
    """List the lists of an account; a clerk for all districts has one for each of them."""
    found: list[ListLine] = []
    known = {one.id: one for one in rounds}
    for duty in duties_of(account, rounds):
        if duty.step.ranks:
            for place, count, unranked in _counted(duty):
                found.append(ListLine(known[duty.round_id], duty.step, place, count, unranked))
    return found


def _counted(duty: Duty) -> Sequence[tuple[str, int, int]]:
    place = place_column(duty.step.body).label("place")
    unranked = func.count().filter(SelectionStep.rank.is_(None))
    query = (
        select(place, func.count(), unranked)
        .select_from(SelectionStep)
        .join(SelectionStep.application)
        .where(*_here(duty))
    )
    if duty.employer_id is not None:
        whole = db.session.execute(query.with_only_columns(func.count(), unranked)).one()
        return [("", whole[0], whole[1])] if whole[0] else []
    rows = db.session.execute(query.group_by(place).order_by(place)).all()
    return [(name or "", count, open_) for name, count, open_ in rows]


def _here(duty: Duty) -> list[ColumnElement[bool]]:
    return [
        duty.condition(),
        SelectionStep.reached_at.is_not(None),
        SelectionStep.state.in_((StepState.WAITING, StepState.PASSED)),
        SelectionApplication.state.not_in((*GONE, ApplicationState.RETURNED)),
    ]


def get_ranking(account: Account, round_id: int, key: str, place: str = "") -> Ranking:
    """Return one list of an account; raise Missing for those of others."""
    round_ = selections.get_round(round_id)
    duty = _duty(account, round_, key, place)
    rows = db.session.scalars(_query(duty)).unique().all()
    places = places_of(round_, duty.step.body, duty.employer_id, duty.place)
    return Ranking(round_, duty, _title(account, duty), rows, places)


def _duty(account: Account, round_: SelectionRound, key: str, place: str) -> Duty:
    """Return what is to be ranked: within the account's own reach, of one place only."""
    for duty in duties_of(account, [round_]):
        if duty.step.key == key and duty.step.ranks and place in ("", duty.place or place):
            if duty.employer_id is not None:
                return duty
            return Duty(round_.id, duty.step, place=duty.place or place)
    raise Missing(round_.id)


def _title(account: Account, duty: Duty) -> str:
    if duty.employer_id is not None and account.employer is not None:
        return account.employer.title
    return duty.place


def _query(duty: Duty) -> Select[SelectionStep]:
    return (
        steps_with(
            SelectionApplication.number,
            SelectionApplication.state,
            SelectionApplication.tier,
            SelectionApplication.district,
            SelectionApplication.occupation,
        )
        .where(*_here(duty))
        .order_by(SelectionStep.rank.is_(None), SelectionStep.rank, SelectionApplication.number)
    )


@transaction
def save_ranks(by: Actor, round_id: int, key: str, place: str, order: Sequence[int]) -> int:
    """Keep the order of the candidates that wait; who is passed on keeps the rank he has."""
    round_ = selections.get_round(round_id)
    if round_.state not in GOING:
        raise Refused(N_("The checks of this round are over."))
    duty = _duty(actor_account(by), round_, key, place)
    _lock(duty)
    rows = db.session.scalars(_query(duty)).unique().all()
    waiting = {row.id: row for row in rows if row.state is StepState.WAITING}
    wanted = [one for one in order if one in waiting]
    if len(set(wanted)) != len(wanted) or set(wanted) != set(waiting):
        raise Refused(N_("Somebody has come or gone meanwhile. Look at the list again."))
    taken = {row.rank for row in rows if row.state is StepState.PASSED and row.rank is not None}
    for step_id, rank in zip(wanted, free_ranks(taken, len(wanted)), strict=True):
        waiting[step_id].rank = rank
        waiting[step_id].application.rank_in_body = rank
    after = {"step": key, "place": place, "order": wanted}
    audits.record(by, "save_ranks", "selection_round", round_id, after=after)
    return round_id


def _lock(duty: Duty) -> None:
    """Lock the candidates, then their steps: in the order in which they are passed on."""
    steps = (
        select(SelectionStep.id, SelectionStep.application_id)
        .join(SelectionStep.application)
        .where(*_here(duty))
    )
    found = db.session.execute(steps).all()
    for table, ids in (
        (SelectionApplication, [row[1] for row in found]),
        (SelectionStep, [row[0] for row in found]),
    ):
        query = select(table).where(table.id.in_(ids)).order_by(table.id)
        db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
