"""Both sides, and the same side twice, at one moment: each counts once, and nothing is lost."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.database import db
from models.mentorships import Mentorship, MentorshipMonth, MentorshipSignature
from rules.data import InvalidRules
from rules.mentorships import MentorshipState, Party
from rules.refusals import Refused
from services import mentorships, mentorships_terms
from services.acting import Actor
from tests.builders import Builder
from tests.mentorship_story import NOW, Story, at
from tests.services.test_races import CROWD, all_at_once

SEPTEMBER = date(2026, 9, 1)
SIDES = (Party.MENTOR, Party.APPRENTICE)


@pytest.fixture(scope="module")
def build() -> Builder:
    """One builder for the whole file: its names are unique in one database."""
    return Builder()


def ids_of(story: Story) -> dict[Party, int]:
    return {party: account.id for party, account in story.accounts.items()}


def test_a_month_is_confirmed_once_by_each_side(committing: Flask, build: Builder) -> None:
    with committing.app_context():
        story = Story(build)
        key = story.running()
        accounts = ids_of(story)
        db.session.remove()

    def confirm(number: int) -> int:
        by = Actor(accounts[SIDES[number % 2]], at(2026, 9, 28))
        return mentorships_terms.confirm_month(by, key, SEPTEMBER)

    outcomes = all_at_once(committing, confirm)
    assert sum(isinstance(one, Refused) for one in outcomes) == CROWD - 2, outcomes
    with committing.app_context():
        (row,) = db.session.scalars(
            select(MentorshipMonth).where(MentorshipMonth.mentorship_id == key)
        )
        assert row.mentor_confirmed_at and row.apprentice_confirmed_at


def test_three_signatures_at_one_moment_start_the_pair_once(
    committing: Flask, build: Builder
) -> None:
    with committing.app_context():
        story = Story(build)
        key = story.signing()
        accounts = ids_of(story)
        row = story.row(key)
        digest = row.digest
        names = {party: mentorships.name_of(row, party) for party in Party}
        db.session.remove()
    parties = list(Party)

    def sign(number: int) -> int:
        party = parties[number % 3]
        by = Actor(accounts[party], NOW)
        return mentorships.sign(by, key, party, names[party], digest)

    outcomes = all_at_once(committing, sign)
    assert sum(isinstance(one, Refused) for one in outcomes) == CROWD - 3, outcomes
    with committing.app_context():
        state = db.session.scalar(select(Mentorship.state).where(Mentorship.id == key))
        count = select(func.count()).where(MentorshipSignature.mentorship_id == key)
        assert (state, db.session.scalar(count)) == (MentorshipState.RUNNING, 3)


def test_a_circle_cannot_close_at_one_moment(committing: Flask, build: Builder) -> None:
    """As many pairs as people stand in a ring; the last of them is refused, whichever it is."""
    with committing.app_context():
        story = Story(build)
        ring = [story.another().id for _ in range(CROWD)]
        pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
        keys = [story.created(mentor_id=a, apprentice_id=b) for a, b in pairs]
        account = ids_of(story)[Party.EMPLOYER]
        db.session.remove()

    def submit(number: int) -> int:
        return mentorships.submit(Actor(account, NOW), keys[number])

    outcomes = all_at_once(committing, submit)
    refused = [one for one in outcomes if isinstance(one, InvalidRules)]
    assert len(refused) == 1, outcomes
    assert "circle" in str(refused[0].problems[0])
