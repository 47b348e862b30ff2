"""A city that pays mentors: a series, a scale, pairs with their evidence, and those who act."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.mentorships import Acceptance, Mentorship, MentorshipMonth
from models.people import Person
from models.stipends import StipendLine, StipendTotal
from rules.mentorships import MentorshipState, Outcome
from rules.payouts import SeriesKind, Treatment
from rules.stipend_scales import Scale
from services import payouts_accounts, payouts_series, stipends, stipends_scales
from services.acting import Actor
from services.payouts_accounts import PERSON, Payee
from tests.builders import Builder
from tests.payout_story import typed_card

START = date(2025, 1, 1)
END = date(2026, 12, 31)
JUNE, DECEMBER = date(2025, 6, 30), date(2025, 12, 31)
TODAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class StipendStory:
    """Pairs of one city, whose stipends are settled run by run."""

    def __init__(self, build: Builder, scale: Scale | None = None, **more: Any) -> None:
        self.build = build
        self._accounts: dict[str, Account] = {}
        facts: dict[str, Any] = {
            "code": "JT-2025",
            "title": "慈溪市导师津贴",
            "kind": SeriesKind.STIPENDS,
            "treatment": Treatment.EXEMPT,
            "basis": "慈人社发〔2025〕8号",
        }
        self.series_id = payouts_series.open_series(self.who("payer"), **facts | more)
        scale = scale or Scale(title="慈溪市导师津贴办法", starts_on=START, monthly=200)
        self.approved(scale)
        self.employer = build.employer()

    def who(self, role: str, name: str = "") -> Actor:
        """The account of a role, always the same one for a name."""
        key = f"{role}{name}"
        if key not in self._accounts:
            self._accounts[key] = self.build.account(role)
        return self.build.actor(self._accounts[key], TODAY)

    def approved(self, scale: Scale) -> int:
        """Draft a scale and let a second person approve it."""
        drafted = stipends_scales.draft_scale(self.who("bureau_staff"), self.series_id, scale)
        return stipends_scales.approve_scale(self.who("bureau_staff", "second"), drafted)

    def pair(self, mentor: Person | None = None, months: int = 6, **more: Any) -> Mentorship:
        """A running pair whose first months are confirmed by both."""
        number = len(db.session.scalars(select(Mentorship.id)).all()) + 1
        facts: dict[str, Any] = {
            "number": f"慈师徒{number:05d}",
            "mentor_id": (mentor or self.build.person()).id,
            "apprentice_id": self.build.person().id,
            "employer_id": self.employer.id,
            "occupation": "焊工",
            "skill": "全位置焊接",
            "target": "独立完成管道焊接",
            "plan": [],
            "starts_on": START,
            "ends_on": END,
            "signed_on": START,
            "state": MentorshipState.RUNNING,
            "created_at": TODAY,
        }
        pair: Mentorship = self.build._kept(Mentorship(**facts | more))
        for month in range(1, months + 1):
            self.confirm(pair, date(2025, month, 1))
        return pair

    def confirm(self, pair: Mentorship, month: date) -> None:
        """Let mentor and apprentice both confirm a month."""
        self.build._kept(
            MentorshipMonth(
                mentorship_id=pair.id,
                month=month,
                mentor_confirmed_at=TODAY,
                apprentice_confirmed_at=TODAY,
            )
        )

    def withdraw(self, pair: Mentorship, month: date) -> None:
        """Take the confirmation of a month back."""
        query = select(MentorshipMonth).where(
            MentorshipMonth.mentorship_id == pair.id, MentorshipMonth.month == month
        )
        db.session.scalars(query).one().withdrawn_at = TODAY
        db.session.commit()

    def end(self, pair: Mentorship, state: MentorshipState, day: date, **check: Any) -> None:
        """Let a pair end, with the acceptance check if it has one."""
        pair.state, pair.ended_on = state, day
        if check or state is MentorshipState.ACCEPTED:
            facts: dict[str, Any] = {
                "mentorship_id": pair.id,
                "held_on": day,
                "proposed": Outcome.PASSED,
                "outcome": Outcome.PASSED,
                "decided_on": day,
                "recorded_at": TODAY,
            }
            db.session.add(Acceptance(**facts | check))
        db.session.commit()

    def prepared(self, until: date = JUNE) -> int:
        """Prepare a run."""
        return stipends.prepare(self.who("bureau_staff"), self.series_id, until=until)

    def ordered(self, until: date = JUNE) -> int:
        """Bring a run to its order."""
        run = self.prepared(until)
        stipends.check(self.who("bureau_staff", "second"), run)
        stipends.approve(self.who("approver"), run)
        return stipends.order(self.who("payer"), run)

    def bank(self, person_id: int) -> None:
        """Give a mentor a bank account, from paper."""
        person = db.session.get_one(Person, person_id)
        payee = Payee(PERSON, person.id, person.name)
        payouts_accounts.enter_own_account(
            self.who("payer"), payee, typed_card(person.name), consent="同意"
        )


def lines_of(run_id: int) -> list[StipendLine]:
    """The lines of a run."""
    query = select(StipendLine).where(StipendLine.run_id == run_id).order_by(StipendLine.id)
    return list(db.session.scalars(query))


def amounts_of(run_id: int) -> list[tuple[str, str]]:
    """Kinds and amounts of the lines of a run."""
    return [(line.kind.value, f"{line.amount:.2f}") for line in lines_of(run_id)]


def total_of(run_id: int, person_id: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """What a run is for a mentor: the sum, what is paid, taken back, and carried on."""
    query = select(StipendTotal).where(
        StipendTotal.run_id == run_id, StipendTotal.person_id == person_id
    )
    found = db.session.scalars(query).one()
    return found.total, found.due, found.recovered, found.carried
