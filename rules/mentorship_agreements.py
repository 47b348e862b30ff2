"""The agreement of mentor, apprentice and employer (三方协议): its text, and what it lacks."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rules.data import RuleData
from rules.people import same_name
from rules.refusals import Refused
from rules.texts import N_

MOST_ITEMS = 30


class PlanItem(RuleData):
    """One line of the teaching plan: what, until which day, to which degree (R7.02)."""

    what: str
    until: date
    degree: str = ""


class Agreement(RuleData):
    """The text that the three parties sign, word for word (R7.02); its digest is signed with it."""

    number: str
    mentor: str
    mentor_level: int | None = None
    mentor_title: str = ""
    apprentice: str
    apprentice_level: int | None = None
    employer: str
    workshop: str = ""
    occupation: str
    skill: str
    target: str
    plan: tuple[PlanItem, ...] = ()
    assessment: str = ""
    safeguards: str = ""
    new_kind: bool = False
    starts_on: date
    ends_on: date
    amendment: int = 0
    reason: str = ""


# What an amendment may change; persons, employer and start stay (a new mentor is a transfer).
AMENDABLE = ("skill", "target", "plan", "assessment", "safeguards", "ends_on")


def agreement_problems(text: Agreement) -> Iterator[Refused]:
    """Yield every field that an agreement lacks before it can be signed (R7.02)."""
    for name, problem in _NEEDED.items():
        if not getattr(text, name):
            yield Refused(problem, name)
    if len(text.plan) > MOST_ITEMS:
        yield Refused(N_("A plan has at most %(most)s lines."), "plan", most=MOST_ITEMS)
    for item in text.plan:
        if not text.starts_on <= item.until <= text.ends_on:
            yield Refused(N_("%(what)s: the day lies outside the term."), "plan", what=item.what)


_NEEDED = {
    "occupation": N_("Name the occupation."),
    "skill": N_("Name the skill that is passed on."),
    "target": N_("Name the target."),
    "plan": N_("Write the teaching plan: what, until when, to which degree."),
    "assessment": N_("Write how progress is assessed."),
    "safeguards": N_("Write what the employer provides: time, place, tools, pay, safety."),
}


def changes_of(before: Agreement, after: Agreement) -> dict[str, list[Any]]:
    """Return what an amendment changes: field by field, before and after."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {name: [old[name], new[name]] for name in AMENDABLE if old[name] != new[name]}


def amended(text: Agreement, changes: Mapping[str, Any]) -> Agreement:
    """Return the text with the changes of an amendment in it."""
    after = {name: pair[1] for name, pair in changes.items()}
    return Agreement.model_validate(text.model_dump(mode="json") | after)


def check_name(typed: str, name: str) -> None:
    """Refuse a signature whose typed name is not the signer's own."""
    if not typed.strip() or not same_name(typed, name):
        raise Refused(N_("Type the name exactly as it stands in the agreement."), "name")
