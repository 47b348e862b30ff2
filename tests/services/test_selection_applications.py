"""An application from its first word on, by each of the four channels."""

from datetime import date, timedelta

import pytest

from models.accounts import Account
from models.selection_applications import SelectionApplication
from rules.access import Role
from rules.people import read_resident
from rules.refusals import Missing, Refused
from rules.selections import ApplicationState, Channel
from services import selection_applications as applications
from services import selection_applications_submitting as submitting
from services.acting import Actor
from services.selection_applications import Beginning
from services.selection_applications_submitting import Incomplete
from tests.builders import Builder
from tests.selection_story import START, SelectionStory, at, plain_rules


def candidate(build: Builder, **more: object) -> Account:
    person = build.person(**more)
    return build.account(Role.CONTESTANT, person_id=person.id)


def on(account: Account, days: int = 3) -> Actor:
    return Actor(account.id, at(START + timedelta(days=days)))


def row(application_id: int) -> SelectionApplication:
    return applications.get_application(application_id)


def test_one_person_applies_once_by_one_channel_and_a_double_waits(build: Builder) -> None:
    story = SelectionStory(build)
    round_id = story.published()
    employer = build.employer(district="浒山")
    unit = build.account(Role.EMPLOYER, employer_id=employer.id)
    own = candidate(build, employer_id=employer.id)
    first = applications.start(on(own), round_id, Beginning(Channel.PERSON))
    assert (row(first).double, row(first).district) == (False, "浒山")
    with pytest.raises(Refused, match="already"):
        applications.start(on(own), round_id, Beginning(Channel.PERSON))
    by_unit = Beginning(Channel.EMPLOYER, own.person_id)
    second = applications.start(on(unit), round_id, by_unit)
    assert row(second).double is True
    assert row(second).state is ApplicationState.DRAFT


def test_an_employer_applies_for_its_own_people_alone(build: Builder) -> None:
    story = SelectionStory(build)
    round_id = story.published()
    unit = build.account(Role.EMPLOYER, employer_id=build.employer().id)
    stranger = build.person(employer_id=build.employer().id)
    with pytest.raises(Missing):
        applications.start(on(unit), round_id, Beginning(Channel.EMPLOYER, stranger.id))
    with pytest.raises(Missing):
        applications.start(on(candidate(build)), round_id, Beginning(Channel.EXPERT))


def test_an_association_and_experts_name_whom_they_mean(build: Builder) -> None:
    story = SelectionStory(build)
    round_id = story.published()
    for channel, role in (
        (Channel.ASSOCIATION, Role.SELECTION_CLERK),
        (Channel.EXPERT, Role.REVIEWER),
    ):
        account = build.account(role)
        typed, _ = read_resident("王师傅", build.id_number(), None, date(2026, 9, 1))
        found = applications.start(
            on(account), round_id, Beginning(channel, typed=typed, nominators=("慈溪市焊接协会",))
        )
        assert (row(found).person.name, row(found).nominators) == ("王师傅", ["慈溪市焊接协会"])
        with pytest.raises(Refused, match="candidate"):
            applications.start(on(account), round_id, Beginning(channel))


def test_a_round_takes_applications_from_its_opening_to_its_deadline(build: Builder) -> None:
    story = SelectionStory(build)
    round_id = story.published(plain_rules(channels=(Channel.PERSON, Channel.EMPLOYER)))
    own = candidate(build)
    for days, text in ((-1, "no applications now"), (31, "deadline")):
        with pytest.raises(Refused, match=text):
            applications.start(on(own, days), round_id, Beginning(Channel.PERSON))
    expert = build.account(Role.REVIEWER)
    with pytest.raises(Refused, match="channel"):
        applications.start(on(expert), round_id, Beginning(Channel.EXPERT))
    with pytest.raises(Refused, match="tier"):
        applications.start(on(own), round_id, Beginning(Channel.PERSON, tier="bronze"))


def test_of_two_applications_one_counts_when_the_other_is_withdrawn(build: Builder) -> None:
    """A candidate withdraws; what the unit has written is no longer a double (R5.02)."""
    story = SelectionStory(build)
    round_id = story.published()
    own = story.candidate()
    first = story.applied(own)
    unit = build.account(Role.EMPLOYER, employer_id=own.person.employer_id)
    second = applications.start(on(unit), round_id, Beginning(Channel.EMPLOYER, own.person_id))
    assert (row(first).state, row(second).double) == (ApplicationState.QUALIFIED, True)
    submitting.withdraw(on(own), first)
    assert (row(first).state, row(second).double) == (ApplicationState.WITHDRAWN, False)


def test_what_is_missing_is_told_with_its_clause(build: Builder) -> None:
    story = SelectionStory(build)
    story.published()
    own = story.candidate()
    key = story.drafted_application(own, trade_since="2020-03-01")
    with pytest.raises(Incomplete) as refusal:
        submitting.submit(on(own), key)
    (problem,) = refusal.value.problems
    assert str(problem).startswith("二（一） 从事本职业10年以上: Needs 10 years in the trade;")
