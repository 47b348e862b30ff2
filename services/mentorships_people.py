"""Mentors and apprentices as typed into an agreement: found by their identity numbers."""

from dataclasses import dataclass, replace

from rules.data import InvalidRules
from rules.identity import IdKind, parse_id
from rules.people import SEX_OF, PersonFacts, parse_name, same_name
from rules.refusals import Refused, check_reason
from services import audits
from services.acting import Actor
from services.mentorships import Draft, add_pair, check_employer
from services.mentorships_parts import lock_checks, managed
from services.mentorships_terms import Transfer, transfer_part
from services.people import OTHER_NAME, add_person, find_person
from services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Typed:
    """A person as typed: name and identity number."""

    name: str
    id_number: str


@transaction
def create_typed(
    by: Actor, employer_id: int, mentor: Typed, apprentice: Typed, draft: Draft
) -> int:
    """Draft an agreement with two people as typed; who is not known yet is registered."""
    check_employer(by, employer_id)
    lock_checks()
    found = []
    problems: list[Refused] = []
    for key, typed in (("mentor", mentor), ("apprentice", apprentice)):
        try:
            found.append(person_id_of(by, employer_id, typed))
        except Refused as problem:
            problems.append(Refused(problem.message, f"{key}_{problem.field}", **problem.params))
    if problems:
        raise InvalidRules(problems)
    row = add_pair(by, employer_id, replace(draft, mentor_id=found[0], apprentice_id=found[1]))
    after = {"number": row.number, "mentor": found[0], "apprentice": found[1]}
    audits.record(by, "create", "mentorship", row.id, after=after)
    return row.id


def person_id_of(by: Actor, employer_id: int, typed: Typed) -> int:
    """Part: return who is meant; of people who are known already nothing is changed."""
    name, number = parse_name(typed.name), parse_id(IdKind.RESIDENT, typed.id_number, by.today)
    known = find_person(number.normalized)
    if known is not None:
        if not same_name(known.name, name):
            raise Refused(OTHER_NAME, "id_number")
        return known.id
    facts = PersonFacts(
        name,
        IdKind.RESIDENT,
        number.normalized,
        birth_date=number.birth_date,
        sex=SEX_OF[number.sex],
    )
    return add_person(by, facts, employer_id)


@transaction
def transfer_typed(
    by: Actor, mentorship_id: int, mentor: Typed, to: Transfer, *, reason: str
) -> int:
    """Hand an apprentice over to a mentor as typed; return the id of the pair that follows."""
    check_reason(reason)
    lock_checks()
    row = managed(by, mentorship_id)
    try:
        mentor_id = person_id_of(by, row.employer_id, mentor)
    except Refused as problem:
        raise Refused(problem.message, f"mentor_{problem.field}", **problem.params) from problem
    return transfer_part(by, row, replace(to, mentor_id=mentor_id), reason)
