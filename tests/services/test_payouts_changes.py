"""What later events do to payments: answers of the bank, revocations, new results, pay-backs."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text, update

from models.audits import AuditRecord
from models.awards import AwardShare
from models.certificates import Certificate
from models.contests import Event
from models.database import db
from models.entries import EntryCoach, EntryMember
from models.honours import Honour
from models.judging import Mark, Sheet
from models.payouts import PayoutClaim, PayoutLine, PayoutOrder, PayoutRecovery, PayoutReturn
from models.people import Employer
from models.works import Work
from rules.allocation import Tier
from rules.award_honours import ConditionalHonour
from rules.honours import HonourKind
from rules.organisation_prizes import OrganisationPrize
from rules.payout_layouts import reference_of
from rules.payout_returns import PayMatch
from rules.payouts import Obstacle
from rules.plans import EditionRules
from rules.states import (
    EventState,
    PayoutLineState,
    PayoutState,
    RecoveryState,
    ReturnState,
)
from services import (
    awards,
    awards_organisations,
    certificates,
    documents,
    honours,
    jobs,
    judging,
    notices,
    payouts,
    payouts_batches,
    payouts_budget,
    payouts_letters,
    payouts_recoveries,
    payouts_returns,
    payouts_taxes,
    results,
)
from services.workbooks import Column
from services.workbooks_writing import write_csv, write_table
from tests.builders import Builder
from tests.payout_story import PayoutStory, lines_of, sum_of
from tests.results_story import AFTER, TODAY
from tests.services.test_objections_outcomes import carried, posted_again
from tests.services.test_payouts import (
    FIRST,
    SECOND,
    contested,
    obstacles,
    plan,
    refused,
    shares,
    with_purse,
)

HEADS = ("业务参考号", "收款账号", "金额", "处理结果", "失败原因", "交易日期")
REASON = "冒名顶替参赛，经查属实"


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """A final event with three winners who have accounts."""
    found = PayoutStory(build, plan=plan(FIRST, SECOND))
    found.bank(*found.field(["95", "85", "75"]))
    found.issued()
    return found


def sent(story: PayoutStory) -> int:
    """Bring an order to the bank."""
    key = story.approved()
    payouts_batches.export(story.payer, key, None, "xlsx", str)
    return key


def answer(key: int, **changes: dict[str, str]) -> bytes:
    """The bank's answer to the sent lines of an order; ``row0`` and so on change a row."""
    rows = []
    waiting = [one for one in lines_of(key) if one.state is PayoutLineState.SENT]
    for place, line in enumerate(waiting):
        row = {
            "业务参考号": reference_of(line.id),
            "收款账号": line.account.number or "",
            "金额": f"{line.net:,.2f}",
            "处理结果": "交易成功",
        }
        rows.append(row | changes.get(f"row{place}", {}))
    table = [Column(head, (head,)) for head in HEADS]
    return write_table(table, rows, "回盘")


def received(story: PayoutStory, key: int, data: bytes) -> PayoutReturn:
    stored = payouts_returns.receive(story.payer, key, data, "回盘.xlsx")
    return db.session.get_one(PayoutReturn, stored)


def paid(story: PayoutStory, key: int | None = None, **changes: dict[str, str]) -> int:
    """Let the bank pay an order."""
    key = sent(story) if key is None else key
    stored = received(story, key, answer(key, **changes))
    payouts_returns.confirm(story.payer, stored.id)
    return key


def matches(stored: PayoutReturn) -> list[PayMatch]:
    return [one.match for one in payouts_returns.report(stored)]


def states(key: int) -> list[PayoutLineState]:
    return [line.state for line in lines_of(key)]


def order(key: int) -> PayoutOrder:
    db.session.expire_all()
    return db.session.get_one(PayoutOrder, key)


def recoveries() -> list[PayoutRecovery]:
    db.session.expire_all()
    return list(db.session.scalars(select(PayoutRecovery).order_by(PayoutRecovery.id)))


def test_an_order_that_is_not_approved_does_not_leave(story: PayoutStory) -> None:
    key = story.submitted()
    told = refused(payouts_batches.export, story.payer, key, None, "xlsx", str)
    assert "once it is approved" in told


