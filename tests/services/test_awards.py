"""Awards and levels: lists, the export for the assessment body, what is to be paid."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.awards import AwardShare
from models.database import db
from models.entries import EntryCoach, EntryMember
from rules.allocation import AwardPlan, Tier
from rules.award_shares import ShareKind
from rules.plans import EditionRules, EventPlan, default_event_plan
from services import awards
from services.awards import Wanted
from tests.builders import Builder
from tests.results_story import Story


def _say(text: str) -> str:
    return text


def _level(level: int | None) -> str:
    return f"L{level}"


def test_awards_are_listed_by_event_division_and_tier(build: Builder) -> None:
    story = Story(build)
    story.field(["90", "80", "70"])
    student = story.field(["85"], division=1)[0]
    story.computed()
    contest = story.contest.id
    assert awards.list_awards(contest).total == 4
    assert awards.list_awards(contest, Wanted(division="学生组")).items[0].entry_id == student.id
    assert awards.list_awards(contest, Wanted(tier="Second prize")).total == 2
    assert awards.list_awards(contest, Wanted(event_id=story.event.id + 1)).total == 0
    assert awards.list_awards(contest, Wanted(q=student.title)).total == 1
    assert awards.list_awards(build.contest().id).total == 0


def test_totals_leave_superseded_revisions_out(build: Builder) -> None:
    story = Story(build)
    story.field(["90", "80"])
    story.computed()
    story.computed()
    totals = awards.tier_totals(story.contest.id)
    assert [(one.title, one.count, one.amount) for one in totals] == [
        ("First prize", 1, Decimal(10000)),
        ("Second prize", 1, Decimal(5000)),
    ]
    assert awards.level_totals(story.contest.id) == {3: 2}


def test_levels_are_listed_with_what_people_hold(build: Builder) -> None:
    story = Story(build)
    story.entry("80", "80", person=build.person(held_level=3))
    story.entry("70", "70", person=build.person(held_level=4))
    story.computed()
    page = awards.list_levels(story.contest.id, Wanted(level=3))
    assert [grant.person.held_level for grant in page.items] == [4]


def test_lists_take_the_same_statements_for_one_and_many(
    build: Builder, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        story.computed()
        contest_id = story.contest.id
        db.session.expire_all()
        with statements() as seen:
            for award in awards.list_awards(contest_id).items:
                assert award.entry.event.title and award.entry.division.title
            for grant in awards.list_levels(contest_id).items:
                assert grant.person.name
        counts.append(len(seen))
    assert counts[0] == counts[1] == 4


def test_payments_are_those_of_final_events_less_the_tax(build: Builder) -> None:
    story = Story(build)
    story.field(["90", "80"])
    story.posted()
    assert awards.list_payments(None).page.total == 0
    done = Story(build)
    done.field(["90", "80"])
    done.final()
    found = awards.list_payments(None)
    assert [(one.gross, one.tax, one.net) for one in found.page.items] == [
        (Decimal(10000), Decimal(2000), Decimal(8000)),
        (Decimal(5000), Decimal(1000), Decimal(4000)),
    ]
    assert (found.gross, found.tax, found.net) == (15000, 3000, 12000)
    assert awards.payable_contests(None) == [(done.contest.id, done.contest.title)]


@pytest.mark.parametrize(
    ("basis", "exempt", "prices"),
    [("net", False, (1250, 250, 1000)), ("gross", True, (1000, 0, 1000))],
)
def test_a_net_promise_and_an_exemption_change_the_price(
    build: Builder, basis: str, exempt: bool, prices: tuple[int, int, int]
) -> None:
    tier = Tier(key="first", name="一等奖", amount=Decimal(1000), places=1)
    plan = EventPlan(awards=AwardPlan(tiers=(tier,), amount_basis=basis))
    edition = EditionRules(tax_exempt=exempt, tax_basis="文件" if exempt else "")
    story = Story(build, plan=plan, edition=edition)
    story.field(["90"])
    story.final()
    (one,) = awards.list_payments(None).page.items
    assert (one.gross, one.tax, one.net) == prices


def test_payments_keep_to_the_contests_of_the_reader(build: Builder) -> None:
    story = Story(build)
    story.field(["90"])
    story.final()
    other = build.contest().id
    assert awards.list_payments(frozenset({other})).page.total == 0
    assert awards.payable_contests(frozenset({other})) == []
    assert awards.list_payments(frozenset({story.contest.id}), other).page.total == 0
    assert awards.list_payments(None, story.contest.id, page=99).page.number == 1


def test_a_prize_without_money_is_not_paid(build: Builder) -> None:
    tiers = tuple(
        t.model_copy(update={"amount": Decimal(0)}) for t in default_event_plan().awards.tiers
    )
    plan = default_event_plan().model_copy(update={"awards": AwardPlan(tiers=tiers)})
    story = Story(build, plan=plan)
    story.field(["90"])
    story.final()
    assert awards.list_payments(None).page.total == 0


def payees(contest_id: int) -> list[tuple[str, Decimal, Decimal]]:
    """Who is paid how much before tax, and the tax."""
    items = awards.list_payments(None, contest_id).page.items
    return [(one.name, one.gross, one.tax) for one in items]


def test_everybody_of_a_team_and_each_coach_is_paid_apart(build: Builder) -> None:
    tier = {"key": "first", "name": "一等奖", "amount": "1000", "places": 1}
    plan = {"awards": {"tiers": [tier | {"paid_to": "each", "coach_amount": "500"}]}}
    story = Story(build, plan=EventPlan.model_validate(default_event_plan().model_dump() | plan))
    entry = story.entry("90", "90")
    second, coach = build.person(), build.person()
    build._kept(
        EntryMember(entry_id=entry.id, event_id=entry.event_id, person_id=second.id, position=2)
    )
    build._kept(EntryCoach(entry_id=entry.id, person_id=coach.id, position=1))
    story.final()
    first = entry.members[0].person.name
    assert sorted(payees(story.contest.id)) == sorted(
        [(first, 1000, 200), (second.name, 1000, 200), (coach.name, 500, 100)]
    )


def test_a_prize_that_gives_way_to_a_higher_one_is_not_paid(build: Builder) -> None:
    story = Story(build)
    story.field(["90"])
    story.final()
    share = db.session.scalars(select(AwardShare)).one()
    share.amount, share.reason = Decimal(0), "higher elsewhere"
    db.session.commit()
    assert payees(story.contest.id) == []


def test_a_prize_of_an_employer_carries_no_tax_of_a_person(build: Builder) -> None:
    story = Story(build)
    employer = build.employer()
    db.session.add(
        AwardShare(
            contest_id=story.contest.id,
            kind=ShareKind.EMPLOYER,
            employer_id=employer.id,
            title="优秀组织奖",
            promised=Decimal(3000),
            amount=Decimal(3000),
        )
    )
    db.session.commit()
    assert payees(story.contest.id) == [(employer.title, 3000, 0)]
    found = awards.list_payments(frozenset({story.contest.id}))
    assert (found.gross, found.tax, found.net) == (3000, 0, 3000)
    assert awards.list_payments(frozenset({build.contest().id})).page.total == 0
