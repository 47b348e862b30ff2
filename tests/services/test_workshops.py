"""Workshops: what is refused, who must be a second person, changes of leader, grades, money."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.database import db
from models.messages import Message
from models.workshops import WorkshopGrant
from rules.refusals import Missing, Refused
from rules.workshop_conditions import Apprentice
from rules.workshop_policies import shipped_policy
from rules.workshops import (
    ApplicationState,
    ChangeKind,
    ClosedFor,
    Grade,
    GradeRoundState,
    MasterRole,
    PolicyState,
    ReportState,
    Spending,
    TermState,
    WorkshopLevel,
    WorkshopNaming,
    WorkshopState,
)
from services import (
    jobs,
    workshops,
    workshops_applications,
    workshops_assessments,
    workshops_changes,
    workshops_dues,
    workshops_founding,
    workshops_grades,
    workshops_policies,
    workshops_reports,
)
from services.workshops_applications import SiteVisit
from services.workshops_reports import ReportFacts
from services.workshops_requests import Unfit
from tests.builders import Builder
from tests.workshop_story import BEST, FOUND, WORST, WorkshopStory, at

DAY = date(2024, 3, 4)  # a Monday
CITY = WorkshopLevel.CITY


@pytest.fixture
def story(build: Builder) -> WorkshopStory:
    return WorkshopStory(build)


def test_an_application_says_all_that_it_lacks(story: WorkshopStory) -> None:
    bare = story.wish(
        DAY, apprentices=[Apprentice("王小明")], texts={}, leader=story.facts(level=3)
    )
    key = workshops_applications.apply(story.own(DAY), story.host.id, bare)
    with pytest.raises(Unfit) as unfit:
        workshops_applications.submit_application(story.own(DAY), key)
    fields = [problem.field for problem in unfit.value.problems]
    assert fields == ["leader", "room", "equipment", "own_rules", "plan", "apprentices"]
    assert workshops_applications.get_application(key).state is ApplicationState.DRAFT
    workshops_applications.edit_application(story.own(DAY), key, story.wish(DAY))
    workshops_applications.submit_application(story.own(DAY), key)
    with pytest.raises(Refused, match="no longer be changed"):
        workshops_applications.edit_application(story.own(DAY), key, story.wish(DAY))


def test_a_stale_form_changes_nothing(story: WorkshopStory) -> None:
    key = workshops_applications.apply(story.own(DAY), story.host.id, story.wish(DAY))
    version = workshops_applications.get_application(key).version
    workshops_applications.edit_application(story.own(DAY), key, story.wish(DAY, cluster="汽配"))
    with pytest.raises(Refused, match="meanwhile"):
        workshops_applications.edit_application(story.own(DAY), key, story.wish(DAY), version)


def test_a_companys_name_needs_two_masters(story: WorkshopStory) -> None:
    company = {"naming": WorkshopNaming.COMPANY, "title": "慈溪精工技能大师工作室"}
    with pytest.raises(Refused, match="needs 2 qualified masters; there are 1"):
        story.applied(DAY, **company)
    second = story.facts("李师傅")
    workshop = story.founded(DAY, **company, masters=[second])
    roles = {one.person.name: one.role for one in workshop.masters}
    assert roles == {"陈建国": MasterRole.LEADER, "李师傅": MasterRole.MASTER}


def test_who_checks_on_the_site_does_not_decide(story: WorkshopStory) -> None:
    key = story.applied(DAY)
    workshops_applications.check_conditions(story.first(DAY), key)
    visit = SiteVisit(DAY, "张三", FOUND, "")
    workshops_applications.record_site_check(story.first(DAY), key, visit)
    with pytest.raises(Refused, match="Somebody else"):
        workshops_founding.decide(story.first(DAY), key)
    with pytest.raises(Refused, match="Somebody else"):
        workshops_founding.refuse(story.first(DAY), key, reason="不符合")
    workshops_founding.decide(story.second(DAY), key)
    with pytest.raises(Refused, match="where objections go"):
        workshops_founding.post_notice(story.first(DAY), key, " ")


def test_what_the_site_lacks_stops_the_decision(story: WorkshopStory) -> None:
    key = story.applied(DAY)
    workshops_applications.check_conditions(story.first(DAY), key)
    visit = SiteVisit(DAY, "张三", FOUND | {"equipment": False}, "设备未到位")
    workshops_applications.record_site_check(story.first(DAY), key, visit)
    with pytest.raises(Refused, match="something is missing"):
        workshops_founding.decide(story.second(DAY), key)
    workshops_applications.return_application(story.first(DAY), key, reason="请补齐设备")
    assert workshops_applications.get_application(key).state is ApplicationState.RETURNED


def test_an_objection_sends_it_back_to_the_site(story: WorkshopStory) -> None:
    row = story.decided(story.applied(DAY), DAY)
    assert [one.id for one in workshops_founding.open_notices(DAY)] == [row.id]
    workshops_founding.stop_notice(story.first(DAY), row.id, reason="有异议")
    again = workshops_applications.get_application(row.id)
    assert (again.state, again.notice_ends_on) == (ApplicationState.CHECKED, None)
    assert workshops_founding.open_notices(DAY) == []


def test_names_and_leaders_are_there_once(story: WorkshopStory) -> None:
    workshop = story.founded(DAY)
    with pytest.raises(Refused, match="bears this name"):
        story.applied(date(2024, 6, 3))
    leader = story.facts()
    first = story.wish(date(2024, 6, 3), title="另一工作室", leader=leader)
    key = workshops_applications.apply(story.own(date(2024, 6, 3)), story.host.id, first)
    workshops_applications.get_application(key).leader_id = workshop.leader_id
    db.session.commit()
    with pytest.raises(Refused, match="leads the workshop"):
        workshops_applications.submit_application(story.own(date(2024, 6, 3)), key)


def test_rules_are_approved_by_somebody_else(story: WorkshopStory) -> None:
    rules = shipped_policy().model_copy(update={"bar_years": 3}).model_dump(mode="json")
    key = workshops_policies.write_policy(
        story.first(DAY), "新办法", "慈人社〔2025〕1号", date(2025, 1, 1), rules
    )
    with pytest.raises(Refused, match="you have written it"):
        workshops_policies.approve_policy(story.first(DAY), key)
    assert (
        workshops_policies.rules_of(workshops_policies.policy_on(date(2025, 1, 1))).bar_years == 6
    )
    workshops_policies.approve_policy(story.second(DAY), key)
    on, before = date(2025, 1, 1), date(2024, 12, 31)
    assert workshops_policies.rules_of(workshops_policies.policy_on(on)).bar_years == 3
    assert workshops_policies.rules_of(workshops_policies.policy_on(before)).bar_years == 6
    twice = workshops_policies.write_policy(story.first(DAY), "又一", "", on, rules)
    with pytest.raises(Refused, match="same day"):
        workshops_policies.approve_policy(story.second(DAY), twice)
    workshops_policies.discard_policy(story.first(DAY), twice)
    assert workshops_policies.get_policy(twice).state is PolicyState.DISCARDED
    with pytest.raises(Refused, match="term_years"):
        workshops_policies.write_policy(story.first(DAY), "错", "", on, rules | {"term_years": 0})


def test_a_report_goes_back_and_forth(story: WorkshopStory) -> None:
    workshop = story.founded(DAY)
    day = date(2025, 1, 8)
    with pytest.raises(Refused, match="no report for this year"):
        workshops_reports.write_report(story.own(day), workshop.id, 2023, ReportFacts())
    numbers = {"trained": 2, "highly_skilled": 3}
    with pytest.raises(Refused, match="Check both numbers"):
        workshops_reports.write_report(story.own(day), workshop.id, 2024, ReportFacts(numbers))
    other = ReportFacts(spent={Spending.OTHER: Decimal(5)})
    with pytest.raises(Refused, match="other money"):
        workshops_reports.write_report(story.own(day), workshop.id, 2024, other)
    key = workshops_reports.write_report(story.own(day), workshop.id, 2024, ReportFacts())
    with pytest.raises(Refused, match="activities"):
        workshops_reports.submit_report(story.own(day), key)
    facts = ReportFacts(
        {"trained": 3}, {"activities": "交流"}, Grade.PASSED, {Spending.RESEARCH: Decimal("100.25")}
    )
    workshops_reports.write_report(story.own(day), workshop.id, 2024, facts)
    workshops_reports.submit_report(story.own(day), key)
    with pytest.raises(Refused, match="handed it in"):
        workshops_reports.accept_report(story.own(day), key)
    workshops_reports.return_report(story.first(day), key, reason="请补充经费明细")
    workshops_reports.write_report(story.own(day), workshop.id, 2024, facts)
    workshops_reports.submit_report(story.own(day), key)
    assert workshops_reports.money_of(workshop.id).total_spent == 0
    workshops_reports.accept_report(story.first(day), key)
    money = workshops_reports.money_of(workshop.id)
    assert (money.granted, money.paid) == (80_000, 0)
    assert money.spent == {Spending.RESEARCH: Decimal("100.25")}
    assert money.rest == Decimal("-100.25")
    assert workshops_reports.get_report(key).state is ReportState.ACCEPTED


def five(story: WorkshopStory) -> list[int]:
    """Five workshops of the city, founded in March 2024, whose reports are in."""
    keys = []
    for number in range(5):
        workshop = story.founded(DAY, title=f"第{number}工作室")
        story.reported(workshop.id, 2024, date(2025, 1, 8))
        keys.append(workshop.id)
    return keys


def test_one_of_five_is_excellent_and_no_more(story: WorkshopStory) -> None:
    keys, day = five(story), date(2025, 3, 3)
    key = workshops_grades.open_round(story.first(day), 2024, CITY)
    with pytest.raises(Refused, match="there already"):
        workshops_grades.open_round(story.first(day), 2024, CITY)
    with pytest.raises(Refused, match="has no grade yet"):
        workshops_grades.propose_grades(story.first(day), key)
    marks: dict[int, tuple[Grade | None, str]] = dict.fromkeys(keys, (Grade.PASSED, ""))
    two = marks | dict.fromkeys(keys[:2], (Grade.EXCELLENT, ""))
    workshops_grades.enter_grades(story.first(day), key, two)
    with pytest.raises(Refused, match="no more than 1 may be"):
        workshops_grades.propose_grades(story.first(day), key)
    one = marks | {keys[0]: (Grade.EXCELLENT, ""), keys[1]: (Grade.FAILED, "未开展带徒")}
    workshops_grades.enter_grades(story.first(day), key, one)
    workshops_grades.propose_grades(story.first(day), key)
    with pytest.raises(Refused, match="proposed"):
        workshops_grades.enter_grades(story.first(day), key, marks)
    with pytest.raises(Refused, match="Somebody else"):
        workshops_grades.decide_grades(story.first(day), key)
    workshops_grades.decide_grades(story.second(day), key)
    assert workshops_grades.get_round(key).state is GradeRoundState.DECIDED
    kinds = db.session.scalars(select(WorkshopGrant.amount).where(WorkshopGrant.year == 2024))
    assert sorted(kinds) == [Decimal(10_000)] + [Decimal(80_000)] * 5
    assert [one.grade for one in workshops_grades.grades_of(keys[1])] == [Grade.FAILED]


def test_without_a_report_nobody_is_excellent(story: WorkshopStory) -> None:
    keys, day = five(story), date(2025, 3, 3)
    late = story.founded(date(2024, 4, 8), title="迟报工作室")
    key = workshops_grades.open_round(story.first(day), 2024, CITY)
    marks: dict[int, tuple[Grade | None, str]] = dict.fromkeys(keys, (Grade.PASSED, ""))
    workshops_grades.enter_grades(story.first(day), key, marks | {late.id: (Grade.EXCELLENT, "")})
    with pytest.raises(Refused, match="report is not accepted"):
        workshops_grades.propose_grades(story.first(day), key)


def test_a_leader_who_retires_is_followed(story: WorkshopStory) -> None:
    workshop, day = story.founded(DAY), date(2024, 9, 2)
    gone = workshop.leader_id
    key = workshops_changes.report_change(
        story.own(day), workshop.id, ChangeKind.RETIRED, date(2024, 8, 31)
    )
    assert story.dues(day) == [("change", None, date(2024, 10, 30), False)]
    assert story.dues(date(2024, 10, 31)) == [("change", None, date(2024, 10, 30), True)]
    with pytest.raises(Refused, match="none of the conditions"):
        workshops_changes.propose_successor(story.own(day), key, story.facts("学徒", None))
    heir = story.facts("接任师傅")
    workshops_changes.propose_successor(story.own(day), key, heir)
    workshops_changes.return_change(story.first(day), key, reason="请附证书")
    workshops_changes.propose_successor(story.first(day), key, heir)
    with pytest.raises(Refused, match="Somebody else"):
        workshops_changes.settle_change(story.first(day), key)
    workshops_changes.settle_change(story.second(day), key)
    now = workshops.get_workshop(workshop.id)
    assert now.leader.name == "接任师傅" and now.leader_id != gone
    present = [one.person.name for one in now.masters if one.to_on is None]
    assert present == ["接任师傅"] and story.dues(date(2024, 10, 31)) == []


def test_without_a_successor_it_is_closed(story: WorkshopStory) -> None:
    workshop, day = story.founded(DAY), date(2024, 9, 2)
    key = workshops_changes.report_change(
        story.own(day), workshop.id, ChangeKind.DIED, date(2024, 9, 1)
    )
    workshops_changes.close_without_leader(story.first(day), key, reason="无合适人选")
    now = workshops.get_workshop(workshop.id)
    assert (now.state, now.closed_for) == (WorkshopState.CLOSED, ClosedFor.LEADER_GONE)
    assert [term.state for term in now.terms] == [TermState.CUT_SHORT]
    assert story.dues(date(2025, 3, 1)) == [] and workshops.bars_of(workshop.id) == []
    with pytest.raises(Refused, match="closed"):
        workshops_reports.write_report(story.own(day), workshop.id, 2024, ReportFacts())


def test_a_workshop_closes_at_its_own_wish(story: WorkshopStory) -> None:
    workshop = story.founded(DAY)
    with pytest.raises(Refused, match="fails by its assessment"):
        workshops.close(story.first(DAY), workshop.id, ClosedFor.FAILED, reason="不行")
    workshops.close(story.first(date(2024, 5, 6)), workshop.id, ClosedFor.WISH, reason="企业搬迁")
    assert story.workshop(workshop.id).closed_on == date(2024, 5, 6)


def test_an_assessment_has_its_time_and_a_second_person(story: WorkshopStory) -> None:
    workshop = story.founded(DAY)
    term = workshops.running_term(workshop.id)
    assert term is not None
    early, day = date(2026, 12, 1), date(2027, 2, 1)
    with pytest.raises(Refused, match="held from"):
        workshops_assessments.fill_sheet(story.first(early), term.id, BEST, held_on=early)
    key = workshops_assessments.fill_sheet(story.first(day), term.id, WORST, held_on=day)
    with pytest.raises(Refused, match="you have filled"):
        workshops_assessments.confirm_assessment(story.first(day), key)
    workshops_assessments.return_sheet(story.second(day), key, reason="重新核对")
    again = workshops_assessments.fill_sheet(
        story.first(day), term.id, BEST | {"apprentices": 7, "skilled": 2}, held_on=day
    )
    assert again == key
    workshops_assessments.confirm_assessment(story.second(day), key)
    row = workshops_assessments.get_assessment(key)
    marks = {line["key"]: line["mark"] for line in row.lines}
    assert (marks["teaching"], marks["training"], row.total) == ("7", "7", 94)
    with pytest.raises(Refused, match="ended already"):
        workshops_assessments.fill_sheet(story.first(day), term.id, BEST, held_on=day)
    follow = workshops.running_term(workshop.id)
    assert follow is not None and follow.starts_on == date(2027, 3, 12)


def test_duties_that_are_not_fulfilled_are_listed(story: WorkshopStory) -> None:
    workshop = story.founded(DAY)
    story.reported(workshop.id, 2024, date(2025, 1, 8), apprentices=7, highly_skilled=2)
    term = workshops_assessments.get_term(workshops.get_workshop(workshop.id).terms[0].id)
    gaps = workshops_assessments.gaps_of(term, 2024)
    said = [(gap.duty.span, gap.duty.counted, gap.year, gap.missing) for gap in gaps]
    assert said == [
        ("year", "apprentices", 2024, 3),
        ("year", "highly_skilled", 2024, 1),
        ("term", "highly_skilled", None, 3),
    ]


def test_reminders_are_written_once_a_step(story: WorkshopStory) -> None:
    story.clerk.email = "gzs@example.com"
    db.session.commit()
    story.founded(DAY)

    def written(day: date) -> int:
        return workshops_dues.remind(story.first(day), "提醒", lambda due, row: row.title)

    assert written(date(2024, 12, 31)) == 0
    before = db.session.scalar(select(func.count()).select_from(Message)) or 0
    assert [written(date(2025, 1, day)) for day in (2, 3, 24, 25)] == [1, 0, 1, 0]
    assert [written(date(2025, 2, day)) for day in (1, 2)] == [1, 0]
    assert db.session.scalar(select(func.count()).select_from(Message)) == before + 3


def test_the_clock_reminds_of_a_report(story: WorkshopStory) -> None:
    story.clerk.email = "gzs@example.com"
    db.session.commit()
    workshop = story.founded(DAY)
    for _ in range(2):
        jobs.remind_hosts(at(date(2025, 1, 24)))
    (message,) = db.session.scalars(select(Message))
    assert message.recipient == "gzs@example.com"
    assert workshop.title in (message.body or "") and "2025年01月31日" in (message.body or "")


def test_without_rules_nobody_is_reminded(build: Builder) -> None:
    assert workshops_dues.remind(build.actor(), "提醒", lambda due, row: row.title) == 0


def test_every_act_is_recorded_without_personal_data(story: WorkshopStory) -> None:
    story.founded(DAY)
    rows = db.session.scalars(
        select(AuditRecord).where(AuditRecord.subject.startswith("workshop"))
    ).all()
    assert {row.action for row in rows} >= {
        "apply",
        "submit",
        "check",
        "decide",
        "found",
        "note_grant",
    }
    assert "王小明" not in str([row.after for row in rows])


def test_what_is_not_there_is_missing(story: WorkshopStory) -> None:
    for read in (
        workshops.get_workshop,
        workshops_applications.get_application,
        workshops_reports.get_report,
        workshops_assessments.get_assessment,
        workshops_assessments.get_term,
        workshops_grades.get_round,
        workshops_policies.get_policy,
    ):
        with pytest.raises(Missing):
            read(999_999)


def test_a_plaque_number_is_given_once(story: WorkshopStory) -> None:
    day = date(2019, 1, 7)
    plaque = story.founded(day).plaque_number
    row = story.decided(
        story.applied(day, title="李小红焊工技能大师工作室", leader=story.facts("李小红")), day
    )
    on = date(2019, 3, 1)
    with pytest.raises(Refused, match="plaque number is taken") as refused:
        workshops_founding.found(story.first(on), row.id, plaque_number=plaque or "")
    assert refused.value.field == "plaque_number"
    assert workshops_founding.found(story.first(on), row.id)


def test_a_workshop_applies_once_at_a_time_for_the_level_above(story: WorkshopStory) -> None:
    workshop = story.founded(date(2019, 1, 7))
    on = date(2019, 6, 1)
    first = workshops_applications.apply_step_up(story.own(on), workshop.id, story.wish(on))
    with pytest.raises(Refused, match="under way already"):
        workshops_applications.apply_step_up(story.own(on), workshop.id, story.wish(on))
    workshops_applications.withdraw_application(story.own(on), first)
    assert workshops_applications.apply_step_up(story.own(on), workshop.id, story.wish(on))