def test_an_order_that_was_changed_behind_our_back_does_not_leave(story: PayoutStory) -> None:
    key = story.approved()
    line = lines_of(key)[0]
    db.session.execute(
        text("UPDATE payout_line SET gross = 1000000000, net = 999800000 WHERE id = :id"),
        {"id": line.id},
    )
    db.session.commit()
    told = refused(payouts_batches.export, story.payer, key, None, "xlsx", str)
    assert "no longer what was approved" in told


def test_the_batch_holds_full_accounts_and_the_record_none(story: PayoutStory) -> None:
    key = story.approved()
    made = payouts_batches.export(story.payer, key, None, "xlsx", str)
    rows = list(openpyxl.load_workbook(io.BytesIO(made)).worksheets[0].values)
    assert [row[7] for row in rows[1:]] == [8000, 4000, 4000]
    numbers = [line.account.number for line in lines_of(key)]
    assert [row[2] for row in rows[1:]] == numbers
    for record in db.session.scalars(select(AuditRecord)):
        assert not [one for one in numbers if one and one in str(record.after)]
    assert order(key).state is PayoutState.SENT
    again = payouts_batches.export(story.payer, key, None, "csv", str)
    assert again.decode("utf-8-sig").count("\r\n") == 4
    assert {line.batch for line in lines_of(key)} == {1}


def test_a_held_line_goes_with_a_later_file(story: PayoutStory) -> None:
    key = story.approved()
    appeal = contested(story, 1)
    made = payouts_batches.export(story.payer, key, None, "csv", str)
    assert made.decode("utf-8-sig").count("\r\n") == 3
    assert states(key)[1] is PayoutLineState.HELD
    db.session.execute(text("UPDATE appeal SET state = 'withdrawn' WHERE id = :id"), {"id": appeal})
    db.session.commit()
    made = payouts_batches.export(story.payer, key, None, "csv", str)
    assert made.decode("utf-8-sig").count("\r\n") == 2
    assert [line.batch for line in lines_of(key)] == [1, 2, 1]


def test_where_everybody_is_held_nothing_leaves(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST))
    story.bank(*story.field(["95"]))
    story.final()
    key = story.approved()
    contested(story, 0)
    assert "nothing can go" in refused(payouts_batches.export, story.payer, key, None, "xlsx", str)


def test_the_bank_s_answer_pays_and_settles(story: PayoutStory) -> None:
    key = sent(story)
    stored = received(story, key, answer(key, row0={"交易日期": "2026-10-20"}))
    assert matches(stored) == [PayMatch.PAID] * 3
    assert states(key) == [PayoutLineState.SENT] * 3  # nothing before it is confirmed
    payouts_returns.confirm(story.payer, stored.id)
    assert states(key) == [PayoutLineState.PAID] * 3
    assert order(key).state is PayoutState.SETTLED
    paid_at = lines_of(key)[0].paid_at
    assert paid_at is not None and paid_at.date().isoformat() == "2026-10-20"
    told = refused(payouts_returns.confirm, story.payer, stored.id)
    assert "not possible" in told


def test_what_does_not_fit_is_named_and_only_the_rest_counts(story: PayoutStory) -> None:
    key = sent(story)
    data = answer(key, row0={"金额": "8000.01"}, row1={"收款账号": "6222020000000000000"})
    stored = received(story, key, data)
    assert matches(stored) == [
        PayMatch.AMOUNT_DIFFERS,
        PayMatch.ACCOUNT_DIFFERS,
        PayMatch.PAID,
    ]
    payouts_returns.confirm(story.payer, stored.id)
    assert order(key).state is PayoutState.SENT
    second = received(story, key, answer(key))
    assert matches(second) == [PayMatch.PAID] * 2
    third = received(story, key, answer(key, row0={"业务参考号": "F99999999"}))
    assert matches(third) == [PayMatch.UNKNOWN, PayMatch.PAID, PayMatch.MISSING]
    fourth = received(story, key, answer(key, row0={"处理结果": "待查"}))
    assert matches(fourth) == [PayMatch.NO_RESULT, PayMatch.PAID]
    twice = reference_of(lines_of(key)[1].id)
    fifth = received(story, key, answer(key, row0={"业务参考号": twice}))
    assert matches(fifth) == [PayMatch.TWICE, PayMatch.TWICE, PayMatch.MISSING]


