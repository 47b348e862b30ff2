"""What a body does with an application at its step: look, pass on, send back, refuse (R5.01)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication, SelectionEvidence
from rules.data import InvalidRules
from rules.refusals import Refused, check_reason
from rules.selection_checks import STEP_MOVES, due_day, unticked
from rules.selections import LIVING, ApplicationState, EvidenceSource, StepState
from rules.states import moved
from rules.texts import N_
from services import (
    audits,
    selection_checks_messages,
    selection_checks_notices,
    selection_checks_quotas,
    selection_checks_verdicts,
    selections,
)
from services.acting import Actor
from services.calendars import load_calendar
from services.selection_applications import move_application, release_double
from services.selection_checks import go_on, steps_of_application
from services.selection_checks_parts import Taken, check_waiting, take_step
from services.transaction import transaction

LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Found:
    """What was seen: items of the checklist, lines of evidence whose paper was there, a note."""

    items: frozenset[str] = frozenset()
    evidence: frozenset[int] = frozenset()
    note: str = ""


@transaction
def save_check(by: Actor, step_id: int, found: Found) -> int:
    """Keep what was seen so far; the application stays where it is."""
    taken = take_step(by, step_id)
    check_waiting(taken)
    _keep(by, taken, found)
    after = {"items": len(found.items), "evidence": sorted(found.evidence)}
    audits.record(by, "save_check", "selection_step", step_id, after=after)
    return step_id


def _keep(by: Actor, taken: Taken, found: Found) -> None:
    if len(found.note) > LONGEST_NOTE:
        raise Refused(N_("This text is too long."), "note")
    old = taken.step.checked
    taken.step.checked = {
        item: old.get(item, by.account_id) for item in taken.rule.checklist if item in found.items
    }
    taken.step.note = found.note.strip() or None
    _verify(by, taken.application, found.evidence)


def _verify(by: Actor, application: SelectionApplication, seen: Collection[int]) -> None:
    """Note for each typed line whether its paper was there; who saw it first stays."""
    query = select(SelectionEvidence).where(
        SelectionEvidence.application_id == application.id,
        SelectionEvidence.source == EvidenceSource.TYPED,
    )
    for line in db.session.scalars(query.order_by(SelectionEvidence.id).with_for_update()):
        if line.id in seen and line.verified_at is None:
            line.verified_at, line.verified_by_id = by.now, by.account_id
        elif line.id not in seen and line.verified_at is not None:
            line.verified_at = line.verified_by_id = None
    db.session.flush()


@transaction
def pass_step(by: Actor, step_id: int, found: Found) -> int:
    """Pass an application on; after the last step it is qualified."""
    taken = take_step(by, step_id)
    check_waiting(taken)
    _keep(by, taken, found)
    if taken.in_place and not found.note.strip():
        raise Refused(N_("Write which paper of the body you go by."), "note")
    problems = _pass_problems(by, taken)
    if problems:
        raise InvalidRules(problems)
    _pass(by, taken)
    return step_id


def _pass_problems(by: Actor, taken: Taken) -> list[Refused]:
    """Return all that keeps an application at its step."""
    open_items = unticked(taken.rule.checklist, taken.step.checked)
    text = N_("Not ticked yet: %(item)s")
    problems = [Refused(text, "items", item=item) for item in open_items]
    problems += selection_checks_notices.problems(taken.step, taken.rule, by.today)
    problem = selection_checks_quotas.problem(taken.application, taken.rule, taken.step)
    problems += [] if problem is None else [problem]
    if _is_last(taken):
        problems += selection_checks_verdicts.qualification_problems(taken.application)
    return problems


def _is_last(taken: Taken) -> bool:
    rows = steps_of_application(taken.application.id)
    return all(row.state is StepState.PASSED for row in rows if row.id != taken.step.id)


def _pass(by: Actor, taken: Taken) -> None:
    step, application = taken.step, taken.application
    before = {"state": step.state}
    step.state = moved(STEP_MOVES, step.state, StepState.PASSED)
    step.done_at, step.done_by_id = by.now, by.account_id
    if step.rank is not None:
        application.rank_in_body = step.rank
    after = {"state": step.state, "step": step.key, "rank": step.rank}
    after |= {"in_place": True} if taken.in_place else {}
    audits.record(by, "pass_step", "selection_step", step.id, before=before, after=after)
    go_on(by, application, steps_of_application(application.id))


@transaction
def pass_many(by: Actor, step_ids: Sequence[int]) -> int:
    """Pass several on whose step has no checklist; all of them or none. Return how many."""
    chosen = sorted(set(step_ids))
    if not chosen:
        raise Refused(N_("Choose at least one application."))
    for step_id in chosen:
        taken = take_step(by, step_id)
        check_waiting(taken)
        problems = _pass_problems(by, taken)
        if taken.rule.checklist or taken.in_place:
            problems = [Refused(N_("It is looked at by itself."))]
        if problems:
            name = taken.application.person.name
            text = N_("%(name)s: %(problem)s")
            raise InvalidRules([Refused(text, name=name, problem=one) for one in problems])
        _pass(by, taken)
    return len(chosen)


@transaction
def return_step(by: Actor, step_id: int, *, reason: str) -> int:
    """Send an application back to be completed, with a deadline of the round's own length."""
    check_reason(reason)
    taken = take_step(by, step_id)
    check_waiting(taken)
    step, application = taken.step, taken.application
    days = selections.rules_of(application.round).completion_days
    step.state = moved(STEP_MOVES, step.state, StepState.RETURNED)
    step.done_at, step.done_by_id = by.now, by.account_id
    application.complete_until = due_day(by.today, days, load_calendar())
    move_application(
        by, application, ApplicationState.RETURNED, "return_application", reason.strip()
    )
    _record(by, taken, "return_step", reason)
    selection_checks_messages.tell_returned(by, application, reason.strip())
    return step_id


