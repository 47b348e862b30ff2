"""Contests above the city's in the demonstration: last year's with prizes, this year's in training.

Beside it the superior's side: a neighbour's entries wait to be taken over into a contest of ours.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from models.contests import Contest, Event
from models.database import db
from rules import provincial_exchange as exchange
from rules.people import PersonFacts
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
from rules.provincial_exchange import EntriesFile, ExchangeEntry, ExchangePerson
from rules.provincial_rules import CityPrize, ExternalHonour, ProvincialRules
from rules.states import EventState
from services import (
    provincial,
    provincial_camps,
    provincial_delegations,
    provincial_delegations_forms,
    provincial_intakes,
    provincial_namings,
    provincial_prizes,
    provincial_results,
    provincial_slots,
)
from services.demo_names import SCHOOLS
from services.demo_payouts import pay_prizes
from services.demo_people import add_people
from services.demo_stages import Stage
from services.provincial import EventFacts, Facts
from services.provincial_camps import CampFacts
from services.provincial_delegations import MemberFacts
from services.provincial_results import Line, ResultFacts
from services.provincial_slots import ByHand

ORGANISER, TEAM = "浙江省人力资源和社会保障厅", "慈溪市代表队"
REASON = "本市未设该赛项选拔赛，由单位推荐并经测试入选"
RULES = ProvincialRules(
    training_days=4,
    notice=False,
    prizes=(
        CityPrize(key="gold", title="省赛金牌奖励", medal=Medal.GOLD, amount=Decimal(50000),
                  coach_alike=True),
        CityPrize(key="silver", title="省赛银牌奖励", medal=Medal.SILVER, amount=Decimal(30000),
                  coach_alike=True),
        CityPrize(key="bronze", title="省赛铜牌奖励", medal=Medal.BRONZE, amount=Decimal(20000),
                  coach_alike=True),
        CityPrize(key="good", title="省赛优胜奖奖励", prize="优胜奖", amount=Decimal(5000)),
    ),
    honours=(
        ExternalHonour(title="浙江省技术能手", granted_by=ORGANISER,
                       to_rank={EventFormat.SINGLE: 3, EventFormat.PAIR: 2}),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """An event of last year: how many candidates there were, and what the first one reached."""

    title: str
    occupation: str
    candidates: int
    rank: int | None
    medal: Medal | None
    prize: str


SENT = (
    Sent("电工", "电工", 3, 2, Medal.SILVER, "二等奖"),
    Sent("装配钳工", "钳工", 3, 6, None, "优胜奖"),
    Sent("数控车工", "车工", 2, 17, None, ""),
    Sent("养老护理", "养老护理员", 2, 3, Medal.BRONZE, "三等奖"),
    Sent("工业机器人系统操作", "工业机器人系统操作员", 2, None, None, ""),
)
# The organiser's table: events, gold, silver, bronze, medallions.
TABLE = {
    "义乌市代表队": (24, 4, 3, 2, 5), "余姚市代表队": (22, 3, 2, 4, 4),
    "诸暨市代表队": (21, 2, 3, 1, 6), TEAM: (5, 0, 1, 1, 0), "海宁市代表队": (9, 0, 0, 1, 2),
}  # fmt: skip


def add_provincial(stage: Stage, event_id: int, folder: Path | None) -> None:
    """Show a contest of last year with its prizes, one in training, and entries of a neighbour."""
    if folder is not None:
        _last_year(stage, folder)
    _this_year(stage, event_id)
    _neighbour(stage)


def _last_year(stage: Stage, folder: Path) -> None:
    """Go the whole way: candidates, training, naming, form, results, table, money."""
    contest_id = _contest(stage, -415, -375)
    slots = [_event(stage, contest_id, one, place) for place, one in enumerate(SENT, start=1)]
    camp = _trained(stage, contest_id, -407, 10, -407 + 10)
    _tested(stage, camp, contest_id, -400, "结业测试")
    for event in provincial.get_contest(contest_id).events:
        _named(stage, event.id, -393)
    _delegation(stage, contest_id, -391, -375)
    by = stage.by("bureau", -389)
    provincial_delegations_forms.send_form(by, contest_id, folder)
    for one, ids in zip(SENT, slots, strict=True):
        _result(stage, ids[0], one)
    second = stage.by("bureau2", -367)
    provincial_results.confirm_results(second, contest_id, [ids[0] for ids in slots])
    lines = [
        Line(title, *counts, given_rank=place, is_own=title == TEAM)
        for place, (title, counts) in enumerate(TABLE.items(), start=1)
    ]
    provincial_results.record_standings(stage.by("bureau", -366), contest_id, lines, 11, 4)
    provincial.show_publicly(stage.by("bureau2", -365), contest_id, True)
    carrier = provincial_prizes.give_prizes_out(stage.by("bureau2", -355), contest_id)
    pay_prizes(stage, carrier, -350)


def _contest(stage: Stage, created: int, held: int) -> int:
    first = stage.day(held)
    year = first.year
    facts = Facts(
        code=f"ZJ{year}",
        title=f"{year}年浙江省职业技能大赛（县市组）",
        level=ProvincialLevel.PROVINCE,
        class_title="一类",
        year=year,
        organiser=ORGANISER,
        document=f"浙人社函〔{year}〕{21 if held < 0 else 64}号",
        starts_on=first,
        ends_on=first + timedelta(days=3),
        place="杭州市",
        delegation_title=TEAM,
        entry_until=stage.day(held - 12),
    )
    contest_id = provincial.create(stage.by("bureau", created), facts)
    rules = RULES.model_dump(mode="json")
    provincial.edit_rules(stage.by("bureau", created, 11), contest_id, None, rules)
    return contest_id


def _event(stage: Stage, contest_id: int, one: Sent, place: int) -> list[int]:
    """Add an event with its candidates, each from another unit, and a coach."""
    days = (provincial.get_contest(contest_id).entry_until or stage.today) - stage.today
    by = stage.by("bureau", min(days.days - 24, -12))
    facts = EventFacts(f"{place:02d}", one.title, EventFormat.SINGLE, 1,
                       occupation=one.occupation)  # fmt: skip
    event_id = provincial.add_event(by, contest_id, facts)
    companies = stage.employers[len(SCHOOLS) :]  # the schools come first
    known: list[tuple[PersonFacts, int | None]] = [
        (person, companies[(place * 3 + number) % len(companies)])
        for number, person in enumerate(stage.people.take(one.candidates + 1))
    ]
    *ids, coach = add_people(by, known)
    return [
        provincial_slots.add_candidate(
            by, event_id, ByHand([key], EntrantStatus.STAFF, True, REASON, unit, [coach])
        )
        for key, (_person, unit) in zip(ids, known, strict=False)
    ]


def _trained(stage: Stage, contest_id: int, first: int, days: int, last: int) -> int:
    """Open a training and tick everybody off on its first days; some are late or away."""
    for event in provincial.get_contest(contest_id).events:
        if provincial_slots.list_slots([event.id], (SlotState.SELECTED,)):
            provincial_slots.begin_training(stage.by("bureau", first - 1), event.id)
    facts = CampFacts("省赛集训", stage.day(first), stage.day(last), "慈溪市技能人才公共实训中心",
                      "实训中心竞赛教研组")  # fmt: skip
    camp_id = provincial_camps.open_camp(stage.by("bureau", first - 1), contest_id, facts)
    camp = provincial_camps.get_camp(camp_id)
    for n in range(days):
        ticks = provincial_camps.day_list(camp, stage.day(first + n))
        marks = {one.member_id: _presence(n, place) for place, one in enumerate(ticks)}
        by = stage.by("bureau", first + n, 17)
        provincial_camps.tick(by, camp_id, stage.day(first + n), marks)
    return camp_id


def _presence(day: int, place: int) -> Presence:
    if (day, place % 7) in {(1, 3), (3, 5)}:
        return Presence.LATE
    return Presence.EXCUSED if (day, place % 9) == (2, 4) else Presence.PRESENT


def _tested(stage: Stage, camp_id: int, contest_id: int, days: int, title: str) -> None:
    """Give every candidate a mark in a test."""
    by = stage.by("bureau", days, 16)
    for event in provincial.get_contest(contest_id).events:
        slots = provincial_slots.list_slots([event.id])
        test = provincial_camps.add_test(
            by, camp_id, event.id, title, stage.day(days), Decimal(100)
        )
        marks = {
            one.id: Decimal(stage.random.randrange(680, 930) - 25 * place) / 10
            for place, one in enumerate(slots)
        }
        provincial_camps.enter_test(by, test, marks)


def _lines(event_id: int) -> list[Naming]:
    """Name the first candidate; the others are reserves."""
    slots = provincial_slots.list_slots([event_id], provincial_namings.DECIDABLE)
    return [
        Naming(one.id, SlotState.RESERVE if place else SlotState.NAMED, place)
        for place, one in enumerate(slots)
    ]


def _named(stage: Stage, event_id: int, days: int) -> None:
    made = provincial_namings.propose_naming(
        stage.by("bureau", days), event_id, _lines(event_id), reason="综合选拔成绩与集训测试成绩"
    )
    provincial_namings.agree_naming(stage.by("bureau2", days, 15), made)


def _delegation(stage: Stage, contest_id: int, days: int, held: int) -> None:
    """Set up the delegation: leader, doctor, driver, vehicle, papers, what is to be done."""
    by = stage.by("bureau", days)
    row = provincial_delegations.open_delegation(by, contest_id)
    for role, name, unit, phone in (
        (MemberRole.LEADER, "岑领队", "慈溪市人力资源和社会保障局", "19900000011"),
        (MemberRole.DOCTOR, "励医师", "慈溪市第三人民医院", "19900000012"),
        (MemberRole.DRIVER, "戚师傅", "慈溪市机关事务服务中心", "19900000013"),
    ):
        provincial_delegations.add_member(by, row, MemberFacts(role, name, unit, phone))
    driver = provincial_delegations.list_members(row)[-1]
    provincial_delegations.add_vehicle(by, row, "浙B00000", 19, driver.id, "中巴车")
    provincial_delegations.edit_journey(
        by, row, "杭州赛区指定酒店", stage.day(held - 1), stage.day(held + 3)
    )
    until = stage.day(held + 60)
    provincial_delegations.add_paper(by, row, TEAM, "团体人身意外险", "PA0000001", until)
    for title, due in (("采购参赛工装", held - 10), ("自备工具清单报组委会", held - 7)):
        provincial_delegations.add_task(by, row, title, stage.day(due))
    if held < 0:
        for task in provincial_delegations.list_tasks(row):
            provincial_delegations.settle_task(by, task.id, True)


def _result(stage: Stage, slot_id: int, one: Sent) -> None:
    by = stage.by("bureau", -369)
    if one.rank is None:
        provincial_results.record_absence(by, slot_id, reason="因病弃赛，已报组委会备案")
        return
    document = f"浙技赛组〔{by.today.year}〕9号"
    facts = ResultFacts(one.rank, None, one.medal, one.prize, document, stage.day(-371))
    provincial_results.record_result(by, slot_id, facts)


def _this_year(stage: Stage, event_id: int) -> None:
    """Be in the middle of the training; one naming waits for a second person."""
    contest_id = _contest(stage, -14, 29)
    by = stage.by("bureau", -13)
    facts = EventFacts("01", "电工", EventFormat.SINGLE, 1, EntrantStatus.STAFF, "电工")
    chosen = provincial.add_event(by, contest_id, facts)
    provincial.link(by, chosen, event_id, "staff", 3)
    provincial_slots.take_candidates(stage.by("bureau", -12), chosen)
    for place, one in enumerate(SENT[1:4], start=2):
        _event(stage, contest_id, one, place)
    camp = _trained(stage, contest_id, -6, 6, 12)
    _tested(stage, camp, contest_id, -5, "入队摸底测试")
    _tested(stage, camp, contest_id, -1, "第一周测试")
    note = "各赛项按省赛样题训练，电工赛项加强故障排除环节。"
    provincial_camps.note(stage.by("bureau", -1, 17), camp, stage.day(-1), note)
    events = provincial.get_contest(contest_id).events
    _named(stage, events[1].id, -1)
    last = events[-1].id
    provincial_namings.propose_naming(
        stage.by("bureau2", 0, 8), last, _lines(last), reason="两次测试成绩均列第一"
    )
    _delegation(stage, contest_id, -2, 29)


def _neighbour(stage: Stage) -> None:
    """Leave a file with a neighbour's entries that nobody has taken over yet."""
    query = select(Event).join(Contest).where(Event.state == EventState.REGISTERING)
    event = db.session.scalars(query.order_by(Event.id).limit(1)).one()
    people = stage.people.take(3)
    titles = (event.title, event.title, "花艺")  # the last fits nothing here
    entries = tuple(
        _entry(place, title, one)
        for place, (title, one) in enumerate(zip(titles, people, strict=True), start=1)
    )
    content = EntriesFile(
        contest_code=event.contest.code, contest=event.contest.title, delegation="余姚市代表队",
        form=1, form_digest="0" * 64, entries=entries,
    )  # fmt: skip
    data = exchange.written(content)
    by = stage.by("organizer", -1)
    provincial_intakes.preview_entries(by, event.contest_id, data, "余姚市代表队-1.json")


def _entry(place: int, title: str, one: PersonFacts) -> ExchangeEntry:
    person = ExchangePerson(
        name=one.name, id_kind=one.id_kind, id_number=one.id_number, phone=one.phone or ""
    )
    return ExchangeEntry(
        reference=f"YY-000{place:03d}", event_code=f"{place:02d}", event=title,
        format=EventFormat.SINGLE, status=EntrantStatus.STAFF, employer="余姚市姚江机电有限公司",
        members=(person,),
    )  # fmt: skip
