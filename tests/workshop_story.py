"""A workshop from the first application on, played through the acts on chosen days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.calendars import CalendarYear
from models.database import db
from models.people import Employer
from models.workshop_applications import WorkshopApplication
from models.workshops import Workshop
from rules.identity import IdKind
from rules.people import PersonFacts
from rules.workshop_conditions import Apprentice
from rules.workshop_policies import Policy, shipped_policy
from rules.workshop_sheets import Answer, hangzhou_sheet
from rules.workshops import (
    Grade,
    HostKind,
    Spending,
    WorkshopLevel,
    WorkshopNaming,
)
from services import (
    calendars,
    workshops_applications,
    workshops_assessments,
    workshops_dues,
    workshops_founding,
    workshops_policies,
    workshops_reports,
)
from services.acting import Actor
from services.workshops_applications import SiteVisit, Wish
from services.workshops_reports import ReportFacts
from tests.builders import Builder

BEST: dict[str, Answer] = {
    line.key: line.points for line in hangzhou_sheet().lines if line.given and not line.bonus
} | {"bonus": 0, "apprentices": 10, "skilled": 3}
WORST: dict[str, Answer] = dict.fromkeys(BEST, 0)
FOUND = {"room": True, "equipment": True, "rules": True, "agreements": True}


def at(day: date) -> datetime:
    """Ten o'clock in China on a day."""
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


@dataclass
class WorkshopStory:
    """Two of the bureau, a host, and what they do on which day."""

    build: Builder
    policy: Policy = field(default_factory=shipped_policy)
    since: date = date(2012, 1, 1)
    years: range = range(2012, 2027)
    level: int | None = 1  # of the leader
    renown: str = ""

    def __post_init__(self) -> None:
        self.one: Account = self.build.account("bureau_staff")
        self.other: Account = self.build.account("bureau_staff")
        self.host: Employer = self.build.employer(district="浒山街道")
        self.clerk: Account = self.build.account("employer", employer_id=self.host.id)
        calendars.seed(Actor(None, at(self.since)))
        known = set(calendars.list_years())
        rows = [CalendarYear(year=year, source="测试") for year in self.years if year not in known]
        db.session.add_all(rows)
        db.session.commit()
        key = workshops_policies.write_policy(
            self.first(self.since), "办法", "", self.since, self.policy.model_dump(mode="json")
        )
        workshops_policies.approve_policy(self.second(self.since), key)

    def first(self, day: date) -> Actor:
        """The official who prepares."""
        return Actor(self.one.id, at(day))

    def second(self, day: date) -> Actor:
        """The official who decides."""
        return Actor(self.other.id, at(day))

    def own(self, day: date) -> Actor:
        """The host's own account."""
        return Actor(self.clerk.id, at(day))

    def facts(self, name: str = "陈建国", level: int | None = 1) -> PersonFacts:
        """A person with a number of her own."""
        number = self.build.id_number(date(1975, 3, 4))
        birth = date(1975, 3, 4)
        return PersonFacts(name, IdKind.RESIDENT, number, None, level, birth, "M")

    def wish(self, day: date, **more: Any) -> Wish:
        """A good application."""
        facts: dict[str, Any] = {
            "title": "陈建国钳工技能大师工作室",
            "level": WorkshopLevel.CITY,
            "naming": WorkshopNaming.PERSON,
            "host_kind": HostKind.ENTERPRISE,
            "occupation": "钳工",
            "leader": self.facts(level=self.level),
            "apprentices": [Apprentice("王小明", day), Apprentice("李小红", day)],
            "recognised_by": "慈溪市",
            "texts": {
                "room": "一号车间二楼，120平方米",
                "equipment": "数控车床2台",
                "own_rules": "工作室管理制度",
                "plan": "每年带徒十人",
                "local_renown": self.renown,
            },
        }
        return Wish(**(facts | more))

    def applied(self, day: date, **more: Any) -> int:
        """An application that is handed in."""
        key = workshops_applications.apply(self.own(day), self.host.id, self.wish(day, **more))
        return workshops_applications.submit_application(self.own(day), key)

    def decided(self, key: int, day: date) -> WorkshopApplication:
        """The application is checked, looked at on the site, decided, and put up."""
        workshops_applications.check_conditions(self.first(day), key)
        visit = SiteVisit(day, "张三、李四", FOUND, "情况属实")
        workshops_applications.record_site_check(self.first(day), key, visit)
        workshops_founding.decide(self.second(day), key)
        workshops_founding.post_notice(self.first(day), key, "人社局技能科 0574-63900000")
        return workshops_applications.get_application(key)

    def founded(self, day: date, **more: Any) -> Workshop:
        """A workshop, founded on the day after its notice; the application began on ``day``."""
        row = self.decided(self.applied(day, **more), day)
        assert row.notice_ends_on is not None
        on = row.notice_ends_on + workshops_dues.ONE_DAY
        return self.workshop(workshops_founding.found(self.first(on), row.id))

    def workshop(self, key: int) -> Workshop:
        """The workshop as it is now."""
        found = db.session.get_one(Workshop, key, populate_existing=True)
        return found

    def reported(self, workshop_id: int, year: int, day: date, **numbers: int) -> int:
        """The accepted report of a year."""
        counts = {"apprentices": 12, "trained": 9, "highly_skilled": 4} | numbers
        facts = ReportFacts(
            counts,
            {"activities": "技艺交流三次"},
            Grade.PASSED,
            {Spending.TRAINING: Decimal("8000.50")},
        )
        key = workshops_reports.write_report(self.own(day), workshop_id, year, facts)
        workshops_reports.submit_report(self.own(day), key)
        return workshops_reports.accept_report(self.first(day), key)

    def assessed(self, term_id: int, day: date, found: Mapping[str, Answer]) -> None:
        """An assessment that is filled by one and confirmed by the other."""
        key = workshops_assessments.fill_sheet(self.first(day), term_id, found, held_on=day)
        workshops_assessments.confirm_assessment(self.second(day), key)

    def dues(self, day: date, ahead: int = 0) -> list[tuple[str, int | None, date, bool]]:
        """What the board shows on a day: kind, year, last day, overdue."""
        lines = workshops_dues.board(day, ahead)
        return [
            (line.due.kind.value, line.due.year, line.due.due_on, line.is_overdue) for line in lines
        ]
