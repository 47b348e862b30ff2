"""A mentor, an apprentice and their employer with accounts, and the steps that they take."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from models.accounts import Account
from models.database import db
from models.mentorships import Mentorship
from models.people import Person
from rules.mentorship_agreements import PlanItem
from rules.mentorships import Party
from services import mentorships
from services.acting import Actor
from services.mentorships import Draft
from tests.builders import Builder

START, END = date(2026, 9, 1), date(2027, 8, 31)
PLAN = (
    PlanItem(what="识读装配图", until=date(2026, 12, 31), degree="独立完成"),
    PlanItem(what="模具装配", until=date(2027, 6, 30), degree="达到图纸要求"),
)


def at(year: int, month: int, day: int) -> datetime:
    """Nine o'clock in China on a day."""
    return datetime(year, month, day, 1, tzinfo=UTC)


NOW = at(2026, 8, 20)


class Story:
    """Three parties and the bureau; each acts with an account of its own."""

    def __init__(self, build: Builder) -> None:
        self.build = build
        self.employer = build.employer()
        self.mentor = build.person(name="王建国", employer_id=self.employer.id, held_level=2)
        self.apprentice = build.person(name="李小明", employer_id=self.employer.id, held_level=4)
        self.accounts: dict[Party, Account] = {
            Party.MENTOR: build.account("contestant", person_id=self.mentor.id),
            Party.APPRENTICE: build.account("contestant", person_id=self.apprentice.id),
            Party.EMPLOYER: build.account("employer", employer_id=self.employer.id),
        }
        self.bureau = build.account("bureau_staff")
        self.bureau2 = build.account("bureau_staff")

    def by(self, who: Party | Account = Party.EMPLOYER, now: datetime = NOW) -> Actor:
        """Who acts, and when."""
        account = self.accounts[who] if isinstance(who, Party) else who
        return Actor(account.id, now, "test-request")

    def draft(self, **more: Any) -> Draft:
        """A complete draft of the pair."""
        usual = Draft(
            mentor_id=self.mentor.id,
            apprentice_id=self.apprentice.id,
            occupation="钳工",
            skill="模具装配与调试",
            target="取得高级工证书",
            starts_on=START,
            ends_on=END,
            plan=PLAN,
            assessment="每季度考核一次，由工作室评定。",
            safeguards="每周半天带教时间，提供场地、工具和劳保。",
            mentor_level=2,
            apprentice_level=4,
        )
        return replace(usual, **more)

    def created(self, now: datetime = NOW, **more: Any) -> int:
        """A draft in the register; its id."""
        return mentorships.create(self.by(now=now), self.employer.id, self.draft(**more))

    def signing(self, now: datetime = NOW, **more: Any) -> int:
        """A pair that waits for signatures."""
        key = self.created(now, **more)
        return mentorships.submit(self.by(now=now), key)

    def sign(self, key: int, party: Party, now: datetime = NOW, name: str | None = None) -> int:
        """One party signs what it has before it."""
        row = self.row(key)
        typed = mentorships.name_of(row, party) if name is None else name
        return mentorships.sign(self.by(party, now), key, party, typed, row.digest)

    def running(self, now: datetime = NOW, **more: Any) -> int:
        """A pair that all three have signed."""
        key = self.signing(now, **more)
        for party in Party:
            self.sign(key, party, now)
        return key

    def row(self, key: int) -> Mentorship:
        """A pair as it stands in the database."""
        db.session.expire_all()
        found = db.session.get(Mentorship, key)
        assert found is not None
        return found

    def another(self, **more: Any) -> Person:
        """Somebody else of the same employer."""
        usual = {"name": "赵大海", "employer_id": self.employer.id, "held_level": 2}
        return self.build.person(**(usual | more))  # type: ignore[no-any-return]
