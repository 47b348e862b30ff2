"""What waits in workshops, mentorships and stipends on the desks of those who handle it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal

import pytest

from models.database import db
from models.stipends import StipendRun
from rules.access import Grant, Holder, Role
from rules.mentorships import MentorshipLimits, MentorshipState, Outcome, Party
from rules.workshops import Grade, Spending
from services import (
    desks,
    mentorships_acceptance,
    mentorships_amendments,
    mentorships_lists,
    mentorships_rules,
    mentorships_terms,
    stipends,
    stipends_evidence,
    workshops_applications,
    workshops_reports,
)
from services.acting import ZONE, Actor
from services.desks_tasks import Task, Waiting
from services.mentorships_acceptance import Check
from services.mentorships_amendments import Change
from services.workshops_reports import ReportFacts
from tests.builders import Builder
from tests.mentorship_story import END, PLAN, Story, at
from tests.stipend_story import JUNE, TODAY, StipendStory
from tests.workshop_story import WorkshopStory
from tests.workshop_story import at as on

DAY = date(2024, 3, 1)
REPORT = ReportFacts(
    {"apprentices": 12, "trained": 9, "highly_skilled": 4},
    {"activities": "技艺交流三次"},
    Grade.PASSED,
    {Spending.TRAINING: Decimal("8000.50")},
)
Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(build: Builder) -> Story:
    """Mentor, apprentice, employer and bureau."""
    return Story(build)


def cards(holder: Holder, now: datetime) -> dict[Task, Waiting]:
    """All cards of a holder, by task."""
    found = desks.desk_of(holder, now.astimezone(ZONE).date(), now)
    return {card.task: card for role in found.by_role.values() for card in role}


def of(story: Story, party: Party, now: datetime) -> dict[Task, Waiting]:
    """The desk of a party."""
    return cards(story.accounts[party].holder(), now)


def test_an_agreement_waits_for_each_party_until_it_signs(story: Story) -> None:
    key = story.signing()
    now = at(2026, 8, 22)
    assert of(story, Party.EMPLOYER, now)[Task.SIGN_PAIRS].key == key
    for party in (Party.MENTOR, Party.APPRENTICE):
        assert of(story, party, now)[Task.SIGN_OWN_PAIRS] == Waiting(
            Task.SIGN_OWN_PAIRS, 1, key=key
        )
    story.sign(key, Party.MENTOR)
    assert Task.SIGN_OWN_PAIRS not in of(story, Party.MENTOR, now)
    assert Task.SIGN_OWN_PAIRS in of(story, Party.APPRENTICE, now)


def test_months_and_milestones_wait_for_the_side_that_has_not_confirmed(story: Story) -> None:
    key = story.running()
    now = at(2026, 10, 26)
    assert of(story, Party.MENTOR, now)[Task.CONFIRM_MONTHS].count == 2
    assert Task.CONFIRM_MILESTONES not in of(story, Party.MENTOR, now)
    mentorships_terms.confirm_month(story.by(Party.MENTOR, now), key, date(2026, 9, 1))
    first, _second = mentorships_lists.list_milestones(key)
    mentorships_terms.confirm_milestone(story.by(Party.MENTOR, now), first.id)
    assert of(story, Party.MENTOR, now)[Task.CONFIRM_MONTHS].count == 1
    mine = of(story, Party.APPRENTICE, now)
    assert (mine[Task.CONFIRM_MONTHS].count, mine[Task.CONFIRM_MILESTONES].key) == (2, key)
    due = of(story, Party.MENTOR, at(2027, 7, 1))
    assert due[Task.CONFIRM_MILESTONES].count == 1


def test_a_term_that_is_over_waits_for_its_check_and_then_for_all_three(story: Story) -> None:
    key = story.running()
    now = at(2027, 9, 2)
    assert Task.RECORD_ACCEPTANCES not in of(story, Party.EMPLOYER, at(2027, 8, 31))
    assert of(story, Party.EMPLOYER, now)[Task.RECORD_ACCEPTANCES].key == key
    check = Check(date(2027, 9, 1), Outcome.PASSED, Decimal(80))
    mentorships_acceptance.record_acceptance(story.by(now=now), key, check)
    waiting = of(story, Party.EMPLOYER, now)
    assert waiting[Task.CONFIRM_ACCEPTANCES].key == key
    assert Task.RECORD_ACCEPTANCES not in waiting
    mentorships_acceptance.confirm_acceptance(story.by(Party.MENTOR, now), key, Party.MENTOR)
    assert Task.CONFIRM_OWN_ACCEPTANCES not in of(story, Party.MENTOR, now)
    assert Task.CONFIRM_OWN_ACCEPTANCES in of(story, Party.APPRENTICE, now)


def test_an_amendment_waits_for_each_party(story: Story) -> None:
    key = story.running()
    now = at(2026, 10, 8)
    change = Change("模具装配与调试", "取得技师证书", PLAN, "每季度考核一次", "每周一天", END)
    mentorships_amendments.propose_amendment(story.by(now=now), key, change, reason="目标提高")
    for party, task in (
        (Party.EMPLOYER, Task.SIGN_AMENDMENTS),
        (Party.MENTOR, Task.SIGN_OWN_AMENDMENTS),
    ):
        assert of(story, party, now)[task].key == key


def test_limits_wait_for_a_second_person_of_the_bureau(story: Story) -> None:
    now = at(2026, 8, 21)
    limits = MentorshipLimits()
    mentorships_rules.propose_rules(story.by(story.bureau), date(2027, 1, 1), limits, "甬人社1号")
    assert Task.APPROVE_LIMITS not in cards(story.bureau.holder(), now)
    assert cards(story.bureau2.holder(), now)[Task.APPROVE_LIMITS].count == 1
    limited = Holder(story.bureau2.id, (Grant(Role.BUREAU_STAFF, 1),))
    assert Task.APPROVE_LIMITS not in cards(limited, now)


def test_a_run_of_stipends_waits_for_the_next_hand(build: Builder) -> None:
    story = StipendStory(build)
    story.pair()
    run = story.prepared(JUNE)

    def seen(by: Actor, role: Role) -> set[Task]:
        holder = Holder(by.account_id or 0, (Grant(role),))
        return {task for task in cards(holder, TODAY) if "stipends" in task}

    first, second = story.who("bureau_staff"), story.who("bureau_staff", "second")
    row = db.session.get(StipendRun, run)
    assert row is not None
    preparer = first if row.prepared_by_id == first.account_id else second
    other = second if preparer is first else first
    assert seen(preparer, Role.BUREAU_STAFF) == set()
    assert seen(other, Role.BUREAU_STAFF) == {Task.CHECK_STIPENDS}
    stipends.check(other, run)
    approver = story.who("approver")
    assert seen(approver, Role.APPROVER) == {Task.APPROVE_STIPENDS}
    stipends.approve(approver, run)
    assert seen(story.who("payer"), Role.PAYER) == {Task.ORDER_STIPENDS}
    assert seen(approver, Role.APPROVER) == set()


def test_a_pair_broken_off_waits_until_two_have_agreed(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair()
    first, second = story.who("bureau_staff"), story.who("bureau_staff", "second")

    def waits(by: Actor) -> bool:
        holder = Holder(by.account_id or 0, (Grant(Role.BUREAU_STAFF),))
        return Task.DECIDE_CASES in cards(holder, TODAY)

    assert not waits(first)
    story.end(pair, MentorshipState.BROKEN_OFF, date(2025, 9, 30))
    assert waits(first) and waits(second)
    case = stipends_evidence.decide_case(first, pair.id, kept=Decimal("0.5"), reason="徒弟离职")
    assert not waits(first) and waits(second)
    stipends_evidence.agree_case(second, case)
    assert not waits(second)


def test_an_application_waits_by_its_step(build: Builder) -> None:
    story = WorkshopStory(build)
    key = story.applied(DAY)
    bureau = Holder(story.first(DAY).account_id or 0, (Grant(Role.BUREAU_STAFF),))
    host = story.clerk.holder()
    assert cards(bureau, on(DAY))[Task.CHECK_APPLICATION].key == key
    workshops_applications.return_application(story.first(DAY), key, reason="请补充获奖材料")
    assert Task.CHECK_APPLICATION not in cards(bureau, on(DAY))
    assert cards(host, on(DAY))[Task.MEND_APPLICATION].key == key


def test_reports_due_wait_for_the_host_and_then_for_the_bureau(build: Builder) -> None:
    story = WorkshopStory(build)
    workshop = story.founded(DAY)
    host = story.clerk.holder()
    bureau = Holder(story.first(DAY).account_id or 0, (Grant(Role.BUREAU_STAFF),))
    day = date(2025, 1, 10)
    due = cards(host, on(day))[Task.REPORT_WORKSHOP]
    assert (due.count, due.until) == (1, date(2025, 1, 31))
    assert Task.WORKSHOPS_OVERDUE not in cards(bureau, on(day))
    late = cards(bureau, on(date(2025, 2, 3)))[Task.WORKSHOPS_OVERDUE]
    assert late.until == date(2025, 1, 31)
    elsewhere = build.account("employer", employer_id=build.employer().id)
    assert Task.REPORT_WORKSHOP not in cards(elsewhere.holder(), on(day))
    report = workshops_reports.write_report(story.own(day), workshop.id, 2024, REPORT)
    workshops_reports.submit_report(story.own(day), report)
    assert Task.REPORT_WORKSHOP not in cards(host, on(day))
    assert cards(bureau, on(day))[Task.CHECK_REPORT].key == report


def test_statements_do_not_grow_with_rows(story: Story, statements: Statements) -> None:
    roles = tuple(Grant(role) for role in (Role.BUREAU_STAFF, Role.EMPLOYER, Role.CONTESTANT))
    holder = Holder(story.bureau.id, roles, story.employer.id, story.mentor.id)

    def sent() -> int:
        db.session.expire_all()
        with statements() as seen:
            cards(holder, at(2026, 10, 26))
        return len(seen)

    story.running()
    few = sent()
    for _ in range(2):
        key = story.signing(apprentice_id=story.another(held_level=4).id)
        story.row(key).state = MentorshipState.RUNNING
        db.session.commit()
    assert cards(holder, at(2026, 10, 26))[Task.CONFIRM_MONTHS].count == 6
    assert sent() == few