def test_a_csv_is_read_as_well_and_a_wrong_file_is_refused(story: PayoutStory) -> None:
    key = sent(story)
    line = lines_of(key)[0]
    rows = [HEADS, (reference_of(line.id), line.account.number, "8000", "失败", "户名不符", "")]
    stored = payouts_returns.receive(story.payer, key, write_csv(rows), "回盘.csv")
    assert matches(db.session.get_one(PayoutReturn, stored))[0] is PayMatch.FAILED
    told = refused(payouts_returns.receive, story.payer, key, write_csv([("甲",)]), "x.csv")
    assert told


def test_nothing_of_an_account_is_kept_of_an_answer(story: PayoutStory) -> None:
    key = sent(story)
    stored = received(story, key, answer(key))
    numbers = [line.account.number for line in lines_of(key)]
    assert not [one for one in numbers if one and one in str(stored.rows)]
    raw = db.session.connection().exec_driver_sql("SELECT rows FROM payout_return").scalar_one()
    assert numbers[0] is not None and reference_of(lines_of(key)[0].id) not in raw


def test_a_failed_line_is_ordered_again_under_the_same_claim(story: PayoutStory) -> None:
    key = paid(story, row0={"处理结果": "失败", "失败原因": "账号户名不符"})
    assert order(key).state is PayoutState.SETTLED
    failed = lines_of(key)[0]
    assert (failed.state, failed.live, failed.reason) == (
        PayoutLineState.FAILED,
        False,
        "账号户名不符",
    )
    person = shares()[0].person
    assert person is not None
    story.pay_to(person)
    second = story.prepared()
    (line,) = lines_of(second)
    assert (line.claim_id, line.part) == (failed.claim_id, 0)
    assert line.account_id != failed.account_id
    payouts.submit(story.payer, second)
    payouts.approve(story.approver, second)
    payouts_batches.export(story.payer, second, None, "xlsx", str)
    paid(story, second)
    total = select(PayoutLine).where(PayoutLine.claim_id == line.claim_id, PayoutLine.live)
    assert len(db.session.scalars(total).all()) == 1


def test_an_answer_is_undone_while_nothing_follows(story: PayoutStory) -> None:
    key = sent(story)
    stored = received(story, key, answer(key, row0={"处理结果": "失败"}))
    payouts_returns.confirm(story.payer, stored.id)
    payouts_returns.undo(story.payer, stored.id, reason="文件有误")
    assert states(key) == [PayoutLineState.SENT] * 3 and order(key).state is PayoutState.SENT
    assert db.session.get_one(PayoutReturn, stored.id).state is ReturnState.UNDONE
    again = received(story, key, answer(key, row0={"处理结果": "失败"}))
    payouts_returns.confirm(story.payer, again.id)
    story.prepared()
    told = refused(payouts_returns.undo, story.payer, again.id, reason="再撤")
    assert "Something follows" in told


def test_a_file_is_put_away_without_effect(story: PayoutStory) -> None:
    key = sent(story)
    stored = received(story, key, answer(key))
    payouts_returns.discard(story.payer, stored.id)
    assert states(key) == [PayoutLineState.SENT] * 3
    assert db.session.get_one(PayoutReturn, stored.id).rows == []


def test_the_bank_answers_what_was_sent(story: PayoutStory) -> None:
    key = story.approved()
    told = refused(payouts_returns.receive, story.payer, key, b"x", "x.csv")
    assert "orders that were sent" in told


def prize_of(place: int) -> Honour:
    query = select(Honour).where(
        Honour.entry_id == shares()[place].entry_id, Honour.kind == HonourKind.PRIZE
    )
    return db.session.scalars(query).one()


def test_a_revoked_honour_stops_an_unsent_line_at_once(story: PayoutStory) -> None:
    key = story.approved()
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    line = lines_of(key)[0]
    assert (line.state, line.reason, line.live) == (PayoutLineState.STOPPED, REASON, False)
    assert obstacles(story)[0] is Obstacle.REVOKED
    payouts_batches.export(story.payer, key, None, "xlsx", str)
    assert states(key)[0] is PayoutLineState.STOPPED
    assert awards.list_payments(None, story.contest.id).page.total == 2


