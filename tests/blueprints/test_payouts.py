"""The pages of payment orders: who may do what, and the way from the prize to the bank's file."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.accounts import Account
from models.awards import AwardShare
from models.database import db
from models.entries import EntryCoach
from models.honours import Honour
from models.payouts import BankAccount, PayoutLayout, PayoutLine, PayoutOrder
from rules.honours import HonourKind
from rules.payouts import Treatment
from rules.states import PayoutLineState, PayoutState, RecoveryState
from services import documents, honours, payouts, payouts_accounts, payouts_returns
from services.payouts_accounts import PERSON
from tests.builders import Builder, sign_in
from tests.payout_story import PayoutStory, card_number, lines_of
from tests.results_story import AFTER
from tests.services.test_payouts import FIRST, SECOND, contested, objected, plan, with_purse
from tests.services.test_payouts_changes import (
    REASON,
    answer,
    paid,
    prize_of,
    received,
    recoveries,
    sent,
)

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """A final event with three winners who have accounts."""
    found = PayoutStory(build, plan=plan(FIRST, SECOND))
    found.bank(*found.field(["95", "85", "75"]))
    found.final()
    return found


def as_payer(client: FlaskClient, clock: Any, story: PayoutStory) -> FlaskClient:
    """Sign the payer in after the notice."""
    clock.now = AFTER
    assert story.payer and story.payer_account is not None
    sign_in(client, story.payer_account)
    return client


def as_approver(client: FlaskClient, story: PayoutStory) -> FlaskClient:
    """Sign the approver in in a browser of her own."""
    other = client.application.test_client()
    assert story.approver and story.approver_account is not None
    sign_in(other, story.approver_account)
    return other


def share_ids() -> list[int]:
    return list(db.session.scalars(select(AwardShare.id).order_by(AwardShare.id)))


def test_the_whole_way_from_the_prize_to_the_bank(
    client: FlaskClient, clock: Any, story: PayoutStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, approver = as_payer(client, clock, story), as_approver(client, story)
    new = f"/contests/{story.contest.id}/payouts/new"
    assert "编制发放单" in payer.get("/payouts").text
    assert payer.get(new).text.count('name="share"') == 3
    reply = payer.post(new, data={"share": share_ids(), "note": "第一批"})
    key = db.session.scalars(select(PayoutOrder.id)).one()
    here = f"/payouts/{key}"
    assert (reply.status_code, reply.headers["Location"]) == (303, here)
    page = payer.get(here).text
    assert "壹万陆仟元整" in page and "代扣代缴" in page
    assert payer.post(f"{here}/approve").status_code == 403
    assert "已提交" in payer.get(payer.post(f"{here}/submit").headers["Location"]).text
    assert "已审批" in approver.get(approver.post(f"{here}/approve").headers["Location"]).text
    assert approver.post(f"{here}/batch").status_code == 403
    file = payer.post(f"{here}/batch", data={"form": "xlsx"})
    assert file.mimetype.endswith("sheet") and file.headers["Cache-Control"] == "no-store"
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    accounts = set(account.number for account in db.session.scalars(select(BankAccount)))
    assert {row[2] for row in rows[1:]} == accounts and [row[7] for row in rows[1:]] == [
        8000,
        4000,
        4000,
    ]
    assert "银行处理中" in payer.get(here).text
    pages: list[str] = []
    monkeypatch.setattr(documents, "_render", lambda page, *_more: pages.append(page) or b"%PDF-")
    assert payer.get(f"{here}/paper").mimetype == "application/pdf"
    assert "奖金发放审批表" in pages[0] and "壹万陆仟元整" in pages[0]
    assert not [number for number in accounts if number and number in pages[0]]
    people = db.session.scalars(select(AwardShare)).all()
    assert not [one for one in people if one.person and one.person.id_number in pages[0]]


def test_no_page_shows_more_than_four_digits(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = story.approved()
    payer = as_payer(client, clock, story)
    numbers = [one.number or "" for one in db.session.scalars(select(BankAccount))]
    person = db.session.scalars(select(AwardShare)).first()
    assert person is not None
    for address in (
        f"/payouts/{key}",
        f"/contests/{story.contest.id}/payouts/new",
        f"/contests/{story.contest.id}/payees/{person.person_id}",
    ):
        text = payer.get(address).text
        assert not [one for one in numbers if one[-5:] in text or one[:10] in text]
        assert any(one[-4:] in text for one in numbers)


def refused_share(client: FlaskClient, contest_id: int, share: int) -> str:
    """Ask for an order with this share; return the page that refuses it."""
    reply = client.post(f"/contests/{contest_id}/payouts/new", data={"share": [share]})
    assert reply.status_code == 422
    assert db.session.query(PayoutOrder).count() == 0
    return reply.text


def test_a_draft_revision_is_refused(client: FlaskClient, clock: Any, build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST))
    story.bank(*story.field(["95"]))
    story.computed()
    as_payer(client, clock, story)
    assert "成绩尚未签署" in refused_share(client, story.contest.id, share_ids()[0])


def test_before_the_notice_ends_it_is_refused(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story = PayoutStory(build, plan=plan(FIRST))
    story.bank(*story.field(["95"]))
    story.posted()
    as_payer(client, clock, story)
    assert "公示期未满" in refused_share(client, story.contest.id, share_ids()[0])


def test_a_person_under_objection_is_refused(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story = PayoutStory(build, plan=plan(FIRST, SECOND))
    objected(story)
    as_payer(client, clock, story)
    assert "有异议尚未处理完毕" in refused_share(client, story.contest.id, share_ids()[0])


def test_a_person_under_appeal_is_refused(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    contested(story, 0)
    as_payer(client, clock, story)
    assert "有申诉尚未处理完毕" in refused_share(client, story.contest.id, share_ids()[0])


def test_another_contest_s_order_and_payees_do_not_exist(
    client: FlaskClient, clock: Any, story: PayoutStory, build: Builder
) -> None:
    key = story.prepared()
    line = lines_of(key)[0]
    clock.now = AFTER
    other = PayoutStory(build, plan=plan(FIRST))
    sign_in(client, build.account("payer", other.contest.id))
    person = line.claim.person_id
    for address in (
        f"/payouts/{key}",
        f"/payouts/{key}/paper",
        f"/payout-lines/{line.id}",
        f"/contests/{story.contest.id}/payouts/new",
        f"/contests/{other.contest.id}/payees/{person}",
        f"/contests/{other.contest.id}/paid-employers/{build.employer().id}",
    ):
        assert client.get(address).status_code == 404, address
    assert story.contest.title not in client.get("/payouts").text


def test_a_payer_of_one_contest_reaches_its_coaches_and_employers(
    client: FlaskClient,
    clock: Any,
    story: PayoutStory,
    build: Builder,
    statements: Statements,
) -> None:
    coach, employer = build.person(), build.employer()
    entry = db.session.scalars(select(AwardShare)).first()
    assert entry is not None and entry.entry is not None
    entry.entry.employer_id = employer.id
    db.session.add(EntryCoach(entry_id=entry.entry_id, person_id=coach.id, position=1))
    db.session.commit()
    as_payer(client, clock, story)
    here = f"/contests/{story.contest.id}"
    assert client.get(f"{here}/payees/{coach.id}").status_code == 200
    number = "3901012345678901"
    data = {
        "kind": "company",
        "holder": employer.title,
        "number": number,
        "again": number,
        "bank": "中国工商银行",
        "paper": "开户许可证",
    }
    with statements() as seen:
        assert client.get(f"{here}/paid-employers/{employer.id}").status_code == 200
    assert len(seen) <= 20
    assert client.post(f"{here}/paid-employers/{employer.id}", data=data).status_code == 303
    account = db.session.scalars(select(BankAccount).where(BankAccount.employer_id.is_not(None)))
    assert account.one().number == number


def typed(name: str, **more: str) -> dict[str, str]:
    number = card_number(4711)
    facts = {"kind": "card", "holder": name, "number": number, "again": number, "bank": "宁波银行"}
    return facts | more


def winner_of(story: PayoutStory) -> Account:
    share = db.session.scalars(select(AwardShare)).first()
    assert share is not None
    return story.build.account("contestant", person_id=share.person_id)


def test_a_winner_enters_the_account_with_consent_and_sees_the_payment(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    story.approved()
    clock.now = AFTER
    account = winner_of(story)
    sign_in(client, account)
    page = client.get("/my-bank-account").text
    assert "10,000" in page and "2,000" in page and "8,000" in page
    assert account.person is not None
    name = account.person.name
    without = client.post("/my-bank-account", data=typed(name))
    assert without.status_code == 422 and card_number(4711) not in without.text
    wrong = client.post("/my-bank-account", data=typed(name, consent="y", again=card_number(1)))
    assert wrong.status_code == 422 and "两次输入的账号不一致" in wrong.text
    assert client.post("/my-bank-account", data=typed(name, consent="y")).status_code == 303
    payee = payouts_accounts.get_payee(PERSON, account.person.id)
    stored = payouts_accounts.current_account(payee)
    assert stored is not None and "敏感个人信息" in stored.consent


def test_nobody_without_a_person_has_an_own_account(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    sign_in(client, build.account("contestant"))
    page = client.get("/my-bank-account")
    assert page.status_code == 200 and "暂不能通过此账号领取奖金" in page.text
    assert "<form" not in page.text.split("<main")[1]
    assert client.post("/my-bank-account", data={}).status_code == 404


def test_a_line_becomes_wages_or_leaves_the_order(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = story.prepared()
    first, second, _third = [line.id for line in lines_of(key)]
    as_payer(client, clock, story)
    empty = client.post(f"/payout-lines/{first}", data={"change": "wages", "reason": ""})
    assert empty.status_code == 422
    client.post(f"/payout-lines/{first}", data={"change": "wages", "reason": "单位发放"})
    client.post(f"/payout-lines/{second}", data={"change": "stop", "reason": "待核实"})
    found = lines_of(key)
    assert found[0].treatment is Treatment.WAGES
    assert found[1].state is PayoutLineState.STOPPED
    again = client.post(f"/payout-lines/{second}", data={"change": "stop", "reason": "重复"})
    assert again.status_code == 422


def test_an_order_is_sent_back_and_cancelled_with_reasons(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = story.submitted()
    payer, approver = as_payer(client, clock, story), as_approver(client, story)
    assert approver.post(f"/payouts/{key}/send-back", data={"reason": ""}).status_code == 422
    approver.post(f"/payouts/{key}/send-back", data={"reason": "请核对"})
    payer.post(f"/payouts/{key}/cancel", data={"reason": "重做"})
    payer.post(f"/payouts/{key}/submit")
    db.session.expire_all()
    assert db.session.get_one(PayoutOrder, key).state is PayoutState.CANCELLED


def test_pressing_twice_makes_one_order(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    as_payer(client, clock, story)
    data = {"share": share_ids(), "request_key": "k1"}
    address = f"/contests/{story.contest.id}/payouts/new"
    first, second = client.post(address, data=data), client.post(address, data=data)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(PayoutOrder).count() == 1 and db.session.query(PayoutLine).count() == 3


def test_the_budget_page_shows_what_is_free(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story = with_purse(build, "25000")
    story.submitted()
    as_payer(client, clock, story)
    page = client.get(f"/contests/{story.contest.id}/budget-lines").text
    assert "竞赛专项" in page and "20,000" in page and "5,000" in page and 'value="80"' in page


def test_columns_of_a_bank_are_saved_and_used(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = story.approved()
    as_payer(client, clock, story)
    fields = ("reference", "account", "holder", "amount", "constant")
    data = {"title": "农商银行"}
    for place, field in enumerate(fields):
        data |= {
            f"columns-{place}-field": field,
            f"columns-{place}-place": str(place + 1),
            f"columns-{place}-heading": f"栏{place}",
            f"columns-{place}-text": "代发" if field == "constant" else "",
        }
    short = {name: text for name, text in data.items() if not name.startswith("columns-3")}
    short["columns-3-field"] = "amount"
    refused = client.post("/payout-layouts/new", data=short)
    assert refused.status_code == 422 and "为必需栏目" in refused.text
    assert client.post("/payout-layouts/new", data=data).status_code == 303
    layout = db.session.scalars(select(PayoutLayout.id)).one()
    assert client.get(f"/payout-layouts/{layout}").status_code == 200
    assert "农商银行" in client.get("/payout-layouts").text
    file = client.post(f"/payouts/{key}/batch", data={"form": "csv", "layout": layout})
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "栏0,栏1,栏2,栏3,栏4"
    assert re.fullmatch(r"F\d{8},\d{19},[^,]+,8000.00,代发", lines[1])


def test_the_pages_ask_the_database_alike_for_few_and_many(
    client: FlaskClient, clock: Any, build: Builder, statements: Statements
) -> None:
    counts = []
    for totals in (["95"], ["95", "85", "75"]):
        story = PayoutStory(build, plan=plan(FIRST, SECOND))
        story.bank(*story.field(totals))
        story.final()
        payer = as_payer(client.application.test_client(), clock, story)
        found = []
        new = f"/contests/{story.contest.id}/payouts/new"
        with statements() as seen:
            payer.get(new)
        found.append(len(seen))
        key = payouts.prepare(story.payer, story.contest.id)
        line = lines_of(key)[0].id
        for address in (
            f"/payouts/{key}",
            "/payouts",
            f"/payout-lines/{line}",
            f"/contests/{story.contest.id}/budget-lines",
            new,
        ):
            with statements() as seen:
                assert payer.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 20


def test_the_bank_s_answer_is_compared_confirmed_and_taken_back(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = sent(story)
    payer, approver = as_payer(client, clock, story), as_approver(client, story)
    here = f"/payouts/{key}"
    assert approver.get(f"{here}/returns").status_code == 403
    data = {"file": (io.BytesIO(answer(key, row0={"处理结果": "失败"})), "回盘.xlsx")}
    report = payer.post(f"{here}/returns", data=data).headers["Location"]
    page = payer.get(report).text
    assert "采用3条" in page and "付款失败" in page
    assert "已采用" in payer.get(payer.post(f"{report}/confirm").headers["Location"]).text
    assert "已结清" in payer.get(here).text
    assert payer.post(f"{report}/undo", data={"reason": ""}).status_code == 422
    assert payer.post(f"{report}/undo", data={"reason": "文件有误"}).status_code == 303
    assert "银行处理中" in payer.get(here).text
    data = {"file": (io.BytesIO(b"no table"), "x.csv")}
    assert payer.post(f"{here}/returns", data=data).status_code == 422
    data = {"file": (io.BytesIO(answer(key)), "回盘.xlsx")}
    other = payer.post(f"{here}/returns", data=data).headers["Location"]
    payer.post(f"{other}/discard")
    assert lines_of(key)[0].state is PayoutLineState.SENT


def test_no_page_of_an_answer_shows_an_account(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    key = sent(story)
    stored = received(story, key, answer(key, row0={"收款账号": "6222000011112222333"}))
    text = as_payer(client, clock, story).get(f"/payout-returns/{stored.id}").text
    assert "2333" in text and "12222333" not in text
    assert not [line for line in lines_of(key) if line.account.number[-6:] in text]


def test_the_taxes_of_a_month_are_for_the_payer_alone(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    paid(story)
    payer, approver = as_payer(client, clock, story), as_approver(client, story)
    assert approver.get("/payout-taxes").status_code == 403
    page = payer.get("/payout-taxes?month=2026-10").text
    assert "2026-11-15" in page and "4,000" in page
    ids = [one.person.id_number for one in db.session.scalars(select(AwardShare)) if one.person]
    assert not [one for one in ids if one in page]
    file = payer.post("/payout-taxes/export", data={"month": "2026-10"})
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert {row[3] for row in rows[1:-1]} == set(ids) and rows[0][8] == "应纳税额"
    empty = payer.post("/payout-taxes/export", data={"month": "2026-01"})
    assert "本月没有付款" in payer.get(empty.headers["Location"]).text
    stranger = client.application.test_client()
    sign_in(stranger, story.build.account("payer", story.build.contest().id))
    assert "4,000" not in stranger.get("/payout-taxes?month=2026-10").text


def test_a_revocation_on_the_page_of_honours_opens_a_pay_back(
    client: FlaskClient, clock: Any, story: PayoutStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(story)
    payer, approver = as_payer(client, clock, story), as_approver(client, story)
    bureau = client.application.test_client()
    sign_in(bureau, story.account("bureau_staff"))
    honour = prize_of(0).id
    bureau.post(f"/honours/{honour}/revoke", data={"reason": REASON, "whole": "y"})
    (back,) = recoveries()
    here = f"/recoveries/{back.id}"
    assert REASON in payer.get("/recoveries").text and "捌仟元整" in payer.get(here).text
    over = {"amount": "9000", "version": back.version}
    assert payer.post(f"{here}/money", data=over).status_code == 422
    assert payer.post(f"{here}/money", data={"amount": "1.005", "version": 1}).status_code == 422
    assert payer.post(f"{here}/money", data=over | {"amount": "3000"}).status_code == 303
    assert payer.post(f"{here}/waiver", data={"reason": ""}).status_code == 422
    assert payer.post(f"{here}/waiver", data={"reason": "无力偿还"}).status_code == 303
    assert payer.post(f"{here}/agree").status_code == 403
    approver.post(f"{here}/agree")
    assert recoveries()[0].state is RecoveryState.WAIVED
    assert approver.post(f"{here}/money", data=over).status_code == 403
    monkeypatch.setattr(documents, "_render", lambda *_more: b"%PDF-")
    assert payer.get(f"{here}/letter").mimetype == "application/pdf"
    stranger = client.application.test_client()
    sign_in(stranger, story.build.account("payer", story.build.contest().id))
    assert stranger.get(here).status_code == 404


def test_answers_and_pay_backs_ask_the_database_alike_for_few_and_many(
    client: FlaskClient, clock: Any, build: Builder, statements: Statements
) -> None:
    counts = []
    for totals in (["95"], ["95", "85", "75"]):
        story = PayoutStory(build, plan=plan(FIRST, SECOND))
        story.bank(*story.field(totals))
        story.final()
        key = sent(story)
        stored = received(story, key, answer(key))
        payouts_returns.confirm(story.payer, stored.id)
        by = story.actor("bureau_staff", AFTER)
        mine = select(Honour.id).where(
            Honour.event_id == story.event.id, Honour.kind == HonourKind.PRIZE
        )
        for honour in db.session.scalars(mine).all():
            honours.revoke(by, honour, reason=REASON)
        payer = as_payer(client.application.test_client(), clock, story)
        back = recoveries()[-1].id
        found = []
        for address in (
            f"/payouts/{key}/returns",
            f"/payout-returns/{stored.id}",
            "/recoveries",
            f"/recoveries/{back}",
            "/payout-taxes?month=2026-10",
        ):
            with statements() as seen:
                assert payer.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 20
