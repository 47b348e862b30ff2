"""Rounds of a selection whose list is proposed, by rows: who is chosen, and what follows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.calendars import CalendarYear
from models.contests import Contest
from models.database import db
from models.people import Employer, Person
from models.results import Revision
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionProgramme, SelectionRound
from rules.honours import HonourLevel
from rules.objections import Channel as Way
from rules.objections import Conclusion, Filing, Remedy
from rules.plans import BudgetLine, EditionRules
from rules.selection_rounds import After, Benefit, RoundRules, RoundTier
from rules.selections import (
    ApplicationState,
    BenefitKind,
    Channel,
    Post,
    ProposalState,
    RoundState,
    UnitKind,
    Verb,
)
from services import (
    notices,
    objections,
    objections_handling,
    objections_outcomes,
    payouts,
    payouts_accounts,
    selections_carriers,
    selections_decisions,
)
from services.acting import Actor
from services.objections_outcomes import Order
from services.payouts_accounts import PERSON, Payee
from services.transaction import transaction
from tests.builders import Builder
from tests.payout_story import typed_card

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)  # a Monday
AFTER = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)  # the notice of five working days is over

DOCUMENT = "慈人社发〔2026〕58号"
TIERS = (
    RoundTier(key="gold", name="金匠", honour="上林金匠", places=1, amount=Decimal(20000)),
    RoundTier(key="silver", name="银匠", honour="上林银匠", places=1, amount=Decimal(10000)),
    RoundTier(key="craftsman", name="工匠", honour="上林工匠", places=2, amount=Decimal(5000)),
)
BENEFITS = (
    Benefit(
        key="allowance", title="人才津贴", kind=BenefitKind.ALLOWANCE, amount=Decimal(6000),
        due_month=12,
    ),
    Benefit(key="cure", title="疗休养", kind=BenefitKind.REST_CURE, due_month=10),
    Benefit(
        key="check", title="健康体检", kind=BenefitKind.HEALTH_CHECK, tiers=("gold",), due_month=6
    ),
)  # fmt: skip
EDITION = EditionRules(budget_lines=(BudgetLine(code="2080899", title="人才经费"),))


@transaction
def approve(by: Actor, proposal_id: int) -> int:
    """Approve a proposal, as the review does."""
    proposal = db.session.get_one(SelectionProposal, proposal_id)
    proposal.state, proposal.approved_at = ProposalState.APPROVED, by.now
    proposal.approved_by_id = by.account_id
    proposal.round.state = RoundState.PROPOSED
    for line in proposal.lines:
        chosen = ApplicationState.CHOSEN if line.tier else ApplicationState.NOT_CHOSEN
        line.application.state = chosen
    return selections_carriers.carry(by, proposal).id


class ListStory:
    """A round in review with applications that are fit, and its list."""

    def __init__(self, build: Builder, **rules: Any) -> None:
        self.build = build
        for year in range(2026, 2031):
            db.session.merge(CalendarYear(year=year, source="测试"))
        self.staff_account = build.account("bureau_staff")
        self.second_account = build.account("bureau_staff")
        self.payer_account: Account | None = None
        self.programme = self._programme()
        self.round = self._round(rules)
        self.people: list[Person] = []

    def _programme(self) -> SelectionProgramme:
        row = SelectionProgramme(
            code="SLMJ",
            title="上林名匠",
            verb=Verb.SELECT,
            level=HonourLevel.CITY,
            organiser="慈溪市人力资源和社会保障局",
            document="慈人社发〔2017〕31号",
            created_at=NOW,
        )
        return self._kept(row)

    def _round(self, more: dict[str, Any]) -> SelectionRound:
        opens, closes = NOW - timedelta(days=60), NOW - timedelta(days=30)
        facts: dict[str, Any] = {
            "opens_at": opens,
            "closes_at": closes,
            "counts_on": date(2026, 7, 31),
            "tiers": TIERS,
            "after": After(term_years=3, report_due="01-28", benefits=BENEFITS),
            "review": {"method": "ballot"},
            "edition": EDITION,
            "budget_line": "2080899",
        }
        rules = RoundRules(**(facts | more))
        row = SelectionRound(
            programme_id=self.programme.id,
            code="SLMJ2026",
            year=2026,
            title="2026年慈溪市“上林名匠”遴选",
            state=RoundState.REVIEW,
            rules=rules.model_dump(mode="json"),
            digest="0" * 64,
            opens_at=opens,
            closes_at=closes,
            written_at=opens,
            written_by_id=self.staff_account.id,
            published_at=opens,
            published_by_id=self.second_account.id,
        )
        return self._kept(row)

    def _kept(self, row: Any) -> Any:
        db.session.add(row)
        db.session.commit()
        return row

    def staff(self, now: datetime = NOW) -> Actor:
        """The first of the bureau's staff."""
        return self.build.actor(self.staff_account, now)

    def second(self, now: datetime = NOW) -> Actor:
        """The second person of the bureau."""
        return self.build.actor(self.second_account, now)

    def applied(
        self,
        name: str = "",
        unit: UnitKind = UnitKind.COMPANY,
        employer: Employer | None = None,
    ) -> SelectionApplication:
        """An application that went through all checks."""
        employer = employer or self.build.employer()
        more = {"name": name} if name else {}
        person = self.build.person(employer_id=employer.id, **more)
        self.people.append(person)
        row = SelectionApplication(
            round_id=self.round.id,
            number=len(self.people),
            person_id=person.id,
            employer_id=employer.id,
            channel=Channel.EMPLOYER,
            post=Post.FRONT_LINE,
            unit_kind=unit,
            answers={},
            state=ApplicationState.QUALIFIED,
            begun_at=NOW - timedelta(days=40),
            saved_at=NOW - timedelta(days=40),
            submitted_at=NOW - timedelta(days=40),
            qualified_at=NOW - timedelta(days=20),
        )
        return self._kept(row)

    def drafted(self, *chosen: tuple[SelectionApplication, str], **more: Any) -> SelectionProposal:
        """A proposal: applications with the keys of their tiers, best first; "" is not chosen."""
        number = 1 + db.session.query(SelectionProposal).count()
        proposal = SelectionProposal(
            round_id=self.round.id,
            number=number,
            digest="1" * 64,
            made_at=NOW,
            made_by_id=self.staff_account.id,
            **more,
        )
        proposal.lines = [
            SelectionLine(
                application_id=own.id,
                position=place,
                rank=place,
                score=f"{95 - place}.5",
                tier=tier,
            )
            for place, (own, tier) in enumerate(chosen, start=1)
        ]
        return self._kept(proposal)

    def proposed(
        self, *chosen: tuple[SelectionApplication, str], now: datetime = NOW, **more: Any
    ) -> Revision:
        """The signed list of a proposal that the second person approved."""
        key = approve(self.second(now), self.drafted(*chosen, **more).id)
        db.session.expire_all()
        return db.session.get_one(Revision, key)

    @property
    def contest(self) -> Contest:
        """The edition that carries the round's result."""
        found = db.session.get_one(Contest, self.round.contest_id)
        return found

    def noticed(self, now: datetime = NOW) -> int:
        """Put the list up."""
        by = self.staff(now)
        revisions = [one.id for one in notices.list_postable(self.contest.id)]
        return notices.post(
            by,
            self.contest.id,
            revision_ids=revisions,
            title="2026年“上林名匠”拟入选人员名单公示",
            body="经单位推荐、专家评审，现将拟入选人员名单予以公示。",
            contact="市人社局职业能力建设科 0574-63000001",
            starts_on=by.today,
        )

    def final(self, now: datetime = AFTER) -> int:
        """Put the list up and close its notice after the last day."""
        return notices.close(self.staff(now), self.noticed())

    def decided(self, now: datetime = AFTER) -> int:
        """Bring the list through its notice to the decision."""
        self.final(now)
        return self.decide(now)

    def decide(self, now: datetime = AFTER) -> int:
        """Decide the round whose notice is over."""
        db.session.expire_all()
        by = self.staff(now)
        return selections_decisions.decide(
            by, self.round.id, self.round.version, document=DOCUMENT, decided_on=by.today
        )

    def upheld(self, notice_id: int, person: Person | None, now: datetime = NOW) -> tuple[int, Any]:
        """An objection about somebody that was upheld, and its handler."""
        entries = objections.entries_of(notice_id)
        entry = next((k for k, v in entries.items() if person and person.name in v), None)
        by = self.staff(now)
        filing = Filing("王建国", "13800001111", "该同志申报的专利不属于本人。", entry_id=entry)
        key = objections.record_objection(by, notice_id, filing, Way.LETTER, now).id
        objections_handling.take(by, key)
        objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="情况属实。")
        return key, by

    def take_back_after_decision(self, person: Person) -> None:
        """Uphold a second objection, raised during the notice and answered after the decision."""
        notice = notices.list_notices(AFTER.date()).items[0].id
        key, by = self.upheld(notice, person)
        order = Order("不符合申报条件", Remedy.NO_AWARD)
        objections_outcomes.carry_out(by, key, order)

    def payer(self, role: str = "payer", now: datetime = AFTER) -> Actor:
        """Who pays, or approves payments."""
        return self.build.actor(self.build.account(role), now)

    def approved_order(self, now: datetime = AFTER) -> int:
        """A payment order of all that is due, approved."""
        payer = self.payer(now=now)
        for person in self.people:
            payee = Payee(PERSON, person.id, person.name)
            payouts_accounts.enter_account(
                payer, self.contest.id, payee, typed_card(person.name), paper="收款信息确认表"
            )
        order = payouts.submit(payer, payouts.prepare(payer, self.contest.id))
        return payouts.approve(self.payer("approver", now), order)
