"""The demonstration's stage: its people and accounts, and how an event is led through its states.

State changes go through the same acts that people use; only rows in bulk are written directly.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from models.database import db
from models.entries import Entry
from rules.certificate_kinds import CertificateKind
from rules.identity import IdKind
from rules.notice_chains import NoticeLevel
from rules.notices import Ordering
from rules.objections import Filing
from rules.people import PersonFacts
from rules.ranking import EntryStatus
from rules.schemes import Scheme
from rules.seats import RECORDER, benches
from rules.states import EntryState
from services import (
    attendance,
    audits,
    calendars,
    certificates_appointments,
    contests,
    draws,
    editions,
    events,
    issuing_working,
    judging,
    notices,
    objections,
    panels,
    panels_answers,
    results,
)
from services.acting import ZONE, Actor
from services.certificates_appointments import Call
from services.certificates_issuing import due_of
from services.contests import ContestFacts
from services.demo_events import WORDS, EventSketch, edition_rules, plan_for, scheme_for
from services.demo_marks import Ability, Progress, everything, make_ability, mark_event
from services.demo_people import People, add_people
from services.entries_bulk import NewEntry, add_entries
from services.events import DivisionFacts, EventFacts
from services.people import entry_title, get_person
from services.transaction import transaction

STAFF, STUDENT = DivisionFacts("职工组", "staff"), DivisionFacts("学生组", "student")
SPONSORS = "慈溪市人力资源和社会保障局、慈溪市总工会"
HOSTS = "慈溪市技能人才公共实训中心"
VENUE = "慈溪市技能人才公共实训中心"
CONTACT = "慈溪市人力资源和社会保障局职业能力建设科，电话 0574-00000000"


@dataclass
class Stage:
    """What all scenes of the demonstration share."""

    now: datetime
    random: Random
    say: Callable[[str], None]
    accounts: dict[str, int] = field(default_factory=dict)
    employers: list[int] = field(default_factory=list)
    judges: list[int] = field(default_factory=list)
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.random, self.today)

    @property
    def today(self) -> date:
        """Return the present day in China."""
        return self.now.astimezone(ZONE).date()

    def day(self, days: int) -> date:
        """Return a day so many days from today."""
        return self.today + timedelta(days=days)

    @property
    def start(self) -> datetime:
        """Return the instant at which the story begins."""
        return datetime.combine(self.day(-445), time(9), ZONE)

    def weekday(self, days: int) -> int:
        """Return the nearest earlier day that is no weekend, as days from today."""
        while self.day(days).weekday() >= 5:
            days -= 1
        return days

    def by(self, username: str, days: int, hour: int = 10) -> Actor:
        """Return an actor of the demonstration on a day in the past, never later than now."""
        instant = datetime.combine(self.day(days), time(hour), ZONE)
        return Actor(self.accounts[username], min(instant, self.now), "demo")


def add_contest(
    stage: Stage,
    facts: ContestFacts,
    sketches: Iterable[tuple[EventSketch, int | None]],
    days: int,
    levels: Sequence[NoticeLevel] = (),
) -> list[int]:
    """Make an edition with its events, publish it on a day, return the events' ids.

    Each event comes with the day on which it is held.
    """
    by = stage.by("organizer", days - 3, 9)
    contest_id = contests.create_contest(by, facts, edition_rules(levels))
    ids = [_add_event(stage, by, contest_id, sketch, held) for sketch, held in sketches]
    editions.publish(stage.by("organizer", days, 9), contest_id)
    return ids


def _add_event(
    stage: Stage, by: Actor, contest_id: int, sketch: EventSketch, held: int | None
) -> int:
    facts = EventFacts(
        code=sketch.code,
        title=sketch.title,
        occupation=sketch.occupation,
        divisions=(STAFF, STUDENT),
        standard_level=sketch.standard_level,
        team_size=sketch.team_size,
        venue=VENUE,
        held_on=None if held is None else stage.day(held),
    )
    return events.add_event(by, contest_id, facts, _scheme(sketch), plan_for())


_SCHEMES: dict[str, Scheme] = {}


def use_scheme(code: str, scheme: Scheme) -> None:
    """Let the event with this code take another scheme than the built-in one."""
    _SCHEMES[code] = scheme


def _scheme(sketch: EventSketch) -> Scheme:
    return _SCHEMES.get(sketch.code) or scheme_for(sketch)


@dataclass(frozen=True)
class Group:
    """So many entries of one division in one state."""

    count: int
    state: EntryState = EntryState.ACCEPTED
    is_student: bool = False
    employer_id: int | None = None


def add_group(stage: Stage, by: Actor, event_id: int, group: Group) -> list[int]:
    """Enter a group of made-up people, each with an employer; return the entries' ids."""
    if not group.count:
        return []
    size = contests.get_event(event_id).team_size
    schools, firms = stage.employers[:8], stage.employers[8:]
    pool = schools if group.is_student else firms
    chosen = [group.employer_id or stage.random.choice(pool) for _ in range(group.count)]
    facts = stage.people.take(group.count * size, group.is_student)
    owners = [employer_id for employer_id in chosen for _ in range(size)]
    people = add_people(by, list(zip(facts, owners, strict=True)))
    rows = [
        (chosen[n], facts[n * size : n * size + size], people[n * size : n * size + size])
        for n in range(group.count)
    ]
    return _enter(by, event_id, group, rows)


