"""How the clauses of a call stand for an application, with what was set aside by two people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion, SelectionOverride
from rules.refusals import Refused
from rules.selection_eligibility import Verdict, evaluate
from rules.selections import OpinionAnswer, OpinionDealing, OverrideState
from rules.texts import N_
from services import selections
from services.selection_applications_facts import facts_of


def agreed_overrides(application_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return by application the clauses that two people have set aside, each with its reason."""
    query = select(
        SelectionOverride.application_id, SelectionOverride.clause, SelectionOverride.reason
    ).where(
        SelectionOverride.application_id.in_(list(application_ids)),
        SelectionOverride.state == OverrideState.AGREED,
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for application_id, clause, reason in db.session.execute(query):
        found[application_id][clause] = reason
    return found


def verdict_of(
    application: SelectionApplication, aside: Mapping[str, str] | None = None
) -> Verdict:
    """Evaluate all clauses for an application on the round's own day."""
    rules = selections.rules_of(application.round)
    if aside is None:
        aside = agreed_overrides([application.id])[application.id]
    return evaluate(
        rules,
        facts_of([application.id])[application.id],
        rules.counts_on,
        application.tier,
        aside,
    )


def qualification_problems(application: SelectionApplication) -> list[Refused]:
    """Return what keeps an application from the review: clauses, objections, a second one."""
    text = N_("%(number)s %(text)s: not fulfilled, and not set aside by two people.")
    problems = [
        Refused(text, number=one.number, text=one.text) for one in verdict_of(application).blocking
    ]
    if application.double:
        problems.append(
            Refused(N_("There is a second application for this person. Merge the two first."))
        )
    if application.id in objected([application.id]):
        problems.append(
            Refused(N_("Another body objects, and two people have not dealt with it yet."))
        )
    return problems


def objected(application_ids: Iterable[int]) -> set[int]:
    """Return those of these applications that an objection of another body stops."""
    settled = SelectionOpinion.agreed_by_id.is_not(None) & (
        SelectionOpinion.dealing == OpinionDealing.GO_ON
    )
    query = select(SelectionOpinion.application_id).where(
        SelectionOpinion.application_id.in_(list(application_ids)),
        SelectionOpinion.answer == OpinionAnswer.OBJECTION,
        ~settled,
    )
    return set(db.session.scalars(query))
