"""Payment orders: who can be paid, two people, one payment for an honour, budget lines, holds."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from models.audits import AuditRecord
from models.awards import AwardShare
from models.contests import Event
from models.database import db
from models.entries import EntryCoach, EntryMember
from models.payouts import BankAccount, PayoutClaim, PayoutLine, PayoutOrder
from models.results import Revision
from rules.allocation import AwardPlan, Tier
from rules.objections import Filing
from rules.organisation_prizes import OrganisationPrize
from rules.payees import AccountKind
from rules.payouts import Obstacle, PayeeKind, Treatment
from rules.plans import BudgetLine, EditionRules, EventPlan, default_event_plan
from rules.refusals import Missing, Refused
from rules.states import (
    ContestState,
    EventState,
    PayoutLineState,
    PayoutState,
    RevisionState,
)
from services import (
    appeals,
    awards,
    awards_organisations,
    notices,
    objections,
    payouts,
    payouts_accounts,
    payouts_budget,
    payouts_dues,
    payouts_lists,
    payouts_papers,
)
from services.acting import Actor
from services.appeals import Ending
from services.payouts_accounts import EMPLOYER, PERSON, Payee, Typed
from tests.builders import Builder
from tests.payout_story import PayoutStory, card_number, lines_of, sum_of, typed_card
from tests.results_story import AFTER, NOW
from tests.services.test_appeals import filing
from tests.services.test_objections import FACTS

BASIS = "《个人所得税法》第四条第一项"


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    db.session.rollback()
    return str(refusal.value)


def plan(*tiers: Tier, **more: Any) -> EventPlan:
    return default_event_plan().model_copy(update={"awards": AwardPlan(tiers=tiers, **more)})


FIRST = Tier(key="first", name="一等奖", amount=Decimal(10000), places=1)
SECOND = Tier(key="second", name="二等奖", amount=Decimal(5000), places=2)


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """A final event with three winners who have accounts."""
    found = PayoutStory(build, plan=plan(FIRST, SECOND))
    found.bank(*found.field(["95", "85", "75"]))
    found.final()
    return found


def shares() -> list[AwardShare]:
    return list(db.session.scalars(select(AwardShare).order_by(AwardShare.id)))


def obstacles(story: PayoutStory) -> list[Obstacle | None]:
    return [one.obstacle for one in payouts_dues.read_dues(story.contest.id)]


def test_an_order_holds_everybody_who_is_due_with_tax_withheld(story: PayoutStory) -> None:
    key = story.prepared()
    lines = lines_of(key)
    assert [(line.gross, line.tax, line.net) for line in lines] == [
        (10000, 2000, 8000),
        (5000, 1000, 4000),
        (5000, 1000, 4000),
    ]
    assert {line.treatment for line in lines} == {Treatment.WITHHELD}
    assert {line.rate for line in lines} == {Decimal("0.2")}
    listed = awards.list_payments(None, story.contest.id)
    assert sum_of(key) == (listed.gross, listed.tax, listed.net)


def test_a_draft_revision_is_refused(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST))
    story.bank(*story.field(["95"]))
    story.computed()
    (share,) = shares()
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[share.id])
    assert "not signed yet" in told
    assert "Nothing can be ordered" in refused(payouts.prepare, story.payer, story.contest.id)
    assert obstacles(story) == [Obstacle.DRAFT]


def test_before_the_notice_ends_it_is_refused(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST))
    story.bank(*story.field(["95"]))
    story.posted()
    (share,) = shares()
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[share.id])
    assert "notice has not ended" in told
    assert obstacles(story) == [Obstacle.NOTICE_OPEN]


def contested(story: PayoutStory, place: int) -> Any:
    """File an appeal about one of the winners."""
    line_entry = shares()[place].entry_id
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    return appeals.file_appeal(story.actor("organizer"), line_entry, filing())


def test_a_person_under_appeal_is_refused_and_nobody_else(story: PayoutStory) -> None:
    contested(story, 1)
    share = shares()[1]
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[share.id])
    assert "An appeal is open" in told
    assert [line.payee for line in lines_of(story.prepared())] == [
        one.payee for one in payouts_dues.read_dues(story.contest.id) if one.share_id != share.id
    ]


def objected(story: PayoutStory) -> int:
    """Bring an event of three winners to its end, with an objection about the first of them."""
    entries = story.field(["95", "85", "75"])
    story.bank(*entries)
    notice = story.posted()
    filed = objections.file_objection(
        Actor(None, NOW, "test"),
        notice,
        Filing(name="王建国", contact="13800001111", facts=FACTS, entry_id=entries[0].id),
    )
    notices.close(story.actor("bureau_staff", AFTER), notice)
    return filed.id


def test_a_person_under_objection_is_refused_and_nobody_else(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST, SECOND))
    objected(story)
    share = shares()[0]
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[share.id])
    assert "An objection is open" in told
    assert len(lines_of(story.prepared())) == 2


def test_whoever_has_no_account_waits(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST, SECOND))
    entries = story.field(["95", "85", "75"])
    story.bank(*entries[1:])
    story.final()
    assert obstacles(story) == [Obstacle.NO_ACCOUNT, None, None]
    assert len(lines_of(story.prepared())) == 2


def test_a_share_of_another_contest_is_not_there(story: PayoutStory, build: Builder) -> None:
    other = PayoutStory(build, plan=plan(FIRST))
    share = shares()[0]
    with pytest.raises(Missing):
        payouts.prepare(other.payer, other.contest.id, shares=[share.id])


def test_there_is_one_payment_for_an_honour(story: PayoutStory) -> None:
    story.prepared()
    assert obstacles(story) == [Obstacle.ORDERED] * 3
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[shares()[0].id])
    assert "one payment for an honour" in told


def test_the_database_keeps_a_second_live_payment_away(story: PayoutStory) -> None:
    line = lines_of(story.prepared())[0]
    values = {c.key: getattr(line, c.key) for c in PayoutLine.__table__.columns if c.key != "id"}
    db.session.add(PayoutLine(**values))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    claim = db.session.scalars(select(PayoutClaim)).first()
    assert claim is not None
    facts = {c.key: getattr(claim, c.key) for c in PayoutClaim.__table__.columns if c.key != "id"}
    db.session.add(PayoutClaim(**facts))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_claim_survives_a_new_revision(story: PayoutStory) -> None:
    first = story.approved()
    again(story)
    assert {line.state for line in lines_of(first)} == {PayoutLineState.STOPPED}
    second = story.prepared()
    assert [x.claim_id for x in lines_of(first)] == [x.claim_id for x in lines_of(second)]
    assert obstacles(story) == [Obstacle.ORDERED] * 3
    assert db.session.query(PayoutClaim).count() == 3


def again(story: PayoutStory) -> None:
    """Let a new revision say the same, as if a final event had been opened again."""
    db.session.execute(update(Event).values(state=EventState.REVIEW))
    db.session.commit()
    story.final()


def test_a_cancelled_order_frees_its_lines_for_the_same_claims(story: PayoutStory) -> None:
    first = story.submitted()
    payouts.cancel(story.payer, first, reason="预算科目有误")
    second = story.prepared()
    assert {line.state for line in lines_of(first)} == {PayoutLineState.STOPPED}
    assert [x.claim_id for x in lines_of(first)] == [x.claim_id for x in lines_of(second)]
    assert db.session.get_one(PayoutOrder, second).number == 2


def test_the_way_to_the_approval_needs_a_second_person(story: PayoutStory) -> None:
    key = story.submitted()
    told = refused(payouts.approve, story.payer, key)
    assert "Somebody else must approve" in told
    payouts.approve(story.approver, key)
    order = db.session.get_one(PayoutOrder, key)
    assert order.state is PayoutState.APPROVED and len(order.digest) == 64
    query = select(AuditRecord.action).where(AuditRecord.subject == "payout_order")
    assert list(db.session.scalars(query.order_by(AuditRecord.id))) == [
        "prepare",
        "submit",
        "approve",
    ]


def test_whoever_prepared_cannot_approve_even_if_another_handed_in(story: PayoutStory) -> None:
    key = payouts.prepare(story.approver, story.contest.id)
    payouts.submit(story.payer, key)
    assert "Somebody else must approve" in refused(payouts.approve, story.approver, key)
    assert "Somebody else must approve" in refused(payouts.approve, story.payer, key)


def test_a_payee_cannot_approve(story: PayoutStory, build: Builder) -> None:
    key = story.submitted()
    person = shares()[0].person_id
    approver = build.account("approver", story.contest.id, person_id=person)
    told = refused(payouts.approve, build.actor(approver, AFTER), key)
    assert "among the payees" in told


def test_the_database_keeps_one_person_from_both_hands(story: PayoutStory) -> None:
    order = db.session.get_one(PayoutOrder, story.submitted())
    order.approved_by_id = order.prepared_by_id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_order_that_is_sent_back_can_be_handed_in_again(story: PayoutStory) -> None:
    key = story.submitted()
    payouts.send_back(story.approver, key, reason="请核对户名")
    order = db.session.get_one(PayoutOrder, key)
    assert order.state is PayoutState.DRAFT
    payouts.submit(story.payer, key)
    payouts.approve(story.approver, key)
    assert "not possible" in refused(payouts.send_back, story.approver, key, reason="晚了")


def test_an_appeal_that_comes_later_holds_one_line(story: PayoutStory) -> None:
    key = story.submitted()
    contested(story, 1)
    payouts.approve(story.approver, key)
    assert [line.state for line in lines_of(key)] == [
        PayoutLineState.ORDERED,
        PayoutLineState.HELD,
        PayoutLineState.ORDERED,
    ]


def test_replaced_results_are_neither_handed_in_nor_approved(story: PayoutStory) -> None:
    draft = story.prepared()
    db.session.execute(update(Revision).values(state=RevisionState.SUPERSEDED))
    db.session.commit()
    told = refused(payouts.submit, story.payer, draft)
    assert "were replaced" in told
    named = shares()[0].id
    told = refused(payouts.prepare, story.payer, story.contest.id, shares=[named])
    assert "were replaced" in told


def with_purse(build: Builder, ceiling: str, **more: Any) -> PayoutStory:
    purse = BudgetLine(code="A1", title="竞赛专项", ceiling=Decimal(ceiling))
    edition = EditionRules(budget_lines=(purse,), **more)
    story = PayoutStory(build, plan=plan(FIRST, SECOND, budget_line="A1"), edition=edition)
    story.bank(*story.field(["95", "85", "75"]))
    story.final()
    return story


def test_a_budget_line_is_reserved_by_handing_in_and_freed_by_sending_back(build: Builder) -> None:
    story = with_purse(build, "25000")
    key = story.prepared()
    purse = payouts_budget.purses_of(story.contest)["A1"]
    assert (purse.reserved, purse.free) == (0, 25000)
    payouts.submit(story.payer, key)
    purse = payouts_budget.purses_of(story.contest)["A1"]
    assert (purse.reserved, purse.spent, purse.free) == (20000, 0, 5000)
    payouts.send_back(story.approver, key, reason="再核")
    assert payouts_budget.purses_of(story.contest)["A1"].free == 25000


def test_what_the_line_does_not_hold_is_not_ordered(build: Builder) -> None:
    story = with_purse(build, "20000")
    rules = EditionRules.model_validate(story.contest.rules)
    line = rules.budget_lines[0].model_copy(update={"ceiling": Decimal(16000)})
    lowered = rules.model_copy(update={"budget_lines": (line,)})
    key = story.prepared()
    story.contest.rules = lowered.model_dump(mode="json")
    db.session.commit()
    assert "16000.00 yuan are free" in refused(payouts.submit, story.payer, key)
    payouts.cancel(story.payer, key, reason="预算调减")
    assert obstacles(story) == [None, None, Obstacle.OVER_BUDGET]


def test_an_exemption_carries_its_legal_basis(build: Builder) -> None:
    edition = EditionRules(tax_exempt=True, tax_basis=BASIS)
    story = PayoutStory(build, plan=plan(FIRST), edition=edition)
    story.bank(*story.field(["95"]))
    story.final()
    (line,) = lines_of(story.prepared())
    assert (line.tax, line.treatment, line.basis) == (0, Treatment.EXEMPT, BASIS)


def test_an_exemption_without_basis_is_not_paid(build: Builder) -> None:
    story = PayoutStory(build, plan=plan(FIRST), edition=EditionRules(tax_exempt=True))
    story.bank(*story.field(["95"]))
    story.final()
    assert obstacles(story) == [Obstacle.NO_BASIS]


def test_a_promise_after_tax_is_grossed_up(build: Builder) -> None:
    five = Tier(key="first", name="一等奖", amount=Decimal(5000), places=1)
    story = PayoutStory(build, plan=plan(five, amount_basis="net"))
    story.bank(*story.field(["95"]))
    story.final()
    (line,) = lines_of(story.prepared())
    assert (line.gross, line.tax, line.net) == (6250, 1250, 5000)


def test_an_employer_that_pays_its_own_worker_pays_wages(story: PayoutStory) -> None:
    key = story.prepared()
    line = lines_of(key)[0]
    assert "Write the reason" in refused(payouts.treat_as_wages, story.payer, line.id, reason=" ")
    payouts.treat_as_wages(story.payer, line.id, reason="由所在单位随工资发放并扣缴")
    line = lines_of(key)[0]
    assert (line.gross, line.tax, line.net) == (10000, 0, 10000)
    assert line.treatment is Treatment.WAGES
    assert obstacles(story)[0] is Obstacle.ORDERED
    payouts.submit(story.payer, key)
    told = refused(payouts.treat_as_wages, story.payer, lines_of(key)[1].id, reason="同上")
    assert "Only a draft" in told


def test_teams_coaches_and_employers_are_paid_too(build: Builder) -> None:
    team = Tier(
        key="first",
        name="一等奖",
        amount=Decimal("10000"),
        places=1,
        paid_to="team",
        coach_amount=Decimal("3000.01"),
    )
    prize = OrganisationPrize(key="org", title="优秀组织奖", amount=Decimal(2000), winners=1)
    edition = EditionRules(organisation_prizes=(prize,))
    story = PayoutStory(build, plan=plan(team), edition=edition)
    employer, coaches = build.employer(), [build.person(), build.person()]
    entry = story.entry("95", "95", employer_id=employer.id)
    second = build.person()
    entry.members.append(EntryMember(person_id=second.id, event_id=story.event.id, position=2))
    db.session.add_all(
        EntryCoach(entry_id=entry.id, person_id=one.id, position=place)
        for place, one in enumerate(coaches, start=1)
    )
    db.session.commit()
    story.final()
    awards_organisations.give_prizes(story.actor("organizer", AFTER), story.contest.id, {})
    assert obstacles(story) == [Obstacle.NO_ACCOUNT] * 4
    story.pay_to_employer(employer)
    for one in coaches:
        story.pay_to(one)
    key = story.approved()
    lines = lines_of(key)
    assert [line.payee_kind for line in lines] == [
        PayeeKind.TEAM,
        PayeeKind.PERSON,
        PayeeKind.PERSON,
        PayeeKind.EMPLOYER,
    ]
    assert [line.gross for line in lines] == [10000, Decimal("1500.01"), 1500, 2000]
    assert lines[-1].treatment is Treatment.UNIT and lines[-1].tax == 0
    listed = awards.list_payments(None, story.contest.id)
    assert sum_of(key) == (listed.gross, listed.tax, listed.net)


def test_a_team_without_employer_is_paid_through_its_first_member(build: Builder) -> None:
    team = Tier(key="first", name="一等奖", amount=Decimal(9000), places=1, paid_to="team")
    story = PayoutStory(build, plan=plan(team))
    entry = story.entry("95", "95")
    story.final()
    story.bank(entry)
    (line,) = lines_of(story.prepared())
    account = db.session.get_one(BankAccount, line.account_id)
    assert account.person_id == entry.members[0].person_id
    member = story.build.account("approver", story.contest.id, person_id=entry.members[0].person_id)
    payouts.submit(story.payer, line.order_id)
    told = refused(payouts.approve, story.build.actor(member, AFTER), line.order_id)
    assert "among the payees" in told


def test_a_line_is_taken_out_before_it_goes_to_the_bank(story: PayoutStory) -> None:
    key = story.prepared()
    first = lines_of(key)[0]
    payouts.stop_line(story.payer, first.id, reason="账户待核实")
    assert payouts_lists.sums_of([key])[key].net == 8000
    assert obstacles(story)[0] is None


def test_the_lists_add_up(story: PayoutStory) -> None:
    key = story.submitted()
    sums = payouts_lists.sums_of([key])[key]
    assert (sums.count, sums.gross, sums.tax, sums.net) == (3, 20000, 4000, 16000)
    (waiting,) = payouts_lists.waiting_orders(frozenset({story.contest.id}))
    assert (waiting.order_id, waiting.state, waiting.gross) == (key, PayoutState.SUBMITTED, 20000)
    assert payouts_lists.waiting_orders(frozenset()) == []


def test_a_published_contest_may_be_archived_and_still_pays(story: PayoutStory) -> None:
    story.contest.state = ContestState.ARCHIVED
    db.session.commit()
    assert len(lines_of(story.prepared())) == 3


def account_of(story: PayoutStory, place: int = 0) -> BankAccount:
    db.session.expire_all()
    query = select(BankAccount).where(BankAccount.person_id == shares()[place].person_id)
    found = db.session.scalars(query.order_by(BankAccount.id.desc())).first()
    assert found is not None
    return found


def test_an_account_cannot_be_read_in_the_database_nor_in_the_record(story: PayoutStory) -> None:
    account = account_of(story)
    raw = db.session.execute(
        text("SELECT number, holder FROM bank_account WHERE id = :id"), {"id": account.id}
    )
    sealed = " ".join(raw.one())
    assert account.number is not None and account.holder is not None
    assert account.number not in sealed and account.holder not in sealed
    for record in db.session.scalars(select(AuditRecord)):
        assert account.number not in str(record.after)
        assert account.last_four == account.number[-4:]


def test_a_new_account_ends_the_old_one_and_leaves_orders_alone(story: PayoutStory) -> None:
    key = story.approved()
    old = account_of(story)
    person = shares()[0].person
    assert person is not None
    story.pay_to(person)
    assert lines_of(key)[0].account_id == old.id
    assert account_of(story).id != old.id
    assert db.session.get_one(BankAccount, old.id).ended_at == AFTER


def test_a_draft_follows_its_payee_to_a_new_account(story: PayoutStory) -> None:
    key = story.prepared()
    person = shares()[0].person
    assert person is not None
    new = story.pay_to(person)
    payouts.submit(story.payer, key)
    assert lines_of(key)[0].account_id == new


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": card_number(77)}, "two numbers differ"),
        ({"number": card_number(5)[:-1] + "x"}, "16 to 19 digits"),
        ({"number": "4111111111111112"}, "a digit is wrong"),
        ({"holder": "张三丰"}, "payee's own name"),
        ({"bank_code": "12"}, "12 digits"),
        ({"kind": AccountKind.COMPANY}, "does not belong"),
    ],
)
def test_a_wrong_account_is_refused(story: PayoutStory, change: dict[str, Any], words: str) -> None:
    person = shares()[0].person
    assert person is not None
    typed = Typed(**(vars(typed_card(person.name)) | change))
    payee = Payee(PERSON, person.id, person.name)
    told = refused(
        payouts_accounts.enter_account, story.payer, story.contest.id, payee, typed, paper="表"
    )
    assert words in told


def test_a_winner_agrees_to_the_use_of_the_account(story: PayoutStory) -> None:
    person = shares()[0].person
    assert person is not None
    payee, typed = Payee(PERSON, person.id, person.name), typed_card(person.name)
    winner = story.build.actor(story.build.account("contestant", person_id=person.id), AFTER)
    enter = payouts_accounts.enter_own_account
    assert "Without your consent" in refused(enter, winner, payee, typed, consent="")
    enter(winner, payee, typed, consent="本人同意……")
    account = payouts_accounts.current_account(payee)
    assert account is not None
    assert (account.consent, account.entered_at) == ("本人同意……", AFTER)
    assert len(payouts_accounts.list_accounts(payee)) == 2


def test_a_contest_reaches_its_own_payees_only(story: PayoutStory, build: Builder) -> None:
    stranger, coach = build.person(), build.person()
    entry_id = shares()[0].entry_id
    db.session.add(EntryCoach(entry_id=entry_id, person_id=coach.id, position=1))
    db.session.commit()
    reach = payouts_accounts.payee_of_contest
    assert reach(story.contest.id, PERSON, coach.id).name == coach.name
    for kind, key in ((PERSON, stranger.id), (EMPLOYER, build.employer().id), ("dog", 1)):
        with pytest.raises(Missing):
            reach(story.contest.id, kind, key)


def test_accounts_are_forgotten_some_time_after_the_last_payment(story: PayoutStory) -> None:
    key = story.approved()
    order = db.session.get_one(PayoutOrder, key)
    for state in (PayoutState.SENT, PayoutState.SETTLED):
        order.state = state
    order.settled_at = AFTER
    db.session.commit()
    by = story.payer
    assert payouts_accounts.forget_accounts(by, AFTER) == 0
    later = payouts_accounts.purge_before(AFTER + timedelta(days=181), 180)
    assert payouts_accounts.forget_accounts(by, later) == 3
    account = account_of(story)
    assert account.number is None and account.holder is None and account.last_four
    assert payouts_accounts.forget_accounts(by, later) == 0
    assert obstacles(story) == [Obstacle.ORDERED] * 3


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("16000", "壹万陆仟元整"),
        ("0", "零元整"),
        ("12500.05", "壹万贰仟伍佰元零伍分"),
        ("1E+4", "壹万元整"),
    ],
)
def test_amounts_in_chinese_capitals(amount: str, words: str) -> None:
    assert payouts_papers.capitals(Decimal(amount)) == words
