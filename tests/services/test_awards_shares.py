"""Shares and honours that are stored with each revision, and one prize a person."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.awards import Award, AwardHonour, AwardShare
from models.entries import Entry, EntryCoach, EntryMember
from models.results import Revision
from rules.award_shares import HIGHER_ELSEWHERE, ONLY_THE_REST, ShareKind
from rules.plans import EditionRules, EventPlan, default_event_plan
from rules.refusals import Refused
from rules.states import EventState, RevisionState
from services import results
from tests.builders import Builder
from tests.results_story import Story


def plan(awards: dict[str, Any] | None = None, **more: Any) -> EventPlan:
    """One prize of 1,000, unless something else is said."""
    tiers = [{"key": "first", "name": "一等奖", "amount": "1000", "places": 1}]
    usual = default_event_plan().model_dump()
    return EventPlan.model_validate(usual | {"awards": {"tiers": tiers} | (awards or {})} | more)


def one_tier(**changes: Any) -> dict[str, Any]:
    return {"tiers": [{"key": "first", "name": "一等奖", "amount": "1000", "places": 1} | changes]}


def add_people(build: Builder, entry: Entry, members: int = 0, coaches: int = 0) -> None:
    for place in range(members):
        person_id = build.person().id
        row = EntryMember(
            entry_id=entry.id, event_id=entry.event_id, person_id=person_id, position=place + 2
        )
        build._kept(row)
    for place in range(coaches):
        person_id = build.person().id
        build._kept(EntryCoach(entry_id=entry.id, person_id=person_id, position=place + 1))


def amounts(session: Session, revision: int, kind: ShareKind = ShareKind.MEMBER) -> list[Decimal]:
    query = select(AwardShare.amount).where(
        AwardShare.revision_id == revision, AwardShare.kind == kind
    )
    return list(session.scalars(query.order_by(AwardShare.position)))


def test_a_team_shares_its_prize_to_the_fen(build: Builder, session: Session) -> None:
    story = Story(build, plan=plan())
    add_people(build, story.entry("90", "90"), members=2)
    revision = story.computed()
    assert amounts(session, revision) == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    assert session.scalars(select(Award.amount)).one() == 1000


def test_coaches_get_their_own_sum(build: Builder, session: Session) -> None:
    story = Story(build, plan=plan(one_tier(coach_amount="500")))
    add_people(build, story.entry("90", "90"), coaches=2)
    revision = story.computed()
    assert amounts(session, revision, ShareKind.COACH) == [250, 250]
    assert amounts(session, revision) == [1000]


def test_shares_belong_to_what_is_signed(build: Builder, session: Session) -> None:
    story = Story(build, plan=plan())
    story.entry("90", "90")
    revision = story.computed()
    session.execute(update(AwardShare).values(promised=2000))
    with pytest.raises(Refused, match="digest"):
        results.sign(story.actor("supervisor"), revision)


def test_a_revision_from_before_awards_were_shared_stays_intact(
    build: Builder, session: Session
) -> None:
    story = Story(build, plan=plan())
    story.entry("90", "90")
    revision = session.get_one(Revision, story.computed())
    kept = results._stored_rows(revision)
    former = kept._replace(shares=[], honours=[])
    revision.digest = results.digest_of("d" * 64, former, revision.decisions)
    assert results.is_intact(revision)


def test_honours_name_the_person_the_body_and_what_was_met(
    build: Builder, session: Session
) -> None:
    honours = [
        {"title": "青年岗位能手", "granted_by": "团市委", "oldest": 35, "filed_with": "团市委"},
        {"title": "巾帼标兵", "granted_by": "妇联", "sex": "F", "filed_with": "妇联"},
        {"title": "技术能手", "granted_by": "人社局", "divisions": ["staff"]},
    ]
    edition = EditionRules(filed_with=("团市委",), age_on=date(2026, 1, 1))
    story = Story(
        build, plan=plan(one_tier(honours=["技能之星"]) | {"honours": honours}), edition=edition
    )
    young = build.person(birth_date=date(1995, 5, 1))
    story.entry("90", "90", person=young)
    older = build.person(birth_date=date(1990, 1, 1))
    story.entry("80", "80", division=1, person=older)
    story.computed()
    found = session.execute(
        select(AwardHonour.person_id, AwardHonour.title, AwardHonour.granted_by, AwardHonour.reason)
    )
    by_person: dict[int, list[tuple[str, str, str]]] = {}
    for person_id, *rest in found:
        by_person.setdefault(person_id, []).append(tuple(rest))
    assert by_person.pop(young.id) == [
        ("技能之星", "", ""),
        ("青年岗位能手", "团市委", "age=30;filed=团市委"),
        ("技术能手", "人社局", "division=staff"),
    ]
    assert list(by_person.values()) == [[("技能之星", "", "")]]


def test_students_may_get_papers_alone(build: Builder, session: Session) -> None:
    students = {"tiers": [{"key": "paper", "name": "学生一等奖", "places": 1}]}
    divisions = [{"division": "student", "awards": students}]
    story = Story(build, plan=plan(divisions=divisions))
    story.entry("90", "90")
    story.entry("95", "95", division=1)
    revision = story.signed()
    found = session.execute(select(Award.tier_title, Award.amount).order_by(Award.tier_title))
    assert [tuple(row) for row in found] == [("一等奖", 1000), ("学生一等奖", 0)]
    assert amounts(session, revision) == [1000]


def second_event(build: Builder, story: Story, amount: str) -> Story:
    """Another event of the same edition, whose first prize is so much."""
    other = Story(build, plan=plan(one_tier(amount=amount) | {"highest_only": True}))
    other.event.contest_id = story.contest.id
    other.event.position = 2
    other.contest = story.contest
    build._kept(other.event)
    return other


def share_of(session: Session, revision: int) -> tuple[Decimal, Decimal, str]:
    query = select(AwardShare.promised, AwardShare.amount, AwardShare.reason)
    return tuple(session.execute(query.where(AwardShare.revision_id == revision)).one())


@pytest.mark.parametrize("first_computed", [0, 1])
def test_one_person_is_paid_the_highest_prize_of_the_edition(
    build: Builder, session: Session, first_computed: int
) -> None:
    """就高不重复, whichever event is computed first; the award papers stay (R4.07)."""
    low = Story(build, plan=plan(one_tier() | {"highest_only": True}))
    high = second_event(build, low, "3000")
    person = build.person()
    stories = [low, high]
    for story in stories:
        story.entry("90", "90", person=person)
    found = {}
    for story in (stories[first_computed], stories[1 - first_computed]):
        found[story.event.id] = story.computed()
    assert share_of(session, found[low.event.id]) == (1000, 0, HIGHER_ELSEWHERE)
    assert share_of(session, found[high.event.id]) == (3000, 3000, "")
    assert list(session.scalars(select(Award.amount).order_by(Award.amount))) == [1000, 3000]
    assert results.is_intact(session.get_one(Revision, found[low.event.id]))


def test_a_higher_prize_that_goes_gives_the_lower_one_back(
    build: Builder, session: Session
) -> None:
    low = Story(build, plan=plan(one_tier() | {"highest_only": True}))
    high = second_event(build, low, "3000")
    person = build.person()
    low.entry("90", "90", person=person)
    high.entry("80", "80", person=person)
    kept, lost = low.computed(), high.computed()
    assert share_of(session, kept)[1] == 0
    high.entry("95", "95")
    high.computed()
    assert session.get_one(Revision, lost).state is RevisionState.SUPERSEDED
    assert share_of(session, kept) == (1000, 1000, "")


def test_after_a_final_lower_prize_only_the_rest_is_paid(build: Builder, session: Session) -> None:
    low = Story(build, plan=plan(one_tier() | {"highest_only": True}))
    high = second_event(build, low, "3000")
    person = build.person()
    low.entry("90", "90", person=person)
    high.entry("90", "90", person=person)
    kept = low.computed()
    low.event.state = EventState.FINAL
    session.commit()
    later = high.computed()
    assert share_of(session, kept) == (1000, 1000, "")
    assert share_of(session, later) == (3000, 2000, ONLY_THE_REST)