def test_a_revoked_honour_before_any_order_is_never_ordered(story: PayoutStory) -> None:
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    assert obstacles(story) == [Obstacle.REVOKED, None, None]
    share = shares()[0]
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[share.id])
    assert "honour was revoked" in told


def test_a_revoked_honour_asks_paid_money_back(story: PayoutStory) -> None:
    key = paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    (back,) = recoveries()
    assert (back.gross, back.net, back.received) == (10000, 8000, 0)
    assert states(key)[0] is PayoutLineState.RECOVERING
    payouts_recoveries.receive_money(
        story.payer, back.id, amount=Decimal(3000), version=back.version
    )
    (back,) = recoveries()
    told = refused(
        payouts_recoveries.receive_money,
        story.payer,
        back.id,
        amount=Decimal("5000.01"),
        version=back.version,
    )
    assert "Not more than 5000.00" in told
    payouts_recoveries.receive_money(
        story.payer, back.id, amount=Decimal(5000), version=back.version
    )
    (back,) = recoveries()
    assert back.state is RecoveryState.RECEIVED
    assert states(key)[0] is PayoutLineState.PAID_BACK
    assert obstacles(story)[0] is Obstacle.REVOKED


def test_a_payment_under_way_is_asked_back_once_the_bank_has_paid(story: PayoutStory) -> None:
    key = sent(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    assert states(key)[0] is PayoutLineState.SENT and recoveries() == []
    paid(story, key)
    (back,) = recoveries()
    assert (back.net, back.reason) == (8000, REASON)


def test_a_title_alone_takes_no_money(story: PayoutStory) -> None:
    key = paid(story)
    query = select(Honour.id).where(Honour.kind == HonourKind.TITLE)
    title = db.session.scalars(query).first()
    if title is None:
        title = prize_of(0).id
        db.session.execute(update(Honour).where(Honour.id == title).values(kind=HonourKind.TITLE))
        db.session.commit()
    honours.revoke(story.actor("bureau_staff", AFTER), title, reason="称号有误")
    assert recoveries() == [] and states(key) == [PayoutLineState.PAID] * 3


def paper_of(place: int) -> Certificate:
    query = select(Certificate).join(Certificate.award)
    wanted = shares()[place]
    return db.session.scalars(query.where(Certificate.person_id == wanted.person_id)).one()


def test_a_revoked_certificate_asks_money_back_and_one_issued_anew_lets_it_go(
    story: PayoutStory,
) -> None:
    key = paid(story)
    bureau = story.actor("bureau_staff", AFTER)
    paper = paper_of(0).id
    certificates.revoke(bureau, paper, reason="姓名有误")
    assert [one.net for one in recoveries()] == [8000]
    certificates.reissue(bureau, paper)
    assert [one.state for one in recoveries()] == [RecoveryState.CANCELLED]
    assert states(key)[0] is PayoutLineState.PAID
    assert obstacles(story)[0] is Obstacle.ORDERED


def test_a_stopped_line_is_ordered_again_once_the_certificate_is_issued_anew(
    story: PayoutStory,
) -> None:
    key = story.approved()
    bureau = story.actor("bureau_staff", AFTER)
    paper = paper_of(0).id
    certificates.revoke(bureau, paper, reason="姓名有误")
    assert states(key)[0] is PayoutLineState.STOPPED
    certificates.reissue(bureau, paper)
    assert [line.payee for line in lines_of(story.prepared())] == [lines_of(key)[0].payee]


def test_a_certificate_issued_anew_does_not_bring_back_a_revoked_honour(
    story: PayoutStory,
) -> None:
    bureau = story.actor("bureau_staff", AFTER)
    paper = paper_of(0).id
    honours.revoke(bureau, prize_of(0).id, reason=REASON)
    certificates.reissue(bureau, paper)
    assert obstacles(story)[0] is Obstacle.REVOKED


def test_a_waiver_takes_two_people(story: PayoutStory) -> None:
    key = paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    (back,) = recoveries()
    assert "Nobody has proposed" in refused(
        payouts_recoveries.agree_waiver, story.approver, back.id
    )
    payouts_recoveries.propose_waiver(story.payer, back.id, reason="本人已故，无遗产")
    assert "Somebody else must agree" in refused(
        payouts_recoveries.agree_waiver, story.payer, back.id
    )
    payouts_recoveries.agree_waiver(story.approver, back.id)
    (back,) = recoveries()
    assert back.state is RecoveryState.WAIVED and states(key)[0] is PayoutLineState.PAID
    told = refused(payouts_recoveries.propose_waiver, story.payer, back.id, reason="再免")
    assert "is closed" in told


def test_a_stale_page_records_no_money_twice(story: PayoutStory) -> None:
    paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    (back,) = recoveries()
    version = back.version
    receive = payouts_recoveries.receive_money
    receive(story.payer, back.id, amount=Decimal(10), version=version)
    told = refused(receive, story.payer, back.id, amount=Decimal(10), version=version)
    assert "meanwhile" in told
    assert recoveries()[0].received == 10


def again(story: PayoutStory, totals: dict[int, str]) -> None:
    """Let a final event be marked anew, as if a court had ordered it, and become final again."""
    db.session.execute(update(Event).values(state=EventState.REVIEW))
    for entry_id, mark in totals.items():
        query = (
            select(Mark)
            .join(Sheet, Sheet.id == Mark.sheet_id)
            .join(Work, Work.id == Sheet.work_id)
            .where(Work.entry_id == entry_id)
        )
        for row in db.session.scalars(query):
            row.value = Decimal(mark)
    db.session.commit()
    db.session.expire_all()
    story.final()


def test_new_results_stop_what_was_not_sent(story: PayoutStory) -> None:
    key = story.approved()
    db.session.execute(update(Event).values(state=EventState.REVIEW))
    db.session.commit()
    results.compute(story.actor("organizer"), story.event.id)
    assert states(key) == [PayoutLineState.STOPPED] * 3
    assert obstacles(story) == [Obstacle.DRAFT] * 3


def test_marks_that_are_opened_again_stop_what_was_not_sent(story: PayoutStory) -> None:
    key = story.approved()
    db.session.execute(update(Event).values(state=EventState.REVIEW))
    db.session.commit()
    event = db.session.get_one(Event, story.event.id)
    judging.take_back(story.actor("chief_judge"), event)
    db.session.commit()
    assert states(key) == [PayoutLineState.STOPPED] * 3


def test_whoever_rises_gets_the_difference_and_whoever_falls_pays_back(
    story: PayoutStory,
) -> None:
    first = paid(story)
    entries = [line.claim.entry_id for line in lines_of(first)]
    again(story, {entries[0]: "80", entries[1]: "96"})
    (back,) = recoveries()
    assert (back.gross, back.net) == (5000, 4000)
    assert back.line.claim.entry_id == entries[0]
    second = story.prepared()
    (difference,) = lines_of(second)
    assert difference.claim.entry_id == entries[1] and difference.part == 1
    assert (difference.gross, difference.tax, difference.net) == (5000, 1000, 4000)
    payouts.submit(story.payer, second)
    payouts.approve(story.approver, second)
    payouts_batches.export(story.payer, second, None, "xlsx", str)
    paid(story, second)
    payouts_recoveries.receive_money(
        story.payer, back.id, amount=Decimal(4000), version=back.version
    )
    assert states(first)[0] is PayoutLineState.PAID
    listed = awards.list_payments(None, story.contest.id)
    gross = sum_of(first)[0] + sum_of(second)[0] - recoveries()[0].gross
    assert gross == listed.gross == 20000
    assert db.session.query(PayoutClaim).count() == 3


def test_whoever_falls_out_after_a_difference_pays_both_back(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST, SECOND))
    story.bank(*story.field(["95", "85", "75", "65"]))
    story.final()
    first = paid(story)
    entries = [line.claim.entry_id for line in lines_of(first)]
    again(story, {entries[0]: "80", entries[1]: "96"})
    second = story.prepared()
    payouts.submit(story.payer, second)
    payouts.approve(story.approver, second)
    payouts_batches.export(story.payer, second, None, "xlsx", str)
    paid(story, second)
    again(story, {entries[1]: "10"})
    own = [one for one in recoveries() if one.line.claim.entry_id == entries[1]]
    assert sorted(one.gross for one in own) == [5000, 5000]


