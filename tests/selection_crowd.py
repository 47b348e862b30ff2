"""A round with so many qualified applications that lists must be quick: rows written in bulk."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert

from models.accounts import Account
from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication, SelectionEvidence
from models.selection_reviews import SelectionReviewer, SelectionSheet
from models.selections import SelectionRound
from rules.honours import HonourLevel
from rules.selection_conditions import Age, Bears, Level, Works
from rules.selection_rounds import (
    Clause,
    Eligibility,
    Quota,
    Review,
    RoundRules,
    RoundTier,
    SheetItem,
)
from rules.selections import (
    ApplicationState,
    Channel,
    EvidenceKind,
    EvidenceSource,
    Post,
    RoundState,
    UnitKind,
)
from services.people import person_index
from services.selection_reviews_totals import digest_of
from tests.builders import Builder
from tests.selection_story import START, SelectionStory, at, plain_rules

REVIEWERS, EMPLOYERS = 7, 120
LINES = (("skill", "技艺水平", 40), ("work", "创新业绩", 30), ("teaching", "带徒传艺", 30))
POSTS = (Post.FRONT_LINE, Post.FRONT_LINE, Post.FRONT_LINE, Post.TECHNICIAN, Post.MANAGER)


def crowd_rules(**changes: Any) -> RoundRules:
    """Three tiers, four quotas, a sheet of three lines with the trim of seven reviewers."""
    facts: dict[str, Any] = {
        "tiers": (
            RoundTier(key="gold", name="金匠", places=10, amount=Decimal(20000)),
            RoundTier(key="silver", name="银匠", places=16, amount=Decimal(10000)),
            RoundTier(key="craft", name="工匠", places=43, amount=Decimal(5000)),
        ),
        "quotas": (
            Quota(
                key="line",
                title="企业一线职工",
                all_of=(Works(posts=(Post.FRONT_LINE,)),),
                at_least="80 %",
            ),
            Quota(key="young", title="40周岁及以下", all_of=(Age(at_most=40),), at_least="50 %"),
            Quota(
                key="senior",
                title="高级技师",
                all_of=(Level(level=1),),
                at_least="30 %",
                tiers=("gold",),
            ),
            Quota(
                key="heads",
                title="管理人员",
                all_of=(Works(posts=(Post.MANAGER,)),),
                at_most="10 %",
            ),
        ),
        "eligibility": Eligibility(
            routes=(
                Clause(
                    key="honour",
                    number="二（二）1",
                    text="具有市级以上荣誉",
                    all_of=(Bears(level=HonourLevel.CITY),),
                ),
            ),
            routes_needed=0,
        ),
        "review": Review(
            reviewers=REVIEWERS,
            reserves=0,
            drop_high=1,
            drop_low=1,
            sheet=tuple(
                SheetItem(key=key, title=title, maximum=Decimal(most)) for key, title, most in LINES
            ),
        ),
    }
    return plain_rules(**(facts | changes))


class Crowd:
    """A round under review with its panel; every sheet is signed but for ``open_sheets``."""

    def __init__(self, build: Builder, count: int, *, open_sheets: int = 0, seed: int = 7) -> None:
        self.build, self.random = build, Random(seed)
        self.story = SelectionStory(build)
        self.round_id = self.story.published(crowd_rules())
        self.people = self._people(count)
        self.applications = self._applications()
        self.panel: list[Account] = self.story.panel(REVIEWERS)
        self._sheets(open_sheets)

    @property
    def round(self) -> SelectionRound:
        """The round as it stands."""
        return self.story.round

    def _people(self, count: int) -> list[int]:
        rows: list[dict[str, Any]] = [
            {"title": f"慈溪市第{self.build.number()}精密机械有限公司", "created_at": at(START)}
            for _ in range(min(EMPLOYERS, count))
        ]
        employers = [*db.session.scalars(insert(Employer).returning(Employer.id), rows)]
        people: list[dict[str, Any]] = []
        for place in range(count):
            birth = date(1966, 1, 1) + timedelta(place * 7919 % 12000)
            number = self.build.id_number(birth)
            people.append(
                {
                    "name": f"王建国{place:04d}",
                    "id_kind": "resident",
                    "id_number": number,
                    "id_index": person_index(number),
                    "birth_date": birth,
                    "sex": self.random.choice("MMF"),
                    "held_level": self.random.choice((1, 2, 2, 3)),
                    "employer_id": employers[place % len(employers)],
                    "created_at": at(START),
                }
            )
        return [*db.session.scalars(insert(Person).returning(Person.id), people)]

    def _applications(self) -> list[int]:
        units = dict(db.session.query(Person.id, Person.employer_id).all())
        then = at(START + timedelta(days=5))
        rows: list[dict[str, Any]] = [
            {
                "round_id": self.round_id,
                "number": number,
                "person_id": person,
                "employer_id": units[person],
                "channel": Channel.PERSON,
                "nominators": [],
                "tier": "gold",
                "district": f"第{number % 18}街道",
                "occupation": "钳工",
                "post": self.random.choice(POSTS),
                "unit_kind": UnitKind.COMPANY,
                "trade_since": date(2005, 7, 1),
                "local_since": date(2010, 7, 1),
                "answers": {"deeds": "长期在一线从事精密装配，主持技术革新多项。" * 20},
                "state": ApplicationState.QUALIFIED,
                "begun_at": then,
                "saved_at": then,
                "submitted_at": then,
                "qualified_at": then,
            }
            for number, person in enumerate(self.people, 1)
        ]
        query = insert(SelectionApplication).returning(SelectionApplication.id)
        keys = [*db.session.scalars(query, rows)]
        evidence: list[dict[str, Any]] = [
            {
                "application_id": key,
                "kind": EvidenceKind.HONOUR,
                "source": EvidenceSource.TYPED,
                "title": "慈溪市五一劳动奖章",
                "happened_on": date(2020, 5, 1),
                "level": HonourLevel.CITY,
            }
            for key in keys
        ]
        db.session.execute(insert(SelectionEvidence), evidence)
        db.session.commit()
        return keys

    def _sheets(self, open_sheets: int) -> None:
        seats = db.session.query(SelectionReviewer).filter_by(round_id=self.round_id).all()
        signed_at = at(START + timedelta(days=32))
        rows: list[dict[str, Any]] = [
            {
                "reviewer_id": seat.id,
                "application_id": key,
                "marks": {
                    line: str(self.random.randrange(most, 2 * most + 1) / 2)
                    for line, _, most in LINES
                },
                "saved_at": signed_at,
                "signed_at": signed_at,
                "digest": "",
            }
            for seat in seats
            for key in self.applications
        ]
        for row in rows[open_sheets:]:
            row["digest"] = digest_of(row["reviewer_id"], row["application_id"], row["marks"])
        for row in rows[:open_sheets]:
            row["signed_at"] = None
        db.session.execute(insert(SelectionSheet), rows)
        self.round.state = RoundState.REVIEW
        db.session.commit()
