"""Checks of the people of one entry, for the form and for the spreadsheet alike."""

from collections.abc import Sequence
from datetime import date

from models.contests import Event
from rules.eligibility import Member, entry_problems
from rules.people import PersonFacts, TypedPerson, read_person, same_name
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.texts import N_
from services.acting import Actor
from services.entries_bulk import people_entered
from services.people import OTHER_NAME, Known, known_people, person_index

ALREADY = N_("This person is entered in this event already.")


def checked_members(
    by: Actor, event: Event, typed: Sequence[TypedPerson], own_entry: int | None = None
) -> list[PersonFacts]:
    """Check the people of an entry against rules and tables; refuse at the field at fault."""
    facts = [_facts(by, place, each) for place, each in enumerate(typed)]
    indexes = [person_index(each.id_number) for each in facts]
    rules = EditionRules.model_validate(event.contest.rules)
    for problem in eligibility_problems(rules, event.team_size, facts, indexes, by.today):
        raise _at_member(problem, event.team_size)
    known = known_people(indexes)
    for place, (each, index) in enumerate(zip(facts, indexes, strict=True)):
        _refuse_other_name(place, each, known.get(index))
    ids = {known[index].id: place for place, index in enumerate(indexes) if index in known}
    for _, person_id in people_entered([event.id], list(ids), own_entry):
        raise Refused(ALREADY, f"members-{ids[person_id]}-id_number")
    return facts


def eligibility_problems(
    rules: EditionRules,
    team_size: int,
    facts: Sequence[PersonFacts],
    indexes: Sequence[str],
    today: date,
) -> list[Refused]:
    """List why these people may not make an entry of this size in this edition."""
    members = [
        Member(each.name, index, each.birth_date)
        for each, index in zip(facts, indexes, strict=True)
    ]
    return entry_problems(rules, team_size, members, today)


def _facts(by: Actor, place: int, typed: TypedPerson) -> PersonFacts:
    facts, problems = read_person(typed, by.today)
    for problem in problems:
        raise Refused(problem.message, f"members-{place}-{problem.field}", **problem.params)
    if facts is None:
        raise ValueError("a person without facts must have a problem")
    return facts


def _refuse_other_name(place: int, facts: PersonFacts, known: Known | None) -> None:
    if known is not None and not same_name(facts.name, known.name):
        raise Refused(OTHER_NAME, f"members-{place}-name")


def _at_member(problem: Refused, team_size: int) -> Refused:
    """Put a problem of a single entrant at the number, which tells the birth date."""
    if team_size > 1 or problem.field != "birth_date":
        return Refused(problem.message, None, **problem.params)
    return Refused(problem.message, field="members-0-id_number", **problem.params)