def test_the_same_results_ask_nothing_back(story: PayoutStory) -> None:
    paid(story)
    again(story, {})
    assert recoveries() == [] and obstacles(story) == [Obstacle.ORDERED] * 3


def test_coaches_and_teams_lose_their_money_too(build: Builder) -> None:
    team = Tier(
        key="first",
        name="一等奖",
        amount=Decimal(9000),
        places=1,
        paid_to="team",
        coach_amount=Decimal(3000),
    )
    coached = ConditionalHonour(title="优秀教练", given_to="coaches")
    story = PayoutStory(build, plan=plan(team, honours=(coached,)))
    entry, coach = story.entry("95", "95"), build.person()
    second = build.person()
    entry.members.append(EntryMember(person_id=second.id, event_id=story.event.id, position=2))
    db.session.add(EntryCoach(entry_id=entry.id, person_id=coach.id, position=1))
    db.session.commit()
    story.bank(entry)
    story.pay_to(coach)
    story.final()
    key = paid(story)
    by = story.actor("bureau_staff", AFTER)
    titles = db.session.scalars(select(Honour).where(Honour.person_id == coach.id)).all()
    honours.revoke(by, titles[0].id, reason="挂名教练")
    assert [one.line.claim.person_id for one in recoveries()] == [coach.id]
    member = select(Honour.id).where(Honour.person_id == second.id, Honour.kind == HonourKind.PRIZE)
    honours.revoke(by, db.session.scalars(member).one(), reason=REASON)
    assert [one.net for one in recoveries()] == [2400, 7200]
    assert states(key) == [PayoutLineState.RECOVERING] * 2


