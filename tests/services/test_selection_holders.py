"""Titles in their term: past years by spreadsheet, reports, benefits, money, revocation."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.honours import Honour
from models.payouts import PayoutRecovery
from models.people import Person
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selections import SelectionProgramme
from rules.honours import HonourLevel
from rules.payouts import SeriesKind, Treatment
from rules.refusals import Missing, Refused
from rules.selections import (
    BenefitState,
    HolderReportState,
    HolderState,
    Verb,
)
from rules.states import CertificateState, HonourState, PayoutLineState, ReturnState
from services import (
    certificates,
    payouts,
    payouts_accounts,
    payouts_batches,
    payouts_returns,
    payouts_series,
    selection_holders,
    selection_holders_benefits,
    selection_holders_imports,
    selection_holders_reports,
    selection_holders_revoking,
)
from services.payouts_accounts import PERSON, Payee
from services.selection_holders import Wanted
from services.selection_holders_imports import COLUMNS
from services.selection_holders_reports import ReportFacts
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.payout_story import lines_of, typed_card
from tests.selection_lists import AFTER, NOW, ListStory
from tests.services.test_payouts_changes import answer

# Cixi 2017-2022: gold, silver and craftsmen by year; 10, 16 and 43 in all (R5.03).
CIXI = {
    2017: (2, 3, 7),
    2018: (2, 3, 7),
    2019: (2, 3, 7),
    2020: (1, 2, 7),
    2021: (2, 3, 8),
    2022: (1, 2, 7),
}
TEXT = "全年完成技术攻关两项，带徒三人，其中一人取得技师等级。"


def programme(code: str, title: str) -> SelectionProgramme:
    row = SelectionProgramme(
        code=code, title=title, verb=Verb.CHOOSE, level=HonourLevel.CITY, organiser="市人社局",
        created_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def sheet(rows: Iterable[dict[str, Any]]) -> bytes:
    return write_table(COLUMNS, list(rows), "历年称号人员")


def past(build: Builder, serial: int, title: str, year: int, **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": "匠" + chr(0x4E00 + serial),
        "id_number": build.id_number(date(1980, 1, 1) + timedelta(days=serial)),
        "employer": f"慈溪市第{serial % 7}精工有限公司",
        "title": title,
        "year": year,
        "starts_on": date(year, 11, 1),
        "ends_on": date(year + 3, 10, 31),
        "document": f"慈人社发〔{year}〕9号",
        "of_company": "是",
    }
    return facts | more


def upload(build: Builder, by: Any, key: int, rows: Iterable[dict[str, Any]]) -> int:
    read = selection_holders_imports.read_upload(sheet(rows), "名单.xlsx", key, by.today)
    assert not read.problems
    return selection_holders_imports.preview(by, key, read)


def test_the_cixi_figures_come_out_of_the_register_as_they_went_in(build: Builder) -> None:
    own, by = programme("SLMJ", "上林名匠"), build.actor(build.account("bureau_staff"), NOW)
    serial = iter(range(1, 1000))
    rows = [
        past(build, next(serial), title, year)
        for year, numbers in CIXI.items()
        for title, number in zip(("上林金匠", "上林银匠", "上林工匠"), numbers, strict=True)
        for _ in range(number)
    ]
    # Somebody rises from craftsman to silver: one person, two person-times.
    first = next(one for one in rows if one["title"] == "上林工匠")
    second = next(one for one in rows if one["title"] == "上林银匠" and one["year"] == 2022)
    second["name"], second["id_number"] = first["name"], first["id_number"]
    key = upload(build, by, own.id, rows)
    assert db.session.scalar(select(SelectionHolder)) is None
    selection_holders_imports.confirm(by, key)
    wanted = Wanted(programme_id=own.id)
    assert selection_holders.totals(wanted) == (68, 69, 68, 69)
    table = selection_holders.by_title(selection_holders.counts(wanted))
    assert {title: sum(found.values()) for title, found in table.items()} == {
        "上林金匠": 10, "上林银匠": 16, "上林工匠": 43,
    }  # fmt: skip
    by_year = {year: (table["上林金匠"][year], table["上林银匠"][year], table["上林工匠"][year])
               for year in CIXI}  # fmt: skip
    assert by_year == CIXI
    running = selection_holders.totals(Wanted(state=HolderState.RUNNING))
    assert running.times == sum(map(sum, CIXI.values())) - 69
    assert {one.source.value for one in db.session.scalars(select(Honour))} == {"history"}


def test_the_sanmenxia_figures_come_out_exactly_and_a_whole_import_is_undone(
    build: Builder,
) -> None:
    own, by = programme("SMX", "三门峡市技术能手"), build.actor(build.account("bureau_staff"), NOW)
    known = build.person(name="已登记", id_number=build.id_number(date(1979, 3, 3)))
    rows = [
        past(
            build, serial, "三门峡市技术能手", 2016 + 2 * (serial % 5), ends_on=None,
            of_company="是" if serial <= 193 else "否",
        )
        for serial in range(1, 249)
    ]  # fmt: skip
    rows[0] |= {"name": known.name, "id_number": known.id_number}
    key = upload(build, by, own.id, rows)
    stored = selection_holders_imports.get_import(key)
    assert (stored.row_count, stored.problem_count) == (248, 0)
    assert sum(one["known"] for one in stored.rows) == 1
    selection_holders_imports.confirm(by, key)
    assert selection_holders.totals(Wanted(programme_id=own.id)) == (248, 248, 193, 193)
    assert selection_holders.totals(Wanted(of_company=True)).persons == 193
    assert len(selection_holders.list_present(by.today)) == 248
    again = selection_holders_imports.read_upload(sheet(rows), "名单.xlsx", own.id, by.today)
    assert all(one.problems for one in again.lines)
    with pytest.raises(Refused):
        selection_holders_imports.undo(by, key, reason="")
    selection_holders_imports.undo(by, key, reason="名单年份有误")
    db.session.expire_all()
    assert selection_holders.totals(Wanted()).times == 0
    assert {one.state for one in db.session.scalars(select(Honour))} == {HonourState.SUPERSEDED}
    assert stored.state is ReturnState.UNDONE
    assert db.session.query(Person).count() == 248


def test_rows_say_their_problems_and_only_good_ones_can_come_in(build: Builder) -> None:
    own, by = programme("SLMJ", "上林名匠"), build.actor(build.account("bureau_staff"), NOW)
    good = past(build, 1, "上林金匠", 2020)
    rows = [
        good,
        dict(good),
        past(build, 2, "上林金匠", 2020, id_number="330200199001010011"),
        past(build, 3, "上林金匠", 2030, starts_on=date(2030, 1, 1)),
        past(build, 4, "上林金匠", 2020, ends_on=date(2019, 1, 1), of_company="也许"),
        past(build, 5, "上林银匠", 2020) | {"id_number": good["id_number"]},
    ]
    key = upload(build, by, own.id, rows)
    page = selection_holders_imports.lines_of(selection_holders_imports.get_import(key))
    assert {one.number - 2: len(one.problems) for one in page.items} == {
        0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 1,
    }  # fmt: skip
    with pytest.raises(Refused, match="Rows have errors"):
        selection_holders_imports.confirm(by, key)
    selection_holders_imports.confirm(by, key, only_good=True)
    assert selection_holders.totals(Wanted()) == (1, 1, 1, 1)


@pytest.fixture
def decided(build: Builder) -> ListStory:
    story = ListStory(build)
    story.proposed((story.applied("王金匠"), "gold"), (story.applied("李工匠"), "craftsman"))
    story.decided()
    return story


def holders() -> dict[str, SelectionHolder]:
    db.session.expire_all()
    return {one.person.name: one for one in db.session.scalars(select(SelectionHolder))}


def test_a_report_is_written_by_the_holder_and_accepted_by_somebody_else(
    decided: ListStory,
) -> None:
    gold = holders()["王金匠"]
    me = decided.build.account("contestant", person_id=gold.person_id)
    by = decided.build.actor(me, AFTER)
    write = selection_holders_reports.write_report
    key = write(by, gold.id, gold.person_id, 2026, ReportFacts(1, 2, 0, "短"))
    with pytest.raises(Refused, match="few sentences"):
        write(by, gold.id, gold.person_id, 2026, ReportFacts(1, 2, 0, "短"), submit=True)
    with pytest.raises(Missing):
        write(by, gold.id, gold.person_id + 99, 2026, ReportFacts())
    with pytest.raises(Refused, match="no report for this year"):
        write(by, gold.id, gold.person_id, 2020, ReportFacts())
    write(by, gold.id, gold.person_id, 2026, ReportFacts(1, 2, 0, TEXT), submit=True)
    selection_holders_reports.return_report(decided.staff(AFTER), key, reason="请补充专利情况")
    write(by, gold.id, gold.person_id, 2026, ReportFacts(1, 2, 1, TEXT), submit=True)
    with pytest.raises(Refused, match="handed it in"):
        selection_holders_reports.accept_report(by, key)
    selection_holders_reports.accept_report(decided.staff(AFTER), key)
    row = db.session.get_one(SelectionReport, key)
    assert (row.state, row.patents, row.text) == (HolderReportState.ACCEPTED, 1, TEXT)
    with pytest.raises(Refused, match="handed in"):
        write(by, gold.id, gold.person_id, 2026, ReportFacts())


def test_benefits_fall_due_year_by_year_and_terms_end_by_the_clock(decided: ListStory) -> None:
    gold, craftsman = holders()["王金匠"], holders()["李工匠"]
    shown = [(one.title, one.year) for one in selection_holders.benefits_of(gold.id)]
    assert shown == [("疗休养", 2026), ("人才津贴", 2026)]
    for year in (2027, 2028, 2029):
        now = datetime(year, 1, 2, 2, tzinfo=UTC)
        selection_holders_benefits.lay_out_year(decided.build.actor(now=now))
        selection_holders_benefits.lay_out_year(decided.build.actor(now=now))
    own = [(one.key, one.year) for one in selection_holders.benefits_of(gold.id)]
    assert sorted(own) == [
        ("allowance", 2026), ("allowance", 2027), ("allowance", 2028),
        ("check", 2027), ("check", 2028), ("check", 2029),
        ("cure", 2026), ("cure", 2027), ("cure", 2028),
    ]  # fmt: skip
    assert len(selection_holders.benefits_of(craftsman.id)) == 6
    cure = next(one for one in selection_holders.benefits_of(gold.id) if one.key == "cure")
    by = decided.staff(AFTER + timedelta(days=30))
    record = selection_holders_benefits.record_benefit
    with pytest.raises(Refused, match="day on which"):
        record(by, cure.id, cure.version, BenefitState.GIVEN)
    record(by, cure.id, cure.version, BenefitState.GIVEN, given_on=by.today, note="杭州疗休养院")
    allowance = selection_holders.benefits_of(gold.id)[1]
    with pytest.raises(Refused, match="payment series"):
        record(by, allowance.id, allowance.version, BenefitState.GIVEN, given_on=by.today)
    late = decided.build.actor(now=datetime(2029, 9, 25, 2, tzinfo=UTC))
    selection_holders_benefits.lay_out_year(late)
    assert {one.state for one in holders().values()} == {HolderState.ENDED}
    assert selection_holders.list_present(late.today) == []


def order_of_allowances(story: ListStory, now: datetime) -> int:
    payer = story.payer(now=now)
    series = payouts_series.open_series(
        payer, code="JT2026", title="名匠津贴", kind=SeriesKind.BENEFITS,
        treatment=Treatment.EXEMPT, basis="市人才政策",
    )  # fmt: skip
    for person in story.people:
        payee = Payee(PERSON, person.id, person.name)
        payouts_accounts.enter_account(payer, None, payee, typed_card(person.name), paper="确认表")
    order = payouts_series.prepare_series(payer, series)
    payouts.submit(payer, order)
    return payouts.approve(story.payer("approver", now), order)


def test_allowances_are_paid_through_a_series_and_revocation_takes_all_back(
    decided: ListStory,
) -> None:
    now = datetime(2026, 12, 31, 2, tzinfo=UTC)
    certificates.issue(decided.staff(AFTER), decided.contest.id)
    order = order_of_allowances(decided, now)
    lines = lines_of(order)
    assert [(one.gross, one.tax) for one in lines] == [(Decimal(6000), Decimal(0))] * 2
    allowances = select(SelectionBenefit).where(SelectionBenefit.key == "allowance")
    assert {one.state for one in db.session.scalars(allowances)} == {BenefitState.ORDERED}
    payouts.stop_line(decided.payer(now=now), lines[1].id, reason="账户有误")
    db.session.expire_all()
    stood = {one.holder.person.name: one.state for one in db.session.scalars(allowances)}
    assert stood == {"王金匠": BenefitState.ORDERED, "李工匠": BenefitState.DUE}
    gold = holders()["王金匠"]
    first, second = decided.staff(now), decided.second(now)
    selection_holders_revoking.propose_revocation(first, gold.id, reason="申报材料造假")
    with pytest.raises(Refused, match="Somebody else"):
        selection_holders_revoking.confirm_revocation(first, gold.id)
    selection_holders_revoking.confirm_revocation(second, gold.id)
    gold = holders()["王金匠"]
    assert (gold.state, str(gold.barred_until)) == (HolderState.REVOKED, "2031-12-31")
    assert gold.honour.state is HonourState.REVOKED
    paper = db.session.scalars(
        select(Certificate).where(Certificate.person_id == gold.person_id)
    ).one()
    assert paper.state is CertificateState.REVOKED
    assert lines_of(order)[0].state is PayoutLineState.STOPPED
    states = {one.key: one.state for one in selection_holders.benefits_of(gold.id)}
    assert states == {"cure": BenefitState.CANCELLED, "allowance": BenefitState.CANCELLED}
    assert selection_holders.totals(Wanted(state=HolderState.RUNNING)).times == 1


def test_a_prize_that_was_paid_comes_back(decided: ListStory) -> None:
    order = decided.approved_order()
    payer = decided.payer()
    pay(order, payer)
    gold = holders()["王金匠"]
    selection_holders_revoking.propose_revocation(decided.staff(AFTER), gold.id, reason="造假")
    selection_holders_revoking.confirm_revocation(decided.second(AFTER), gold.id)
    recovery = db.session.scalars(select(PayoutRecovery)).one()
    assert (recovery.gross, recovery.contest_id) == (Decimal(20000), decided.contest.id)


def pay(order: int, payer: Any) -> None:
    """Let the bank say that everything of an order was paid."""
    payouts_batches.export(payer, order, None, "xlsx", str)
    data = answer(order)
    payouts_returns.confirm(payer, payouts_returns.receive(payer, order, data, "回盘.xlsx"))


def test_a_proposed_revocation_can_fall(decided: ListStory) -> None:
    gold = holders()["王金匠"]
    selection_holders_revoking.propose_revocation(decided.staff(AFTER), gold.id, reason="举报")
    selection_holders_revoking.drop_revocation(decided.second(AFTER), gold.id)
    assert holders()["王金匠"].revoking_at is None
    with pytest.raises(Refused, match="No revocation"):
        selection_holders_revoking.confirm_revocation(decided.second(AFTER), gold.id)
