"""A selection from its programme on, played through the acts on chosen days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.calendars import CalendarYear
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionReviewer
from models.selections import SelectionRound
from rules.honours import HonourLevel
from rules.selection_conditions import Bears, InTrade, Works
from rules.selection_rounds import Clause, Eligibility, Review, RoundRules, RoundTier, SheetItem
from rules.selections import ApplicationState, Channel, Post, RoundState, Verb
from services import (
    calendars,
    selection_applications,
    selection_applications_submitting,
    selection_applications_writing,
    selection_checks,
    selection_checks_acting,
    selections,
    selections_publishing,
)
from services.acting import Actor
from services.selection_applications import Beginning
from services.selection_checks_acting import Found
from services.selections import ProgrammeFacts, RoundFacts
from tests.builders import Builder

START = date(2026, 3, 2)


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


def plain_rules(start: date = START, **changes: Any) -> RoundRules:
    """Rules that are quickly read: two tiers, two clauses, one sheet, no chain."""
    facts: dict[str, Any] = {
        "opens_at": at(start, 9),
        "closes_at": at(start + timedelta(days=30), 17),
        "counts_on": date(start.year, 12, 31),
        "tiers": (
            RoundTier(key="gold", name="金匠", places=1, amount=Decimal(20000)),
            RoundTier(key="silver", name="银匠", places=2, amount=Decimal(10000)),
        ),
        "eligibility": Eligibility(
            basics=(
                Clause(
                    key="trade",
                    number="二（一）",
                    text="从事本职业10年以上",
                    all_of=(InTrade(years=10),),
                ),
            ),
            routes=(
                Clause(
                    key="honour",
                    number="二（二）1",
                    text="具有市级以上荣誉",
                    all_of=(Bears(level=HonourLevel.CITY),),
                ),
            ),
            routes_needed=0,
            exclusions=(
                Clause(
                    key="officials",
                    number="三（一）",
                    text="公务员不参加评选",
                    all_of=(Works(posts=(Post.OFFICIAL,)),),
                ),
            ),
        ),
        "review": Review(
            reviewers=3,
            reserves=0,
            drop_high=0,
            drop_low=0,
            sheet=(SheetItem(key="skill", title="技艺水平", maximum=Decimal(100)),),
        ),
    }
    return RoundRules(**(facts | changes))


@dataclass
class SelectionStory:
    """Two of the bureau, a programme, and what they do on which day."""

    build: Builder
    start: date = START
    years: range = range(2024, 2030)

    def __post_init__(self) -> None:
        self.one: Account = self.build.account("bureau_staff")
        self.other: Account = self.build.account("bureau_staff")
        calendars.seed(Actor(None, at(self.start)))
        known = set(calendars.list_years())
        rows = [CalendarYear(year=year, source="测试") for year in self.years if year not in known]
        db.session.add_all(rows)
        db.session.commit()
        self.round_id = 0

    def first(self, day: date | None = None, hour: int = 10) -> Actor:
        """The official who prepares."""
        return Actor(self.one.id, at(day or self.start, hour))

    def second(self, day: date | None = None, hour: int = 10) -> Actor:
        """The official who publishes and approves."""
        return Actor(self.other.id, at(day or self.start, hour))

    def programme(self, **more: Any) -> int:
        """A programme of the city."""
        facts: dict[str, Any] = {
            "code": f"SL{self.build.number()}",
            "title": f"上林名匠{self.build.number()}",
            "verb": Verb.SELECT,
            "level": HonourLevel.CITY,
            "organiser": "慈溪市人力资源和社会保障局",
            "document": "慈人社发〔2017〕12号",
        }
        return selections.create_programme(self.first(), ProgrammeFacts(**(facts | more)))

    def drafted(
        self, rules: RoundRules | None = None, programme_id: int | None = None, **more: Any
    ) -> int:
        """A round that only the bureau sees yet."""
        rules = rules or plain_rules(self.start)
        year = rules.counts_on.year
        facts = {"code": f"R{self.build.number()}", "year": year, "title": f"{year}年度评选"}
        self.round_id = selections.create_round(
            self.first(), programme_id or self.programme(), RoundFacts(**(facts | more)), rules
        )
        return self.round_id

    def published(
        self, rules: RoundRules | None = None, programme_id: int | None = None, **more: Any
    ) -> int:
        """A round that takes applications from its opening to its deadline."""
        round_id = self.drafted(rules, programme_id, **more)
        selections_publishing.publish(self.second(), round_id)
        return round_id

    @property
    def round(self) -> SelectionRound:
        """The round as it stands."""
        return selections.get_round(self.round_id)

    def candidate(self, **more: Any) -> Account:
        """The account of a person who can apply; a skilled worker of a unit in 浒山."""
        employer = more.pop("employer", None) or self.build.employer(district="浒山街道")
        person = self.build.person(employer_id=employer.id, held_level=2, **more)
        return self.build.account("contestant", person_id=person.id)

    def drafted_application(self, account: Account, day: date | None = None, **said: str) -> int:
        """A draft of one's own in the present round, with what is asked everywhere filled in."""
        by = Actor(account.id, at(day or self.start + timedelta(days=3)))
        key = selection_applications.start(by, self.round_id, Beginning(Channel.PERSON))
        usual = {
            "occupation": "焊工",
            "post": "front_line",
            "unit_kind": "company",
            "trade_since": "2008-03-01",
            "local_since": "2008-03-01",
        }
        selection_applications_writing.save(by, key, usual | said, {}, 1)
        return key

    def applied(self, account: Account, day: date | None = None, **said: str) -> int:
        """An application of one's own, submitted in the present round."""
        key = self.drafted_application(account, day, **said)
        by = Actor(account.id, at(day or self.start + timedelta(days=3)))
        return selection_applications_submitting.submit(by, key)

    def passed_chain(self, application_id: int, day: date | None = None) -> None:
        """An application is passed on by the bureau, in the place of every body, to the review."""
        by = self.second(day or self.start + timedelta(days=7))
        while (step := selection_checks.waiting_step(application_id)) is not None:
            items = frozenset(selection_checks.rule_of(step).checklist)
            found = Found(items, note="书面审核意见")
            selection_checks_acting.pass_step(by, step.id, found)

    def qualified(self, *names: str) -> list[SelectionApplication]:
        """Applications that went through all checks."""
        now, count = at(self.start + timedelta(days=5)), self.build.number
        rows = [
            SelectionApplication(
                round_id=self.round_id,
                number=count(),
                person_id=self.build.person(name=name).id,
                channel=Channel.PERSON,
                state=ApplicationState.QUALIFIED,
                answers={},
                begun_at=now,
                saved_at=now,
                submitted_at=now,
                qualified_at=now,
            )
            for name in names
        ]
        db.session.add_all(rows)
        db.session.commit()
        return rows

    def panel(self, size: int = 3, *, pledged: bool = True) -> list[Account]:
        """Reviewers on the panel, by number; the round is under review from then on."""
        accounts = [self.build.account("reviewer") for _ in range(size)]
        now = at(self.start + timedelta(days=31))
        for number, account in enumerate(accounts, start=1):
            seat = SelectionReviewer(
                round_id=self.round_id, account_id=account.id, number=number, seated_at=now
            )
            seat.pledged_at = now if pledged else None
            db.session.add(seat)
        self.round.state = RoundState.REVIEW
        db.session.commit()
        return accounts

    def reviewer(self, account: Account, days: int = 32) -> Actor:
        """A reviewer on a day of the review."""
        return Actor(account.id, at(self.start + timedelta(days=days)))