def enter_person(stage: Stage, by: Actor, event_id: int, person_id: int) -> int:
    """Enter somebody who is known already, with the employer of before; return the entry's id."""
    person = get_person(person_id)
    facts = PersonFacts(person.name, IdKind(person.id_kind), person.id_number)
    employer_id = person.employer_id or stage.employers[-1]
    group = Group(1, EntryState.SUBMITTED)
    return _enter(by, event_id, group, [(employer_id, [facts], [person_id])])[0]


@transaction
def _enter(
    by: Actor,
    event_id: int,
    group: Group,
    rows: Sequence[tuple[int, Sequence[PersonFacts], Sequence[int]]],
) -> list[int]:
    event = contests.get_event(event_id)
    division = event.divisions[1 if group.is_student else 0]
    new = [
        NewEntry(
            event_id,
            division.id,
            employer_id,
            entry_title(person.name for person in facts),
            tuple(people),
            group.state,
        )
        for employer_id, facts, people in rows
    ]
    ids = add_entries(by, {event_id: event.code}, new)
    after = {"count": len(ids), "state": group.state}
    audits.record(by, "build_demo", "event", event_id, contest_id=event.contest_id, after=after)
    return ids


def seat_panel(stage: Stage, by: Actor, event_id: int, first_judge: int = 0) -> None:
    """Seat a panel: the clerk for theory, judges from the list, and the recorder."""
    for bench in benches(contests.scheme_of(contests.get_event(event_id))):
        if bench.entered_by == "clerk":
            panels.seat(by, event_id, bench.key, stage.accounts["clerk"])
            continue
        for number in bench.seats:
            if number == RECORDER:
                recorder = stage.accounts["recorder"]
                panels.seat(by, event_id, bench.key, recorder, recorder=True)
                continue
            judge = stage.judges[(first_judge + number - 1) % len(stage.judges)]
            panels.seat(by, event_id, bench.key, judge)


def hold(
    stage: Stage,
    event_id: int,
    days: int,
    passes: float = 0.6,
    progress: Progress = everything,
    first_judge: int = 0,
    missing: Sequence[tuple[EntryStatus, int, str]] = (),
) -> dict[int, Ability]:
    """Draw, seat, record who is missing, open scoring and mark an event on a day."""
    eve = stage.by("organizer", days - 1, 15)
    draws.draw(eve, event_id, early=True)
    seat_panel(stage, eve, event_id, first_judge)
    for seat in panels.list_seats(event_id):
        panels_answers.answer_seat(replace(eve, account_id=seat.account_id), seat.id, True)
    ids = _accepted(event_id)
    _record_missing(stage, event_id, days, ids, missing)
    judging.open_scoring(stage.by("chief", days, 9), event_id)
    abilities = {entry_id: make_ability(stage.random, passes) for entry_id in ids}
    mark_event(stage.by("chief", days, 16), event_id, stage.random, abilities, progress)
    return abilities


