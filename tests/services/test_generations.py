"""Mentors and apprentices over generations, read from the register."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from models.people import Person
from rules.mentorships import MentorshipState as State
from services import generations
from tests.builders import Builder
from tests.workshop_rows import add_pair

Statements = Callable[[], AbstractContextManager[list[str]]]


def test_generations_before_and_after_with_names(build: Builder) -> None:
    grand, mentor, own, learner, next_one = [build.person(name=f"人{n}") for n in range(5)]
    for one, other in ((grand, mentor), (mentor, own), (own, learner), (learner, next_one)):
        add_pair(build, one, other)
    family = generations.family_of(own.id)
    assert family.mentors.branches[0].person_id == mentor.id
    assert family.mentors.branches[0].branches[0].person_id == grand.id
    assert family.apprentices.branches[0].branches[0].person_id == next_one.id
    assert set(family.names.values()) == {f"人{n}" for n in range(5)}
    assert family.drawing.columns == (-2, 2)
    assert not family.is_alone and not family.cut and family.taught == 2


def test_somebody_alone(build: Builder) -> None:
    assert generations.family_of(build.person().id).is_alone


@pytest.mark.parametrize("state", [State.DRAFT, State.SIGNING, State.CANCELLED])
def test_what_never_ran_is_no_generation(build: Builder, state: State) -> None:
    own = build.person()
    add_pair(build, own, state=state)
    assert generations.family_of(own.id).is_alone


def test_a_pair_has_its_years_and_its_outcome(build: Builder) -> None:
    own = build.person()
    add_pair(build, own, state=State.BROKEN_OFF, ended_on=date(2026, 6, 1))
    add_pair(build, own, state=State.PAUSED)
    bonds = [one.bond for one in generations.family_of(own.id).apprentices.branches]
    found = {(one.outcome, one.until) for one in bonds if one is not None}
    assert found == {(State.BROKEN_OFF, date(2026, 6, 1)), (State.PAUSED, None)}


def test_a_circle_in_the_register_ends(build: Builder) -> None:
    one, other = build.person(), build.person()
    add_pair(build, one, other)
    add_pair(build, other, one)
    family = generations.family_of(one.id)
    assert family.apprentices.branches[0].branches[0].again
    assert family.taught == 1


def test_a_large_generation_is_cut(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "MOST", 2)
    own = build.person()
    for _ in range(3):
        add_pair(build, own)
    family = generations.family_of(own.id)
    assert family.cut and len(family.apprentices.branches) == 2


def test_statements_do_not_grow(build: Builder, statements: Statements) -> None:
    own = build.person()
    add_pair(build, add_learner(build, own))
    key = own.id
    with statements() as few:
        generations.family_of(key)
    for _ in range(3):
        add_pair(build, add_learner(build, own))
    key = own.id
    with statements() as many:
        generations.family_of(key)
    assert len(few) == len(many) <= generations.BEFORE + generations.AFTER + 1


def add_learner(build: Builder, mentor: Person) -> Person:
    learner = build.person()
    add_pair(build, mentor, learner)
    return learner
