"""A timeline gathers what the registers know, as far as the reader may see it."""

from dataclasses import dataclass
from datetime import date

import pytest

from models.database import db
from models.entries import Entry
from models.levels import PersonLevel
from models.people import Person
from rules.mentorships import MentorshipState
from rules.refusals import Missing
from rules.states import PayoutLineState
from rules.timelines import Point, Theme
from rules.workshops import MasterRole
from services import timelines
from services.timelines import Sight
from tests.builders import NOW, Builder
from tests.payout_story import PayoutStory, lines_of
from tests.results_story import AFTER
from tests.workshop_rows import add_pair, add_workshop

TODAY = date(2026, 11, 29)


def points(person: Person, sight: Sight | None = None) -> dict[Theme, list[Point]]:
    found: dict[Theme, list[Point]] = {}
    for one in timelines.timeline_of(person.id, sight or Sight(), TODAY).line:
        found.setdefault(one.point.theme, []).append(one.point)
    return found


@dataclass
class Won:
    """A final event whose certificates are issued, and who won it."""

    story: PayoutStory
    entry: Entry
    person: Person


@pytest.fixture
def won(build: Builder) -> Won:
    """Somebody who won."""
    story = PayoutStory(build)
    entry = story.field(["95", "85", "75"])[0]
    story.issued()
    return Won(story, entry, entry.members[0].person)


def test_a_winner_has_contest_honours_and_certificate(won: Won) -> None:
    found = points(won.person)
    (entered,) = found[Theme.CONTEST]
    assert (entered.rank, entered.key, entered.note) == (1, won.entry.id, "First prize")
    assert {one.title for one in found[Theme.HONOUR]} >= {"First prize"}
    (paper,) = found[Theme.CERTIFICATE]
    assert paper.note == paper.key and paper.state is None
    assert Theme.PAYMENT not in found


def test_a_place_is_shown_only_once_the_event_is_final(build: Builder) -> None:
    story = PayoutStory(build)
    entry = story.field(["95", "85", "75"])[0]
    story.signed()
    found = points(entry.members[0].person)
    assert found[Theme.CONTEST][0].rank is None and found[Theme.CONTEST][0].note == ""


def test_a_reader_of_other_contests_sees_nothing_of_this_one(won: Won) -> None:
    contest = won.story.contest.id
    assert points(won.person, Sight(contests=frozenset({contest + 99}))) == {}
    assert Theme.HONOUR in points(won.person, Sight(contests=frozenset({contest})))


def test_payments_are_for_those_who_may_see_them(won: Won) -> None:
    won.story.bank(won.entry)
    (line,) = lines_of(won.story.approved())
    assert Theme.PAYMENT not in points(won.person)  # ordered is not paid
    line.state, line.paid_at = PayoutLineState.PAID, AFTER
    db.session.commit()
    (paid,) = points(won.person)[Theme.PAYMENT]
    assert (paid.amount, paid.key) == (line.net, line.order_id)
    assert Theme.PAYMENT not in points(won.person, Sight(payments=frozenset()))
    other = frozenset({won.story.contest.id + 99})
    assert Theme.PAYMENT not in points(won.person, Sight(payments=other))
    assert Theme.PAYMENT in points(won.person, Sight(payments=frozenset({won.story.contest.id})))


def test_levels_come_with_their_day(build: Builder) -> None:
    person = build.person()
    db.session.add_all(
        [
            PersonLevel(person_id=person.id, occupation="钳工", level=3, recorded_at=NOW),
            PersonLevel(
                person_id=person.id, occupation="钳工", level=4, certificate_number="Z1",
                granted_on=date(2020, 6, 1), recorded_at=NOW,
            ),
        ]
    )  # fmt: skip
    db.session.commit()
    assert [(one.level, one.on) for one in points(person)[Theme.LEVEL]] == [
        (4, date(2020, 6, 1)),
        (3, date(2026, 9, 1)),
    ]


def test_workshops_mentors_and_apprentices(build: Builder) -> None:
    person, mentor, learner = build.person(), build.person(name="师父"), build.person(name="徒弟")
    shop = add_workshop(build, person)
    add_pair(
        build, mentor, person, starts_on=date(2018, 1, 1), ends_on=date(2019, 12, 31),
        state=MentorshipState.ACCEPTED,
    )  # fmt: skip
    add_pair(build, person, learner)
    add_pair(build, person, state=MentorshipState.DRAFT)
    found = points(person)
    (led,) = found[Theme.WORKSHOP]
    assert (led.title, led.kind, led.lasting) == (shop.title, MasterRole.LEADER, True)
    (learned,) = found[Theme.MENTOR]
    assert (learned.title, learned.until) == ("师父", date(2019, 12, 31))
    (taught,) = found[Theme.APPRENTICE]
    assert (taught.title, taught.lasting, taught.other) == ("徒弟", True, learner.id)
    assert {one.title for one in points(learner)[Theme.MENTOR]} == {person.name}


def test_nobody_has_no_timeline(build: Builder) -> None:
    with pytest.raises(Missing):
        timelines.timeline_of(999_999, Sight(), TODAY)
