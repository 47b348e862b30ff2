"""Files of the checks: proofs of notices, answers of other bodies, and who reads a dossier's."""

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion, SelectionStep
from rules.refusals import Missing
from services import accounts, selection_files, selections
from services.acting import Actor
from services.selection_checks import step_of, steps_of_application
from services.selection_checks_bodies import actor_account, right_of
from services.selection_checks_parts import check_waiting, take_step
from services.selection_files import Keeper, Room


def _step_room(by: Actor, step_id: int, rule: str) -> Room:
    taken = take_step(by, step_id)
    check_waiting(taken)
    return Room(taken.application.round_id)


def reads_step(account: Account, step_id: int) -> bool:
    """Say whether an account reads what belongs to a step, and the dossier behind it."""
    step = db.session.get(SelectionStep, step_id)
    if step is None or step.reached_at is None:
        return False
    application = db.session.get_one(SelectionApplication, step.application_id)
    rule = step_of(selections.rules_of(application.round), step.key)
    try:
        right_of(account, application, rule, application.round)
    except Missing:
        return False
    return True


def reads_application(account: Account, application_id: int) -> bool:
    """Say whether an application has come to a step that an account takes."""
    return any(reads_step(account, row.id) for row in steps_of_application(application_id))


def _opinion_room(by: Actor, opinion_id: int, rule: str) -> Room:
    if not accounts.is_staff(actor_account(by)):
        raise Missing(opinion_id)
    round_id = db.session.scalar(
        select(SelectionApplication.round_id)
        .join(SelectionOpinion, SelectionOpinion.application_id == SelectionApplication.id)
        .where(SelectionOpinion.id == opinion_id)
        .with_for_update(of=SelectionOpinion)
    )
    if round_id is None:
        raise Missing(opinion_id)
    return Room(round_id)


STEP, OPINION = "step", "opinion"
selection_files.register(STEP, Keeper(_step_room, [reads_step]))
selection_files.register(OPINION, Keeper(_opinion_room))
selection_files.let_read("application", reads_application)
