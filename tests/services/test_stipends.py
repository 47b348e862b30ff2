"""Runs of stipends from evidence in the registers to the bank, with everything that comes later."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import MentorshipPause
from models.payouts import PayoutClaim, PayoutLine, PayoutOrder, PayoutRecovery
from models.stipends import StipendLine
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.mentorships import MentorshipState, Outcome
from rules.payouts import SeriesKind, Treatment
from rules.refusals import Missing, Refused
from rules.states import HonourState, PayoutLineState, RecoveryState
from rules.stipend_scales import (
    Apprenticeship,
    BreakOff,
    Exclusions,
    Negatives,
    Part,
    Scale,
    SubsidyKind,
    Success,
)
from rules.stipend_scales import Outcome as LevelOutcome
from rules.stipends import RunState
from services import (
    payouts,
    payouts_series,
    payouts_sources,
    stipends,
    stipends_evidence,
    stipends_lists,
    stipends_scales,
)
from tests.builders import Builder
from tests.stipend_story import (
    DECEMBER,
    JUNE,
    START,
    TODAY,
    StipendStory,
    amounts_of,
    lines_of,
    total_of,
)


def scale(**more: Any) -> Scale:
    facts: dict[str, Any] = {"title": "慈溪市导师津贴办法", "starts_on": START, "monthly": 200}
    return Scale(**facts | more)


def test_a_run_goes_through_four_hands(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair()
    run = story.prepared()
    assert amounts_of(run) == [("month", "1200.00")]
    with pytest.raises(Refused, match="you have prepared it"):
        stipends.check(story.who("bureau_staff"), run)
    stipends.check(story.who("bureau_staff", "second"), run)
    for somebody in ("", "second"):
        with pytest.raises(Refused, match="prepared or checked"):
            stipends.approve(story.who("bureau_staff", somebody), run)
    with pytest.raises(Refused, match="not possible"):
        stipends.order(story.who("payer"), run)
    stipends.approve(story.who("approver"), run)
    stipends.order(story.who("payer"), run)
    found = stipends_lists.get_run(run)
    assert found.state is RunState.ORDERED
    assert total_of(run, pair.mentor_id) == (1200, 1200, 0, 0)


def test_one_open_run_at_a_time_and_every_day_is_settled_once(build: Builder) -> None:
    story = StipendStory(build)
    story.pair()
    first = story.prepared()
    with pytest.raises(Refused, match="not ordered yet"):
        story.prepared(DECEMBER)
    stipends.cancel(story.who("bureau_staff"), first, reason="凭据未齐")
    second = story.ordered()
    assert amounts_of(second) == amounts_of(first)
    with pytest.raises(Refused, match="settled up to 2025-06-30"):
        story.prepared(JUNE)
    with pytest.raises(Refused, match="up to yesterday"):
        story.prepared(TODAY.date())
    with pytest.raises(Refused, match="nothing to settle"):
        story.prepared(DECEMBER)


def test_a_checked_run_is_sent_back(build: Builder) -> None:
    story = StipendStory(build)
    story.pair()
    run = story.prepared()
    stipends.check(story.who("bureau_staff", "second"), run)
    stipends.send_back(story.who("approver"), run, reason="请核对六月份")
    found = stipends_lists.get_run(run)
    assert (found.state, found.checked_by_id) == (RunState.DRAFT, None)


def test_lines_that_were_altered_are_noticed(build: Builder) -> None:
    story = StipendStory(build)
    story.pair()
    run = story.prepared()
    lines_of(run)[0].amount = Decimal(9999)
    db.session.commit()
    with pytest.raises(Refused, match="no longer what was prepared"):
        stipends.check(story.who("bureau_staff", "second"), run)


def test_nobody_approves_a_run_that_pays_him(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair()
    approver = build.account("approver", person_id=pair.mentor_id)
    run = story.prepared()
    stipends.check(story.who("bureau_staff", "second"), run)
    with pytest.raises(Refused, match="among the payees"):
        stipends.approve(build.actor(approver, TODAY), run)


def test_late_and_withdrawn_evidence_make_corrections(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair(months=5)
    story.ordered()
    story.confirm(pair, date(2025, 6, 1))
    story.confirm(pair, date(2025, 7, 1))
    story.withdraw(pair, date(2025, 2, 1))
    story.withdraw(pair, date(2025, 3, 1))
    run = story.ordered(DECEMBER)
    assert sorted(amounts_of(run)) == [
        ("correction", "-400.00"),
        ("correction", "200.00"),
        ("month", "200.00"),
    ]
    assert total_of(run, pair.mentor_id)[1:] == (0, 0, 0)


def test_what_changed_since_a_run_was_prepared_is_said_and_waits(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair(months=5)
    run = story.prepared()
    assert not stipends_lists.has_changed(stipends_lists.get_run(run))
    story.confirm(pair, date(2025, 6, 1))
    assert stipends_lists.has_changed(stipends_lists.get_run(run))
    assert amounts_of(run) == [("month", "1000.00")]


def test_pauses_and_the_registers_of_levels_and_honours_count(build: Builder) -> None:
    story = StipendStory(build, scale(success=Success(amount=2000)))
    paused = story.pair()
    build._kept(
        MentorshipPause(
            mentorship_id=paused.id,
            from_on=date(2025, 3, 1),
            to_on=date(2025, 3, 31),
            reason="生病",
        )
    )
    level = story.pair(months=0)
    for occupation in ("电工", "焊工"):
        build._kept(
            PersonLevel(
                person_id=level.apprentice_id,
                occupation=occupation,
                level=2,
                granted_on=date(2025, 4, 4),
                recorded_at=TODAY,
            )
        )
    honour = story.pair(months=0)
    for state, day in ((HonourState.REVOKED, 4), (HonourState.STANDING, 5)):
        build._kept(
            Honour(
                person_id=honour.apprentice_id,
                title=f"第{day}名",
                kind=HonourKind.PRIZE,
                level=HonourLevel.CITY,
                granted_on=date(2025, 5, day),
                programme="职工技能竞赛",
                year=2025,
                via=HonourVia.CONTEST,
                source=HonourSource.EXTERNAL,
                state=state,
                recorded_at=TODAY,
            )
        )
    run = story.prepared()
    assert amounts_of(run) == [
        ("month", "1000.00"),
        ("success", "2000.00"),
        ("success", "2000.00"),
    ]
    texts = [line.explanation[0] for line in lines_of(run)[1:]]
    assert [values["day"] for _text, values in texts] == ["2025-04-04", "2025-05-05"]


def test_the_acceptance_check_brings_success_and_subsidy(build: Builder) -> None:
    rule = Apprenticeship(
        by_level=(LevelOutcome(level=4, amount=5000),), without_certificate=4000, advance=2000
    )
    success = Success(amount=2000, counts=("acceptance",))
    story = StipendStory(build, scale(monthly=None, success=success, apprenticeship=rule))
    pair = story.pair(months=0)
    failed = story.pair(months=0)
    first = story.ordered()
    assert amounts_of(first) == [("advance", "2000.00")] * 2
    assert {line.employer_id for line in lines_of(first)} == {story.employer.id}
    story.end(pair, MentorshipState.ACCEPTED, date(2025, 12, 1), level_gained=4)
    story.end(failed, MentorshipState.FAILED, date(2025, 12, 1), outcome=Outcome.FAILED)
    run = story.prepared(DECEMBER)
    assert sorted(amounts_of(run)) == [
        ("offset", "-2000.00"),
        ("offset", "-2000.00"),
        ("subsidy", "10000.00"),
        ("success", "2000.00"),
    ]


def test_other_subsidies_that_are_recorded_stand_against_it(build: Builder) -> None:
    rule = Exclusions(applies_to=(Part.MONTH,), kinds=("upgrade",))
    story = StipendStory(build, scale(exclusions=rule))
    pair = story.pair()
    story.ordered()
    facts: dict[str, Any] = {
        "kind": SubsidyKind.UPGRADE,
        "occupation": "焊工",
        "level": 3,
        "held_on": date(2025, 5, 5),
        "source": "市级补贴名单",
    }
    staff = story.who("bureau_staff")
    made = stipends_evidence.record_training(staff, pair.apprentice_id, **facts)
    with pytest.raises(Refused, match="recorded already"):
        stipends_evidence.record_training(staff, pair.apprentice_id, **facts)
    run = story.prepared(DECEMBER)
    assert amounts_of(run) == [("correction", "-1200.00")]
    stipends.cancel(staff, run, reason="误录")
    stipends_evidence.withdraw_training(staff, made)
    with pytest.raises(Refused, match="nothing to settle"):
        story.prepared(DECEMBER)


def paid_run(story: StipendStory, until: date = JUNE) -> int:
    """Order a run and let the bank pay all of it."""
    run = story.ordered(until)
    order = payouts_series.prepare_series(story.who("payer"), story.series_id)
    payouts.submit(story.who("payer"), order)
    payouts.approve(story.who("approver"), order)
    for line in db.session.scalars(select(PayoutLine).where(PayoutLine.order_id == order)):
        line.state, line.paid_at = PayoutLineState.PAID, TODAY
    db.session.commit()
    return run


def test_what_is_ordered_is_paid_through_the_desk(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair()
    story.bank(pair.mentor_id)
    run = story.ordered()
    series = payouts_series.get_series(story.series_id)
    dues = payouts_sources.read_series_dues(series, TODAY.date())
    assert [(one.rest.gross, one.obstacle) for one in dues] == [(1200, None)]
    order = payouts_series.prepare_series(story.who("payer"), story.series_id)
    found = db.session.get_one(PayoutOrder, order)
    assert (found.contest_id, found.series_id, found.number) == (None, series.id, 1)
    line = db.session.scalars(select(PayoutLine)).one()
    assert (line.gross, line.tax, line.treatment) == (1200, 0, Treatment.EXEMPT)
    dues = payouts_sources.read_series_dues(series, TODAY.date())
    assert dues[0].in_hand
    with pytest.raises(Refused, match="Nothing can be ordered"):
        payouts_series.prepare_series(story.who("payer"), story.series_id)
    own = stipends_lists.list_own(pair.mentor_id)
    assert [(one.run.id, one.total.due, one.state) for one in own] == [
        (run, 1200, PayoutLineState.ORDERED)
    ]


def test_a_break_off_after_payment_opens_a_pay_back(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair()
    story.bank(pair.mentor_id)
    paid_run(story)
    story.end(pair, MentorshipState.BROKEN_OFF, date(2025, 8, 1))
    run = story.ordered(DECEMBER)
    assert amounts_of(run) == [("claw_back", "-1200.00")]
    assert total_of(run, pair.mentor_id) == (-1200, 0, 1200, 0)
    back = db.session.scalars(select(PayoutRecovery)).one()
    assert (back.gross, back.state, back.series_id) == (1200, RecoveryState.OPEN, story.series_id)
    # What came back whole is done with: it does not fall due again.
    line = db.session.scalars(select(PayoutLine)).one()
    line.state, line.live = PayoutLineState.PAID_BACK, False
    db.session.commit()
    series = payouts_series.get_series(story.series_id)
    assert all(one.obstacle for one in payouts_sources.read_series_dues(series, TODAY.date()))


def test_a_part_comes_back_with_its_share_of_the_tax(build: Builder) -> None:
    story = StipendStory(build, treatment=Treatment.WITHHELD, basis="")
    pair = story.pair()
    story.bank(pair.mentor_id)
    paid_run(story)
    story.withdraw(pair, date(2025, 2, 1))
    story.ordered(DECEMBER)
    back = db.session.scalars(select(PayoutRecovery)).one()
    assert (back.gross, back.net) == (200, 160)


def test_less_than_nothing_is_offset_where_the_scale_says_so(build: Builder) -> None:
    story = StipendStory(build, scale(negatives=Negatives.OFFSET))
    pair = story.pair(months=3)
    story.ordered(date(2025, 3, 31))
    story.withdraw(pair, date(2025, 2, 1))
    second = story.ordered()
    assert total_of(second, pair.mentor_id) == (-200, 0, 0, -200)
    for month in (7, 8):
        story.confirm(pair, date(2025, month, 1))
    third = story.ordered(DECEMBER)
    assert total_of(third, pair.mentor_id) == (400, 200, 0, 0)


def test_what_was_never_paid_out_cannot_be_asked_back(build: Builder) -> None:
    story = StipendStory(build)
    pair = story.pair(months=3)
    story.ordered(date(2025, 3, 31))
    story.withdraw(pair, date(2025, 2, 1))
    run = story.ordered()
    assert total_of(run, pair.mentor_id) == (-200, 0, 0, -200)
    assert db.session.scalars(select(PayoutRecovery)).all() == []


def test_a_case_is_decided_by_two(build: Builder) -> None:
    story = StipendStory(build, scale(break_off=BreakOff.CASE))
    pair = story.pair()
    story.ordered()
    staff = story.who("bureau_staff")
    half = {"kept": Decimal("0.5"), "reason": "徒弟离职"}
    with pytest.raises(Refused, match="broken off"):
        stipends_evidence.decide_case(staff, pair.id, **half)
    story.end(pair, MentorshipState.BROKEN_OFF, date(2025, 8, 1))
    with pytest.raises(Refused, match="between 0 and 100"):
        stipends_evidence.decide_case(staff, pair.id, kept=Decimal(2), reason="徒弟离职")
    case = stipends_evidence.decide_case(staff, pair.id, **half)
    with pytest.raises(Refused, match="nothing to settle"):
        story.prepared(DECEMBER)
    with pytest.raises(Refused, match="you have made this decision"):
        stipends_evidence.agree_case(staff, case)
    stipends_evidence.agree_case(story.who("bureau_staff", "second"), case)
    assert amounts_of(story.prepared(DECEMBER)) == [("claw_back", "-600.00")]


def test_a_company_fund_pays_its_own_pairs_only(build: Builder) -> None:
    story = StipendStory(build)
    other = build.employer()
    story.pair()
    mine = story.pair(employer_id=other.id)
    fund = payouts_series.open_series(
        story.who("payer"),
        code="QY-1",
        title="企业培训经费导师津贴",
        kind=SeriesKind.STIPENDS,
        treatment=Treatment.WAGES,
        employer_id=other.id,
    )
    story.series_id = fund
    story.approved(scale(monthly=300))
    run = story.prepared()
    assert [(line.mentorship_id, line.amount) for line in lines_of(run)] == [(mine.id, 1800)]


def test_scales_are_approved_by_a_second_person_and_never_pay_the_past_anew(
    build: Builder,
) -> None:
    story = StipendStory(build)
    story.pair()
    staff = story.who("bureau_staff")
    with pytest.raises(Refused, match="approved already"):
        stipends_scales.draft_scale(staff, story.series_id, scale())
    later = scale(starts_on=date(2025, 4, 1), monthly=300)
    drafted = stipends_scales.draft_scale(staff, story.series_id, later)
    with pytest.raises(Refused, match="you have drafted it"):
        stipends_scales.approve_scale(staff, drafted)
    story.ordered()
    with pytest.raises(Refused, match="are settled"):
        stipends_scales.approve_scale(story.who("bureau_staff", "second"), drafted)
    stipends_scales.withdraw_scale(staff, drafted)
    assert stipends_scales.get_scale(drafted).state.value == "withdrawn"


def test_the_statements_of_a_run_do_not_grow(build: Builder, statements: Any) -> None:
    story = StipendStory(build)
    counts = []
    for number, until in ((1, JUNE), (5, DECEMBER)):
        for _ in range(number):
            story.pair(starts_on=START, months=12 if number > 1 else 6)
        staff = story.who("bureau_staff")
        with statements() as found:
            run = stipends.prepare(staff, story.series_id, until=until)
        counts.append(len(found))
        stipends.check(story.who("bureau_staff", "second"), run)
        stipends.approve(story.who("approver"), run)
        stipends.order(story.who("payer"), run)
    assert counts[0] == counts[1]
    assert db.session.scalars(select(StipendLine)).all()


def test_missing_things_are_missing(build: Builder) -> None:
    story = StipendStory(build)
    with pytest.raises(Missing):
        stipends.prepare(story.who("bureau_staff"), 999, until=JUNE)
    with pytest.raises(Missing):
        stipends.check(story.who("bureau_staff"), 999)
    with pytest.raises(Missing):
        stipends_lists.get_run(999)
    with pytest.raises(Missing):
        payouts_series.payee_of_series(
            story.series_id, TODAY.date() + timedelta(days=1), "person", build.person().id
        )
    assert db.session.scalars(select(PayoutClaim)).all() == []
