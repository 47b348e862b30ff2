"""How many of its candidates a body may pass on, and in which order it has put them (R5.06)."""

from sqlalchemy import func, select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from models.selections import SelectionQuota, SelectionRound
from rules.refusals import Refused
from rules.selection_rounds import Step
from rules.selections import ApplicationState, Body, Channel, StepState
from rules.texts import N_
from services import selections
from services.selection_checks_bodies import place_column, place_of

# These no longer take a place.
GONE = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN, ApplicationState.MERGED)


def places_of(
    round_: SelectionRound, body: Body, employer_id: int | None, place: str
) -> int | None:
    """Return how many candidates a body may pass on; None: as many as it likes."""
    query = select(SelectionQuota.places).where(SelectionQuota.round_id == round_.id)
    if body is Body.EMPLOYER:
        found = db.session.scalar(query.where(SelectionQuota.employer_id == employer_id))
        return selections.rules_of(round_).unit_quota if found is None else found
    query = query.where(SelectionQuota.employer_id.is_(None))
    if body is Body.ASSOCIATION:
        return (
            db.session.scalar(query.where(SelectionQuota.association == place)) if place else None
        )
    if body in (Body.DISTRICT, Body.UNION) and place:
        return db.session.scalar(
            query.where(SelectionQuota.district == place, SelectionQuota.association == "")
        )
    return None


def is_limited(step: Step, channel: Channel) -> bool:
    """Say whether a quota counts at a step: where the body ranks, or recommends."""
    if step.body is Body.EMPLOYER and not step.ranks:
        return channel is Channel.EMPLOYER
    return step.ranks or step.body in (Body.DISTRICT, Body.ASSOCIATION)


def problem(application: SelectionApplication, rule: Step, step: SelectionStep) -> Refused | None:
    """Say why an application cannot be passed on among those of its body."""
    if rule.ranks and step.rank is None:
        return Refused(N_("Rank the candidates first: this one has no place in your list."))
    if not is_limited(rule, application.channel):
        return None
    _lock(application.round_id)
    place = place_of(application, rule.body)
    places = places_of(application.round, rule.body, application.employer_id, place)
    if places is None:
        return None
    passed = count_passed(application, rule, place)
    if passed >= places:
        text = N_("The quota is used up: %(passed)s of %(places)s are passed on already.")
        return Refused(text, passed=passed, places=places)
    if rule.ranks and step.rank is not None and step.rank > places:
        text = N_("Rank %(rank)s lies beyond the quota of %(places)s.")
        return Refused(text, rank=step.rank, places=places)
    return None


def _lock(round_id: int) -> None:
    """Let two accounts of a body not pass on the last place at the same time."""
    selections.lock_round(round_id)


def count_passed(application: SelectionApplication, rule: Step, place: str) -> int:
    """Count what the body of an application has passed on at a step, and what is still alive."""
    query = (
        select(func.count())
        .select_from(SelectionStep)
        .join(SelectionStep.application)
        .where(
            SelectionApplication.round_id == application.round_id,
            SelectionApplication.state.not_in(GONE),
            SelectionStep.key == rule.key,
            SelectionStep.state == StepState.PASSED,
        )
    )
    if rule.body is Body.EMPLOYER:
        query = query.where(SelectionApplication.employer_id == application.employer_id)
        if not rule.ranks:
            query = query.where(SelectionApplication.channel == Channel.EMPLOYER)
    elif place:
        query = query.where(place_column(rule.body) == place)
    return db.session.scalar(query) or 0
