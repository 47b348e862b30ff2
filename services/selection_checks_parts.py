"""A step of the chain under lock, for whoever may take it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from models.accounts import Account
from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from rules.refusals import Missing, Refused
from rules.selection_rounds import Step
from rules.selections import ApplicationState, StepState
from rules.texts import N_
from services import selections
from services.acting import Actor
from services.selection_applications import lock_application
from services.selection_checks import step_of
from services.selection_checks_bodies import GOING, actor_account, right_of

NOT_HERE = N_("This application does not wait at this step.")


@dataclass(frozen=True)
class Taken:
    """A step with its application, locked for an account that may take it."""

    step: SelectionStep
    rule: Step
    application: SelectionApplication
    account: Account
    in_place: bool


def steps_with(*columns: Any) -> Select[SelectionStep]:
    """Part: select steps with so much of their applications, their people and units."""
    return (
        select(SelectionStep)
        .join(SelectionStep.application)
        .join(SelectionApplication.person)
        .options(
            contains_eager(SelectionStep.application).options(
                load_only(*columns),
                contains_eager(SelectionApplication.person).load_only(Person.name),
                joinedload(SelectionApplication.employer).load_only(Employer.title),
            )
        )
    )


def take_step(by: Actor, step_id: int) -> Taken:
    """Part: lock a step and its application for whoever may take it; raise Missing."""
    application_id = db.session.scalar(
        select(SelectionStep.application_id).where(SelectionStep.id == step_id)
    )
    if application_id is None:
        raise Missing(step_id)
    application = lock_application(application_id)
    step = db.session.get_one(SelectionStep, step_id, with_for_update=True, populate_existing=True)
    rule = step_of(selections.rules_of(application.round), step.key)
    account = actor_account(by)
    right = right_of(account, application, rule, application.round)
    if right.problem is not None:
        raise right.problem
    if application.round.state not in GOING:
        raise Refused(N_("The checks of this round are over."))
    return Taken(step, rule, application, account, right.in_place)


def check_waiting(taken: Taken) -> None:
    """Part: refuse what does not wait at this step now."""
    here = taken.step.state is StepState.WAITING and taken.step.reached_at is not None
    if not here or taken.application.state is not ApplicationState.CHECKING:
        raise Refused(NOT_HERE)
