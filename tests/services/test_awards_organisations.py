"""Prizes of employers: worked out from all events, given once, given again when results change."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.awards import AwardShare
from models.people import Employer
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.states import EventState
from services import awards_organisations, contests
from services.awards_organisations import PrizeTable
from tests.builders import Builder
from tests.results_story import Story


def edition(**prize: object) -> EditionRules:
    """One prize for the employer with the most contestants."""
    made = {"key": "org", "title": "优秀组织奖", "amount": 2000} | prize
    return EditionRules.model_validate({"organisation_prizes": [made]})


def held(build: Builder, rules: EditionRules, *employers: Employer) -> Story:
    """A signed event in which each of these employers had one contestant."""
    story = Story(build, edition=rules)
    for place, employer in enumerate(employers):
        story.entry(str(90 - place), "90", employer_id=employer.id)
    story.signed()
    return story


def table(story: Story) -> PrizeTable:
    return awards_organisations.read_table(contests.get_contest(story.contest.id))


def given(session: Session) -> list[tuple[int | None, object, object]]:
    query = select(AwardShare.employer_id, AwardShare.title, AwardShare.amount)
    query = query.where(AwardShare.contest_id.is_not(None)).order_by(AwardShare.employer_id)
    return [tuple(row) for row in session.execute(query)]


def test_the_employer_with_the_most_contestants_wins(build: Builder, session: Session) -> None:
    many, few = build.employer(), build.employer()
    story = held(build, edition(), many, many, few)
    (standing,) = table(story).standings
    assert [one.employer_id for one in standing.winners] == [many.id]
    awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})
    assert given(session) == [(many.id, "优秀组织奖", 2000)]
    assert table(story).standings[0].given == {many.id}
    kept = session.scalars(select(AwardShare.id).where(AwardShare.contest_id.is_not(None))).all()
    awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})
    again = session.scalars(select(AwardShare.id).where(AwardShare.contest_id.is_not(None))).all()
    assert kept == again


def test_prizes_wait_for_every_event(build: Builder) -> None:
    story = held(build, edition(), build.employer())
    build.event(story.contest, EventState.REVIEW)
    with pytest.raises(Refused, match="not signed yet"):
        awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})


def test_equal_employers_wait_for_a_decision(build: Builder, session: Session) -> None:
    one, other = build.employer(), build.employer()
    story = held(build, edition(ties="decide"), one, other)
    assert table(story).standings[0].equal == (one.id, other.id)
    by = story.actor("organizer")
    with pytest.raises(Refused, match="Employers are equal"):
        awards_organisations.give_prizes(by, story.contest.id, {})
    awards_organisations.give_prizes(by, story.contest.id, {"org": [other.id]})
    assert [row[0] for row in given(session)] == [other.id]
    assert not table(story).standings[0].is_changed


def test_equal_employers_may_share_the_prize(build: Builder, session: Session) -> None:
    story = held(build, edition(), build.employer(), build.employer())
    awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})
    assert len(given(session)) == 2


def test_an_edition_without_such_prizes_gives_none(build: Builder) -> None:
    story = held(build, EditionRules(), build.employer())
    with pytest.raises(Refused, match="no prizes"):
        awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})


def test_other_results_show_that_the_prize_went_to_others(build: Builder, session: Session) -> None:
    many, few = build.employer(), build.employer()
    story = held(build, edition(), many, many, few)
    awards_organisations.give_prizes(story.actor("organizer"), story.contest.id, {})
    session.query(AwardShare).where(AwardShare.contest_id.is_not(None)).update(
        {"employer_id": few.id}
    )
    session.commit()
    assert table(story).standings[0].is_changed