def test_a_prize_of_an_employer_that_goes_to_another_comes_back(build: Builder) -> None:
    prize = OrganisationPrize(key="org", title="优秀组织奖", amount=Decimal(2000), winners=1)
    story = PayoutStory(
        build,
        plan=plan(Tier(key="first", name="一等奖", amount=Decimal(0), places=1)),
        edition=EditionRules(organisation_prizes=(prize,)),
    )
    first, other = build.employer(), build.employer()
    story.entry("95", "95", employer_id=first.id)
    moved = [story.entry(mark, mark, employer_id=first.id) for mark in ("85", "75")]
    story.final()
    give = awards_organisations.give_prizes
    give(story.actor("organizer", AFTER), story.contest.id, {})
    story.pay_to_employer(first)
    story.pay_to_employer(other)
    key = paid(story)
    assert sum_of(key) == (2000, 0, 2000)
    for entry in moved:
        entry.employer_id = other.id
    db.session.commit()
    give(story.actor("organizer", AFTER), story.contest.id, {})
    (back,) = recoveries()
    assert (back.net, back.line.payee) == (2000, db.session.get_one(Employer, first.id).title)
    (line,) = lines_of(story.prepared())
    assert line.payee == other.title


def test_the_budget_line_spends_what_is_paid_and_gets_back_what_comes_back(
    build: Builder,
) -> None:
    story = with_purse(build, "25000")
    key = sent(story)
    paid(story, key, row2={"处理结果": "失败"})
    purse = payouts_budget.purses_of(story.contest)["A1"]
    assert (purse.reserved, purse.spent, purse.free) == (0, 15000, 10000)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    (back,) = recoveries()
    payouts_recoveries.receive_money(story.payer, back.id, amount=back.net, version=back.version)
    purse = payouts_budget.purses_of(story.contest)["A1"]
    assert (purse.spent, purse.free) == (5000, 20000)


def test_the_tax_list_of_the_month_has_identity_numbers_and_adds_up(
    story: PayoutStory,
) -> None:
    paid(story)
    day = AFTER.date()
    first, last = day.replace(day=1), day.replace(day=28)
    month = payouts_taxes.month_rows(None, first, last)
    assert (month.gross, month.tax, len(month.rows)) == (20000, 4000, 3)
    assert payouts_taxes.month_rows(frozenset(), first, last).rows == []
    made = payouts_taxes.export_taxes(story.payer, None, first, last, str, str)
    rows = list(openpyxl.load_workbook(io.BytesIO(made)).worksheets[0].values)
    ids = {one.person.id_number for one in shares() if one.person}
    assert {row[3] for row in rows[1:-1]} == ids
    assert rows[-1][5] == 20000 and rows[-1][8] == 4000
    query = select(AuditRecord).where(AuditRecord.action == "export_taxes")
    (record,) = db.session.scalars(query)
    assert not [one for one in ids if one in str(record.after)]
    told = refused(payouts_taxes.export_taxes, story.payer, None, TODAY, TODAY, str, str)
    assert "Nothing was paid" in told


