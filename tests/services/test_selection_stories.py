"""A whole round of each shipped programme: from the call to certificates, terms and benefits."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.people import Person
from models.results import Revision
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selection_reviews import SelectionProposal
from rules.certificate_kinds import sentence_of
from rules.honours import HonourLevel
from rules.objections import Channel as Way
from rules.objections import Conclusion, Filing, Remedy
from rules.refusals import Refused
from rules.selection_eligibility import ReasonState
from rules.selection_holders import term_end
from rules.selections import ApplicationState, Channel, EvidenceKind, HolderState, RoundState
from rules.states import EventState, PayoutLineState, RevisionState
from services import (
    objections,
    objections_handling,
    objections_outcomes,
    selection_checks_overrides,
    selections,
)
from services.acting import Actor
from services.objections_outcomes import Order
from services.payouts_dues import read_dues
from services.selection_applications_evidence import Line, add_line
from services.selection_applications_submitting import Incomplete
from services.selection_applications_writing import save
from services.selection_checks_verdicts import verdict_of
from services.selection_holders_reports import ReportFacts, accept_report, write_report
from services.selection_reviews_ballots import get_ballot, outcome_of
from services.selection_reviews_blockers import Blocked
from tests.builders import Builder
from tests.payout_story import lines_of
from tests.selection_rows import is_given
from tests.selection_story import at
from tests.selection_whole import DOCUMENT, Candidate, WholeRound, states_of


def refusals_of(story: WholeRound, one: Candidate, channel: Channel) -> str:
    """What the page says at once to somebody who may not apply."""
    with pytest.raises(Incomplete) as refused:
        story.submits(one, channel)
    return "\n".join(str(problem.params) for problem in refused.value.problems)


def places(story: WholeRound, **places: int) -> dict[str, object]:
    """The tiers of the rules, with so many places each."""
    tiers = tuple(
        one.model_copy(update={"places": places[one.key]}) for one in story.shipped.rules.tiers
    )
    return {"tiers": tiers, "places": sum(places.values())}


def test_masters_of_shanglin(build: Builder) -> None:
    story = WholeRound(build, "SLMJ")
    story.called(**places(story, gold=1, silver=1, craftsman=2))
    wang, li, zhao, qian, sun, zhou = story.group = [
        story.works("王金匠", born=1979), story.works("李青年", born=1993),
        story.works("赵学校", born=1978), story.works("钱替补", born=1992),
        story.works("孙技师", born=1980), story.works("周落选", born=1981),
    ]  # fmt: skip
    for one in story.group:
        is_given(build, one.person)
    official, young = story.works("吴公务"), story.works("郑年限")
    said = refusals_of(
        story, story.writes(official, Channel.PERSON, post="official"), Channel.PERSON
    )
    clause = next(c for c in story.rules.eligibility.exclusions if c.key == "officials")
    assert clause.number in said
    story.applies(wang, Channel.PERSON)
    story.applies(li, Channel.EMPLOYER)
    story.applies(zhao, Channel.ASSOCIATION, unit_kind="school")
    story.applies(qian, Channel.EXPERT)
    story.applies(sun, Channel.PERSON, tier="silver")
    story.applies(zhou, Channel.PERSON)
    # Nine years in the trade where the call asks for ten: two people set the clause aside.
    is_given(build, young.person)
    story.writes(young, Channel.PERSON, trade_since="2016-07-01")
    said = refusals_of(story, young, Channel.PERSON)
    assert "二（三）" in said
    first, second = story.first(story.start), story.second(story.start)
    key = selection_checks_overrides.propose_override(
        first, young.key, "trade", reason="档案证实学徒期应当计入"
    )
    with pytest.raises(Refused, match="Somebody else"):
        selection_checks_overrides.agree_override(first, key)
    selection_checks_overrides.agree_override(second, key)
    story.submits(young, Channel.PERSON)
    story.checked(*story.group, young)
    assert Counter(states_of(story.round_id).values()) == {
        ApplicationState.QUALIFIED: 7, ApplicationState.DRAFT: 1,
    }  # fmt: skip
    story.group = [*story.group, young]
    asked = story.asked()
    assert asked == {one.key: 0 if one.about else 7 for one in story.rules.opinions}

    seats = story.drawn(related=wang)
    assert len(seats) == story.rules.review.reviewers
    story.marked(王金匠=94, 李青年=91, 赵学校=89, 孙技师=84, 钱替补=81, 周落选=79, 郑年限=77)
    best = [wang, li, zhao, sun, qian]
    ballot = story.voted(5, [*best, zhou, young], best[:4], [*best[:4], zhou], best[:4])
    story.run_off(ballot, [qian], [qian], [zhou])
    with pytest.raises(Refused):
        story.proposed(story.met())
    story.visited(*best)
    tiers = story.proposed(story.met())
    # Four places, four fifths of them for companies: the school's candidate makes room.
    assert tiers == {
        "王金匠": "gold", "李青年": "silver", "赵学校": "", "孙技师": "craftsman",
        "钱替补": "craftsman", "周落选": "", "郑年限": "",
    }  # fmt: skip
    assert ("out_by_floor", ("company",), ("孙技师",)) in story.why("赵学校")
    assert ("in_by_floor", ("company",), ("赵学校",)) in story.why("孙技师")
    assert story.why("周落选") == [("not_elected", (), ())]

    notice = story.noticed()
    _uphold(story, notice, li)
    assert story.round.state is RoundState.REVIEW
    story.visited(*best)
    again = story.proposed(story.met(18), 18, "异议成立，取消资格并递补")
    # Nobody else is elected: all places are filled, and it is said which floors are not met.
    assert {name for name, tier in again.items() if tier} == {
        "王金匠",
        "赵学校",
        "孙技师",
        "钱替补",
    }
    last = db.session.get_one(SelectionProposal, story.proposal_id)
    short = {one["key"]: (one["reached"], one["limit"]) for one in last.quotas if one.get("short")}
    assert short == {"company": (3, 4), "young": (1, 2)}
    assert story.why("李青年") == [("kept_out", (), ())]
    revisions = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(one.number, one.state) for one in revisions] == [
        (1, RevisionState.SUPERSEDED), (2, RevisionState.SIGNED),
    ]  # fmt: skip
    decided = story.decided(story.noticed(20))
    _ends_well(story, decided, again)


def _uphold(story: WholeRound, notice: int, one: Candidate) -> None:
    """Somebody objects by name, staff find it true, and the candidate is out."""
    by = story.first(story.day(14))
    entry = next(k for k, v in objections.entries_of(notice).items() if one.name in v)
    filing = Filing("王建国", "13800001111", "该同志申报的专利不属于本人。", entry_id=entry)
    key = objections.record_objection(by, notice, filing, Way.LETTER, by.now).id
    objections_handling.take(by, key)
    objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="情况属实。")
    objections_outcomes.carry_out(by, key, Order("专利不属于本人", Remedy.DISQUALIFIED))
    db.session.expire_all()
    assert story.contest.events[0].state is EventState.REVIEW


def _ends_well(story: WholeRound, decided: Actor, tiers: dict[str, str]) -> None:
    """Titles, money, certificates and terms are those that the rules say for each tier."""
    chosen = {name: tier for name, tier in tiers.items() if tier}
    rules = story.rules
    assert story.round.state is RoundState.DECIDED
    holders = {
        one.person.name: one
        for one in db.session.scalars(
            select(SelectionHolder).where(SelectionHolder.round_id == story.round_id)
        )
    }
    assert {name: one.tier for name, one in holders.items()} == chosen
    assert {(one.state, one.starts_on) for one in holders.values()} == {
        (HolderState.RUNNING, decided.today)
    }
    for one in holders.values():
        assert one.honour.title == rules.tier(one.tier).title
        assert (one.honour.document, one.honour.granted_on) == (DOCUMENT, decided.today)
        years = rules.after.term_years
        assert (one.ends_on is None) == (years == 0)
        if one.ends_on is not None:
            assert one.ends_on == term_end(decided.today, rules.after)
    _paid_well(story, decided, chosen)
    _certified_well(story, decided, chosen)
    _lives_on(story, holders)


def _paid_well(story: WholeRound, decided: Actor, chosen: dict[str, str]) -> None:
    """Everybody gets the amount of the tier, less the tax on accidental income."""
    amounts = {name: story.rules.tier(tier).amount for name, tier in chosen.items()}
    if not any(amounts.values()):
        assert read_dues(story.contest.id) == []
        return
    lines = lines_of(story.paid(decided))
    people = {one.id: one.name for one in db.session.scalars(select(Person))}
    assert {people[one.claim.person_id]: one.gross for one in lines} == amounts
    for line in lines:
        assert line.net + line.tax == line.gross
        assert line.tax == line.gross / 5
        assert line.state is PayoutLineState.PAID


def _certified_well(story: WholeRound, decided: Actor, chosen: dict[str, str]) -> None:
    """Each certificate confers the title in the words of the programme."""
    assert story.certified(decided) == len(chosen)
    said = [sentence_of(one.facts) for one in db.session.scalars(select(Certificate))]
    for tier in chosen.values():
        title = story.rules.tier(tier).title
        assert sum(f"授予“{title}”称号" in one for one in said) == Counter(chosen.values())[tier]
    assert not [one for one in said if "竞赛" in one or "荣获" in one]


def _lives_on(story: WholeRound, holders: dict[str, SelectionHolder]) -> None:
    """The benefits of the first year are due; who has a term reports each year."""
    after = story.rules.after
    due = Counter(
        (row.holder.person.name, row.key, row.amount)
        for row in db.session.scalars(select(SelectionBenefit))
    )
    assert due == Counter(
        (name, one.key, one.amount)
        for name, holder in holders.items()
        for one in after.benefits
        if (not one.tiers or holder.tier in one.tiers)
        and date(holder.starts_on.year, one.due_month, 28) >= holder.starts_on
    )
    if not after.report_due or not after.term_years:
        return
    holder = next(iter(holders.values()))
    by = story.writer(Candidate(holder.person, None), Channel.PERSON)
    year = holder.starts_on.year
    facts = ReportFacts(2, 1, 0, "全年完成技术攻关一项，带徒两人，均已能独立上岗。")
    writing = Actor(by.account_id, at(date(year, 12, 20)))
    report = write_report(writing, holder.id, holder.person_id, year, facts, submit=True)
    accept_report(story.first(date(year, 12, 28)), report)


def test_experts_of_sanmenxia(build: Builder) -> None:
    """Two-yearly, 3,000 each, with front-line company staff first; by sheet."""
    story = WholeRound(build, "SMXJSNS")
    story.called(**places(story, expert=5))
    names = ("一车间", "二车间", "三车间", "四车间", "五机关", "六老将")
    born = (1990, 1991, 1992, 1980, 1981, 1979)
    story.group = [story.works(name, born=year) for name, year in zip(names, born, strict=True)]
    one, two, three, four, manager, old = story.group
    for each in story.group[:5]:
        is_given(build, each.person)
    story.applies(one, Channel.EMPLOYER)
    story.applies(two, Channel.PERSON, post="front_line")
    story.applies(three, Channel.ASSOCIATION)
    story.applies(four, Channel.EMPLOYER, post="front_line")
    story.applies(manager, Channel.PERSON, post="manager")
    # The last one has no route: taught three, and the register knows it.
    said = refusals_of(story, story.writes(old, Channel.PERSON), Channel.PERSON)
    assert "二（五）3" in said
    story.taught(old, passed=2, learning=1)
    story.submits(old, Channel.PERSON)
    # A winner of the province needs no years; what he typed counts once the checker saw it.
    winner = story.works("冠军", born=2001)
    story.writes(winner, Channel.PERSON, trade_since="2024-01-01")
    assert "二（三）" in refusals_of(story, winner, Channel.PERSON)
    line = Line(
        EvidenceKind.CONTEST, "河南省技能竞赛 模具工", date(2025, 9, 1), HonourLevel.PROVINCE, 1
    )
    add_line(story.writer(winner, Channel.PERSON), winner.key, line)
    story.submits(winner, Channel.PERSON)
    story.group = [*story.group, winner]
    story.checked(*story.group)
    waived = [one for one in verdict_of(story.row(winner)).reasons if one.key == "trade"]
    assert [one.state for one in waived] == [ReasonState.WAIVED]
    asked = story.asked()
    assert asked == {"police": 7, "discipline": 1}
    story.drawn(related=two)
    story.marked(五机关=95, 六老将=92, 四车间=90, 一车间=88, 二车间=86, 三车间=70, 冠军=65)
    tiers = story.proposed(story.met())
    # Half of five, rounded up, are 40 at most: the third of the young takes the fourth's place.
    assert [name for name, tier in tiers.items() if tier] == [
        "五机关", "六老将", "一车间", "二车间", "三车间",
    ]  # fmt: skip
    assert ("out_by_floor", ("young",), ("三车间",)) in story.why("四车间")
    assert ("in_by_floor", ("young",), ("四车间",)) in story.why("三车间")
    assert story.why("冠军")[0][0] == "out_by_places"
    _ends_well(story, story.decided(story.noticed()), tiers)


def test_achievement_award(build: Builder) -> None:
    """A commendation: employer, association or experts; two thirds of the votes elect."""
    story = WholeRound(build, "GJNCJJ")
    story.called(**places(story, award=2))
    head, first, second, third = story.group = [
        story.works("厂长", born=1975), story.works("大师甲", born=1976),
        story.works("大师乙", born=1977), story.works("大师丙", born=1978),
    ]  # fmt: skip
    for one in story.group:
        is_given(build, one.person)
    # A head of a unit needs the agreement of the staff.
    story.writes(head, Channel.EMPLOYER, post="unit_head", support_percent="80")
    assert "二（四）" in refusals_of(story, head, Channel.EMPLOYER)
    by = story.writer(head, Channel.EMPLOYER)
    row = story.row(head)
    save(by, head.key, {"support_percent": "91.5"}, {}, row.version)
    story.submits(head, Channel.EMPLOYER)
    story.applies(first, Channel.EXPERT)
    story.applies(second, Channel.ASSOCIATION)
    story.applies(third, Channel.EMPLOYER, unit_kind="institution")
    story.checked(*story.group)
    assert story.asked() == {one.key: 4 for one in story.rules.opinions}
    story.drawn(related=third)
    story.marked(厂长=96, 大师丙=94, 大师甲=93, 大师乙=90)
    # Six of nine elect: five of nine are more than half, but no two thirds.
    ballot = story.voted(
        3, [head, first, second, third], *[[head, first, third]] * 5, *[[head, first, second]] * 4
    )
    outcome = outcome_of(get_ballot(ballot))
    assert outcome.needed == 6 == -(-9 * 2 // 3)
    assert (outcome.elected, outcome.open_places) == ((head.key, first.key), 1)
    story.run_off(ballot, [second])
    story.visited(head, first, second)
    tiers = story.proposed(story.met())
    # Three fifths of two, rounded up, are both from the front line: the head makes room.
    assert [name for name, tier in tiers.items() if tier] == ["大师甲", "大师乙"]
    assert ("out_by_floor", ("front_line",), ("大师乙",)) in story.why("厂长")
    assert story.why("大师丙") == [("not_elected", (), ())]
    _ends_well(story, story.decided(story.noticed()), tiers)


def test_senior_technicians(build: Builder) -> None:
    """The employer appoints; the bureau approves. No prize is paid."""
    story = WholeRound(build, "TJJS")
    story.called(**places(story, senior=3))
    unit = build.employer(district="浒山街道")
    story.group = [
        story.works("甲技师", unit, 1978), story.works("乙技师", unit, 1979),
        story.works("丙技术员", unit, 1980), story.works("丁技术员", unit, 1981),
    ]  # fmt: skip
    for one in story.group:
        story.taught(one, passed=3)
        post = "technician" if "技术员" in one.name else "front_line"
        story.applies(one, Channel.EMPLOYER, post=post)
    lower = story.works("戊高级工", unit, 1985, level=3)
    story.taught(lower, passed=3)
    said = refusals_of(story, story.writes(lower, Channel.EMPLOYER), Channel.EMPLOYER)
    assert "二（四）" in said
    # A national expert needs no fifteen years in the trade.
    expert = story.works("己能手", unit, 1995)
    is_given(build, expert.person, title="全国技术能手", level=HonourLevel.NATIONAL)
    story.taught(expert, passed=3)
    story.applies(expert, Channel.EMPLOYER, trade_since="2015-01-01", post="technician")
    story.group = [*story.group, expert]
    story.checked(*story.group)
    story.drawn()
    story.marked(丙技术员=95, 丁技术员=93, 甲技师=88, 己能手=80, 乙技师=75)
    tiers = story.proposed(story.met())
    # Three fifths of three, rounded up, work in production: one technician makes room.
    assert [name for name, tier in tiers.items() if tier] == ["丙技术员", "甲技师", "乙技师"]
    assert ("out_by_floor", ("front_line",), ("乙技师",)) in story.why("丁技术员")
    _ends_well(story, story.decided(story.noticed()), tiers)


def test_chief_technicians(build: Builder) -> None:
    """Senior technicians of three years are compared in pairs; an allowance for four years."""
    story = WholeRound(build, "SXJS")
    senior = selections.get_round(story.known("TJJS")).programme_id
    story.called(**places(story, chief=2))
    story.group = [
        story.works("首席甲", born=1975), story.works("首席乙", born=1976),
        story.works("首席丙", born=1977), story.works("大奖丁", born=1978),
    ]  # fmt: skip
    first, second, third, prize = story.group
    fresh = story.works("新任戊", born=1980)
    for one, since in (
        (first, date(2020, 6, 1)), (second, date(2021, 6, 1)), (third, date(2022, 6, 1)),
        (fresh, date(2024, 6, 1)),
    ):  # fmt: skip
        held = is_given(build, one.person, title="特级技师", granted_on=since)
        db.session.add(
            SelectionHolder(
                programme_id=senior, honour_id=held.id, person_id=one.person.id, tier="senior",
                year=since.year, starts_on=since,
            )
        )  # fmt: skip
    db.session.commit()
    is_given(build, prize.person, title="中华技能大奖", level=HonourLevel.NATIONAL)
    for one in (*story.group, fresh):
        is_given(build, one.person)
        story.writes(one, Channel.EMPLOYER)
    said = refusals_of(story, fresh, Channel.EMPLOYER)
    assert "二（四）" in said
    for one in story.group:
        story.submits(one, Channel.EMPLOYER)
    assert [one.state for one in verdict_of(story.row(prize)).reasons if one.key == "senior"] == [
        ReasonState.WAIVED
    ]
    story.checked(*story.group)
    story.drawn(related=third)
    with pytest.raises(Blocked) as waiting:
        story.proposed(story.met())
    assert "pairs" in str([one.message for one in waiting.value.problems])
    assert story.compared([second, prize, first, third]) <= 5 * 6
    story.visited(second, prize)
    tiers = story.proposed(story.met())
    assert tiers == {"首席乙": "chief", "大奖丁": "chief", "首席甲": "", "首席丙": ""}
    assert story.why("首席甲") == [("out_by_places", ("",), ())]
    _ends_well(story, story.decided(story.noticed()), tiers)
