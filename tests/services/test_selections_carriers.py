"""The list of a selection goes through notice, objections, money and certificates of contests."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from models.honours import Honour
from rules.editions import ContestKind
from rules.honours import HonourKind, HonourVia
from rules.objections import Remedy
from rules.refusals import Refused
from rules.selections import UnitKind
from rules.states import EventState, HonourState, RevisionState
from services import (
    awards,
    contests,
    desks_counts,
    entries_lists,
    honours,
    notices,
    notices_lists,
    objections_outcomes,
    results,
    selections_carriers,
)
from services.objections_outcomes import Order
from services.payouts_dues import read_dues
from tests.builders import Builder
from tests.payout_story import lines_of
from tests.selection_lists import AFTER, ListStory


@pytest.fixture
def story(build: Builder) -> ListStory:
    return ListStory(build)


def test_a_proposal_becomes_a_signed_list_and_the_edition_is_no_contest(story: ListStory) -> None:
    gold, craftsman, left = (story.applied(name) for name in ("王金匠", "李工匠", "赵落选"))
    revision = story.proposed((gold, "gold"), (craftsman, "craftsman"), (left, ""))
    contest = story.contest
    assert (contest.kind, contest.title, contest.year) == (
        ContestKind.SELECTION, story.round.title, 2026,
    )  # fmt: skip
    assert (revision.number, revision.state) == (1, RevisionState.SIGNED)
    assert results.is_intact(revision)
    listed = notices_lists.revision_lists([revision.id], notices.Ordering.AWARD)
    assert [(one.event, one.division) for one in listed] == [("上林名匠", "2026年度")]
    assert [(one.name, one.award, one.honours) for one in listed[0].winners] == [
        ("王金匠", "上林金匠", ()),
        ("李工匠", "上林工匠", ()),
    ]
    own = entries_lists.list_for_person(gold.person_id)
    assert contests.list_contests().items == contests.public_contests() == list(own) == []
    assert selections_carriers.round_of(contest.id) == story.round.id


def test_who_is_chosen_bears_a_title_and_is_paid(story: ListStory) -> None:
    gold = story.applied("王金匠")
    craftsman = story.applied("李工匠", UnitKind.SCHOOL)
    story.proposed((gold, "gold"), (craftsman, "craftsman"))
    story.final()
    rows = db.session.scalars(select(Honour).order_by(Honour.id)).all()
    assert [(one.title, one.kind, one.via, one.of_company) for one in rows] == [
        ("上林金匠", HonourKind.TITLE, HonourVia.SELECTION, True),
        ("上林工匠", HonourKind.TITLE, HonourVia.SELECTION, False),
    ]
    assert {one.granted_by for one in rows} == {"慈溪市人力资源和社会保障局"}
    assert notices.list_public_contests() == [story.contest]
    lines = lines_of(story.approved_order())
    assert [(one.gross, one.tax, one.net) for one in lines] == [
        (Decimal(20000), Decimal(4000), Decimal(16000)),
        (Decimal(5000), Decimal(1000), Decimal(4000)),
    ]
    assert {one.claim.contest_id for one in lines} == {story.contest.id}
    honours.revoke(story.staff(AFTER), rows[0].id, reason="申报材料造假")
    db.session.expire_all()
    assert [line.state.value for line in lines_of(lines[0].order_id)] == ["stopped", "ordered"]


def test_an_upheld_objection_leads_to_a_second_list(story: ListStory) -> None:
    gold, silver = story.applied("王金匠"), story.applied("李银匠")
    first = story.proposed((gold, "gold"), (silver, "silver"))
    notice = story.noticed()
    key, by = story.upheld(notice, gold.person)
    objections_outcomes.carry_out(by, key, Order("专利不属于本人", Remedy.DISQUALIFIED))
    db.session.expire_all()
    event = story.contest.events[0]
    assert (event.state, first.state) == (EventState.REVIEW, RevisionState.SUPERSEDED)
    assert selections_carriers.kept_out(story.round.id) == {gold.person_id}
    with pytest.raises(Refused, match="upheld objection"):
        story.proposed((gold, "gold"), (silver, "silver"))
    second = story.proposed((silver, "gold"), reason="异议成立，递补")
    assert (second.number, story.contest.events[0].state) == (2, EventState.SIGNED)
    assert objections_outcomes.list_effects(key)[0].revision_id == second.id
    again = notices.get_notice(story.noticed())
    assert [one.base_revision_id for one in again.items] == [first.id]
    with pytest.raises(Refused, match="stands in a notice"):
        story.proposed((silver, "silver"))
    notices.close(story.staff(AFTER), again.id)
    rows = db.session.scalars(select(Honour).where(Honour.state == HonourState.STANDING)).all()
    assert [(one.person_id, one.title) for one in rows] == [(silver.person_id, "上林金匠")]
    assert [one.rest.gross for one in read_dues(story.contest.id)] == [Decimal(20000)]
    assert [one.name for one in awards.list_payments(None).page.items] == ["李银匠"]


def test_a_list_without_anybody_is_refused(story: ListStory) -> None:
    with pytest.raises(Refused, match="Nobody is proposed"):
        story.proposed((story.applied(), ""))
    assert db.session.scalar(select(Contest)) is None


def test_the_desk_of_staff_knows_lists_that_wait_for_their_notice(story: ListStory) -> None:
    story.proposed((story.applied(), "gold"))
    lines = [one.kind for one in desks_counts._lines()]
    assert lines == [ContestKind.SELECTION]