def _accepted(event_id: int) -> list[int]:
    query = select(Entry.id).where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
    return list(db.session.scalars(query.order_by(Entry.id)))


def _record_missing(
    stage: Stage,
    event_id: int,
    days: int,
    ids: Sequence[int],
    missing: Sequence[tuple[EntryStatus, int, str]],
) -> None:
    by = stage.by("organizer", days, 8)
    left = stage.random.sample(ids, sum(count for _, count, _ in missing))
    for status, count, reason in missing:
        chosen, left = left[:count], left[count:]
        if chosen:
            attendance.record_attendance(by, event_id, chosen, status, reason)


def compute(stage: Stage, event_id: int, days: int) -> int:
    """Confirm the marks and compute the results; return the draft revision."""
    judging.confirm(stage.by("chief", days, 17), event_id)
    return results.compute(stage.by("organizer", days, 18), event_id)


def post_notice(
    stage: Stage, contest_id: int, days: int, title: str, ordering: Ordering = Ordering.AWARD
) -> int:
    """Put up all signed results of a contest."""
    by = stage.by("bureau", days, 9)
    know_years(by, by.today)
    return notices.post(
        by,
        contest_id,
        revision_ids=[revision.id for revision in notices.list_postable(contest_id)],
        title=title,
        body="根据竞赛规则，现将拟获奖人员名单予以公示。公示期间如有异议，请实名向竞赛组委会办公室反映。",
        contact=CONTACT,
        starts_on=by.today,
        ordering=ordering,
    )


def close_notice(stage: Stage, notice_id: int) -> int:
    """Close a notice on the day after its last one; return how many days ago that was."""
    end = notices.get_notice(notice_id).ends_on
    days = (end - stage.today).days + 1
    notices.close(stage.by("bureau", days, 9), notice_id)
    return days


def object_to(stage: Stage, notice_id: int, days: int) -> int:
    """Let somebody object to the last one on the list of a notice; return the objection."""
    entry_id = list(objections.entries_of(notice_id))[-1]
    said = Filing(
        "郑国平", "13800000000", "该选手参赛时已调离原单位，请核实其参赛资格。", "", entry_id
    )
    by = replace(stage.by("bureau", days, 15), account_id=None)  # a visitor, not signed in
    return objections.file_objection(by, notice_id, said).id


def issue(stage: Stage, contest_id: int, days: int) -> int:
    """Issue the certificates of a contest's final events, and the papers of those who helped."""
    by = stage.by("bureau", days, 14)
    if not certificates_appointments.list_appointments(contest_id):
        year = date(by.today.year, 1, 1), date(by.today.year, 12, 31)
        expert = Call("何海平", "技术专家", *year, "慈溪技师学院")
        certificates_appointments.appoint(by, contest_id, expert)
    for kind in _BESIDE:
        if due_of(contest_id, kind):
            issuing_working.issue_all(by, contest_id, _word, kind=kind)
    return issuing_working.issue_all(by, contest_id, _word)


_BESIDE = (CertificateKind.TEAM, CertificateKind.JUDGE, CertificateKind.APPOINTMENT)


def _word(text: str) -> str:
    return WORDS.get(text, text)


def know_years(by: Actor, first: date) -> None:
    """Make sure that there is a holiday table for the weeks after a day, if only a made-up one."""
    for year in calendars.unknown_years(first, first + timedelta(days=30)):
        for month, title in ((1, "元旦"), (5, "劳动节"), (10, "国庆节")):
            holiday = _weekday_from(date(year, month, 1))
            calendars.add_days(by, year, holiday, holiday, False, title)
        calendars.confirm_year(by, year, "演示数据，请以国务院办公厅通知为准")


def _weekday_from(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def sign(stage: Stage, revision_id: int, days: int) -> int:
    """Let the supervisor sign a draft."""
    return results.sign(stage.by("supervisor", days, 11), revision_id)
