"""A contest of the province and the city's way to it, by small verbs, for tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.accounts import Account
from models.calendars import CalendarYear
from models.database import db
from models.people import Employer, Person
from models.provincial import ProvincialContest, ProvincialEvent, ProvincialSlot
from models.provincial_delegations import ProvincialForm
from rules.provincial import (
    EntrantStatus,
    EventFormat,
    Medal,
    MemberRole,
    Naming,
    Presence,
    ProvincialLevel,
    SlotState,
)
from rules.provincial_rules import CityPrize, ExternalHonour, ProvincialRules
from services import (
    provincial,
    provincial_camps,
    provincial_delegations,
    provincial_delegations_forms,
    provincial_delegations_layouts,
    provincial_namings,
    provincial_results,
    provincial_slots,
)
from services.acting import Actor
from services.provincial import EventFacts, Facts
from services.provincial_camps import CampFacts
from services.provincial_delegations import MemberFacts
from services.provincial_results import ResultFacts
from services.provincial_slots import ByHand
from tests.builders import Builder

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)  # a Monday
HELD = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CAMP = (date(2026, 10, 8), date(2026, 10, 31))
PRIZES = (
    CityPrize(key="gold", title="省赛金牌奖励", medal=Medal.GOLD, amount=Decimal(50000),
              coach_alike=True),
    CityPrize(key="first", title="省赛前三名奖励", rank_to=3, amount=Decimal(10000),
              coach_alike=True),
    CityPrize(key="good", title="省赛优胜奖奖励", prize="优胜奖", amount=Decimal(2000)),
)  # fmt: skip
HONOURS = (
    ExternalHonour(
        title="浙江省技术能手",
        granted_by="浙江省人力资源和社会保障厅",
        to_rank={EventFormat.SINGLE: 3, EventFormat.PAIR: 2, EventFormat.TRIPLE: 1},
    ),
)
RULES = ProvincialRules(prizes=PRIZES, honours=HONOURS, training_days=2)
DOCUMENT = "浙技赛〔2026〕9号"


class ProvincialStory:
    """One contest of the province, its events, and two people of the bureau."""

    def __init__(self, build: Builder, rules: ProvincialRules = RULES, **more: Any) -> None:
        self.build = build
        self.one, self.other = (build.account("bureau_staff") for _ in range(2))
        if db.session.get(CalendarYear, 2026) is None:
            db.session.add(CalendarYear(year=2026, source="test"))
            db.session.commit()
        facts: dict[str, Any] = {
            "code": f"ZJ{build.number():04d}",
            "title": "2026年浙江省职业技能大赛",
            "level": ProvincialLevel.PROVINCE,
            "class_title": "一类",
            "edition": "第六届",
            "year": 2026,
            "organiser": "浙江省人力资源和社会保障厅",
            "starts_on": date(2026, 11, 16),
            "ends_on": date(2026, 11, 20),
            "place": "杭州市",
            "delegation_title": "慈溪市代表队",
            "entry_until": date(2026, 11, 2),
        }
        self.id = provincial.create(self.by(), Facts(**(facts | more)))
        provincial.edit_rules(self.by(), self.id, None, rules.model_dump(mode="json"))

    def by(self, now: datetime = NOW, second: bool = False) -> Actor:
        """One of the two people of the bureau."""
        account: Account = self.other if second else self.one
        return self.build.actor(account, now)

    @property
    def contest(self) -> ProvincialContest:
        """The contest as it is now."""
        return provincial.get_contest(self.id)

    def event(
        self, title: str = "钳工", format: EventFormat = EventFormat.SINGLE, **more: Any
    ) -> ProvincialEvent:
        """An event of the contest."""
        facts: dict[str, Any] = {"quota": 1, "code": f"P{self.build.number():03d}"}
        made = EventFacts(title=title, format=format, **(facts | more))
        return provincial.get_event(provincial.add_event(self.by(), self.id, made))

    def candidate(
        self,
        event: ProvincialEvent,
        *people: Person,
        status: EntrantStatus = EntrantStatus.STAFF,
        of_company: bool | None = True,
        employer: Employer | None = None,
        coaches: tuple[Person, ...] = (),
    ) -> ProvincialSlot:
        """A candidate by hand."""
        members = people or (self.build.person(),)
        employer = employer or self.build.employer()
        wish = ByHand(
            [one.id for one in members], status, of_company, "选拔赛未设该赛项", employer.id,
            [one.id for one in coaches],
        )  # fmt: skip
        return self.slot(provincial_slots.add_candidate(self.by(), event.id, wish))

    def slot(self, slot_id: int) -> ProvincialSlot:
        """A slot as it is now."""
        db.session.expire_all()
        return provincial_slots.get_slot(slot_id)

    def trained(self, event: ProvincialEvent, days: int = 2) -> int:
        """Everybody of an event was at the training on so many days; return the camp."""
        provincial_slots.begin_training(self.by(), event.id)
        facts = CampFacts("省赛集训", *CAMP, place="慈溪技师学院", leader="王教练")
        camp = provincial_camps.open_camp(self.by(), self.id, facts)
        row = provincial_camps.get_camp(camp)
        for n in range(days):
            day = date(2026, 10, 8 + n)
            ticks = provincial_camps.day_list(row, day)
            marks = {one.member_id: Presence.PRESENT for one in ticks}
            provincial_camps.tick(self.by(), camp, day, marks)
        return camp

    def named(self, event: ProvincialEvent, **states: SlotState) -> None:
        """A decision by two: the first candidates fill the quota, the others are reserves."""
        slots = provincial_slots.list_slots([event.id], provincial_namings.DECIDABLE)
        lines, reserves = [], 0
        for place, one in enumerate(slots):
            state = SlotState.NAMED if place < event.quota else SlotState.RESERVE
            reserves += state is SlotState.RESERVE
            lines.append(Naming(one.id, state, reserves if state is SlotState.RESERVE else 0))
        made = provincial_namings.propose_naming(self.by(), event.id, lines, reason="集训成绩")
        provincial_namings.agree_naming(self.by(second=True), made)

    def result(self, slot: ProvincialSlot, **facts: Any) -> int:
        """A recorded result."""
        given: Mapping[str, Any] = {"document": DOCUMENT, "announced_on": date(2026, 11, 20)}
        found = ResultFacts(**(dict(given) | facts))
        return provincial_results.record_result(self.by(HELD), slot.id, found)

    def confirmed(self, *slots: ProvincialSlot) -> None:
        """The second person confirms results."""
        ids = [one.id for one in slots]
        provincial_results.confirm_results(self.by(HELD, second=True), self.id, ids)

    def led(self) -> int:
        """The delegation has a leader."""
        row = provincial_delegations.open_delegation(self.by(), self.id)
        facts = MemberFacts(MemberRole.LEADER, "陈领队", "慈溪市人社局", "13912340000")
        provincial_delegations.add_member(self.by(), row, facts)
        return row

    def sent(self, folder: Path) -> ProvincialForm:
        """The form is sent."""
        if provincial_delegations.find(self.id) is None:
            self.led()
        made = provincial_delegations_forms.send_form(self.by(), self.id, folder)
        db.session.expire_all()
        return provincial_delegations_forms.get_form(made)

    def laid_out(self, folder: Path) -> int:
        """The organiser's layout, which waits for a second person."""
        blank = provincial_delegations_layouts.blank_form()
        return provincial_delegations_layouts.upload_layout(self.by(), self.id, blank, folder)

    def listed(self, *golds: tuple[str, int]) -> None:
        """The organiser's table: delegations with their gold medals."""
        own = self.contest.delegation_title
        lines = [
            provincial_results.Line(name, 5, gold=gold, is_own=name == own) for name, gold in golds
        ]
        provincial_results.record_standings(self.by(HELD), self.id, lines, len(lines), None)

    def tested(self, camp: int, event: ProvincialEvent, *marks: tuple[ProvincialSlot, int]) -> None:
        """Tests at the training, one for each mark, on the days of the camp."""
        for n, (slot, mark) in enumerate(marks):
            day = date(2026, 10, 8 + n)
            made = provincial_camps.add_test(
                self.by(), camp, event.id, f"第{n + 1}次测试", day, Decimal(100)
            )
            provincial_camps.enter_test(self.by(), made, {slot.id: Decimal(mark)})