@transaction
def extend_completion(by: Actor, step_id: int, until: date) -> int:
    """Give more time to complete a returned application."""
    taken = take_step(by, step_id)
    application = taken.application
    if taken.step.state is not StepState.RETURNED or application.complete_until is None:
        raise Refused(N_("This application was not sent back at this step."))
    if until <= application.complete_until or until < by.today:
        raise Refused(N_("The new deadline lies after the old one."), "until")
    before = {"complete_until": application.complete_until}
    application.complete_until = until
    after = {"complete_until": until}
    audits.record(
        by, "extend_completion", "selection_application", application.id, before=before, after=after
    )
    selection_checks_messages.tell_returned(by, application, application.reason)
    return step_id


@transaction
def refuse_step(by: Actor, step_id: int, *, reason: str) -> int:
    """Refuse an application at a step; also one that was not completed in time."""
    check_reason(reason)
    taken = take_step(by, step_id)
    step, application = taken.step, taken.application
    if step.state is StepState.RETURNED:
        if application.complete_until is not None and application.complete_until >= by.today:
            raise Refused(N_("There is still time to complete it."))
    else:
        check_waiting(taken)
    step.state = moved(STEP_MOVES, step.state, StepState.REFUSED)
    step.done_at, step.done_by_id = by.now, by.account_id
    application.complete_until = None
    move_application(by, application, ApplicationState.REFUSED, "refuse", reason.strip())
    _record(by, taken, "refuse_step", reason)
    release_double(application.round_id, application.person_id)
    selection_checks_messages.tell_refused(by, application, reason.strip())
    return step_id


@transaction
def take_up_again(by: Actor, step_id: int, *, reason: str) -> int:
    """Take a refused application up again at the step that refused it; by a second person."""
    check_reason(reason)
    taken = take_step(by, step_id)
    step, application = taken.step, taken.application
    if step.state is not StepState.REFUSED:
        raise Refused(N_("This application was not refused at this step."))
    if step.done_by_id == by.account_id:
        raise Refused(N_("Somebody else than who refused it takes it up again."))
    if _has_living(application):
        raise Refused(N_("Another application of this person is under way."))
    move_application(by, application, ApplicationState.CHECKING, "take_up_again", "")
    _record(by, taken, "take_up_again", reason)
    go_on(by, application, steps_of_application(application.id))
    return step_id


def _has_living(application: SelectionApplication) -> bool:
    query = select(SelectionApplication.id).where(
        SelectionApplication.round_id == application.round_id,
        SelectionApplication.person_id == application.person_id,
        SelectionApplication.state.in_(LIVING),
    )
    return db.session.scalar(query.limit(1)) is not None


def _record(by: Actor, taken: Taken, action: str, reason: str) -> None:
    after: dict[str, object] = {"step": taken.step.key, "state": taken.step.state}
    after |= {"in_place": True} if taken.in_place else {}
    audits.record(
        by, action, "selection_step", taken.step.id, after=after | {"reason": reason.strip()}
    )