def test_money_that_came_back_is_taken_off_the_tax_list(story: PayoutStory) -> None:
    paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    (back,) = recoveries()
    payouts_recoveries.receive_money(story.payer, back.id, amount=back.net, version=back.version)
    day = AFTER.date()
    month = payouts_taxes.month_rows(None, day.replace(day=1), day.replace(day=28))
    assert (month.gross, month.tax) == (10000, 2000)
    assert [one.gross for one in month.rows if one.is_back] == [-10000]


def test_a_team_s_income_is_listed_member_by_member(build: Builder) -> None:
    team = Tier(key="first", name="一等奖", amount=Decimal("100.01"), places=1, paid_to="team")
    story = PayoutStory(build, plan=plan(team))
    entry = story.entry("95", "95")
    person = build.person()
    entry.members.append(EntryMember(person_id=person.id, event_id=story.event.id, position=2))
    db.session.commit()
    story.bank(entry)
    story.final()
    paid(story)
    day = AFTER.date()
    month = payouts_taxes.month_rows(None, day.replace(day=1), day.replace(day=28))
    assert [one.gross for one in month.rows] == [Decimal("50.01"), Decimal("50.00")]
    assert sum(one.tax for one in month.rows) == Decimal("20.00")


def test_the_letter_says_what_must_come_back(
    story: PayoutStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    pages: list[str] = []
    monkeypatch.setattr(documents, "_render", lambda page, *_more: pages.append(page) or b"%PDF-")
    payouts_letters.recovery_letter(recoveries()[0].id, str)
    assert "奖金追回通知书" in pages[0] and "捌仟元整" in pages[0] and REASON in pages[0]


def test_every_act_leaves_its_record(story: PayoutStory) -> None:
    paid(story)
    honours.revoke(story.actor("bureau_staff", AFTER), prize_of(0).id, reason=REASON)
    query = select(AuditRecord.action).where(AuditRecord.subject.in_(("payout_order", "recovery")))
    found: list[Any] = list(db.session.scalars(query.order_by(AuditRecord.id)))
    assert found == [
        "prepare",
        "submit",
        "approve",
        "send",
        "export",
        "receive",
        "confirm_answer",
        "settle",
        "open_recovery",
    ]
    assert db.session.query(AwardShare).count() == 3


def test_an_upheld_objection_to_a_paid_prize_moves_the_money(build: Builder) -> None:
    """The whole way: paid, objected to in time by letter, taken out, posted again, final."""
    story: Any = PayoutStory(build, plan=plan(FIRST, SECOND))
    story.entries = story.field(["95", "85", "75", "65"])
    story.bank(*story.entries)
    story.notice = story.posted()
    notices.close(story.actor("bureau_staff", AFTER), story.notice)
    key = paid(story)
    carried(story, now=AFTER)
    assert obstacles(story) == [] and recoveries() == []
    again_posted = posted_again(story, AFTER)
    assert set(obstacles(story)) == {Obstacle.NOTICE_OPEN}
    later = AFTER + timedelta(days=30)
    notices.close(story.actor("bureau_staff", later), again_posted.id)
    (back,) = recoveries()
    assert (back.net, back.line.claim.entry_id) == (8000, story.entries[0].id)
    assert states(key)[0] is PayoutLineState.RECOVERING
    lines = lines_of(story.prepared())
    assert [(line.claim.entry_id, line.part, line.gross) for line in lines] == [
        (story.entries[1].id, 1, 5000),
        (story.entries[3].id, 0, 5000),
    ]


def test_the_job_forgets_accounts_after_the_days_of_the_settings(story: PayoutStory) -> None:
    key = paid(story)
    jobs.forget_accounts(180, AFTER + timedelta(days=179))
    assert all(line.account.number for line in lines_of(key))
    for _ in range(2):
        jobs.forget_accounts(180, AFTER + timedelta(days=181))
    assert not any(line.account.number or line.account.holder for line in lines_of(key))
    assert "forgotten" in refused(payouts_batches.export, story.payer, key, None, "csv", str)
