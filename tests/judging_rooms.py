"""A whole panel for tests: an event with entries, seats and sheets."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.plans import default_scheme
from rules.schemes import (
    Advance,
    Aspect,
    AspectKind,
    Band,
    Deduction,
    Given,
    Option,
    Panel,
    Part,
    Scheme,
    Section,
    Stage,
)
from rules.seats import RECORDER, benches
from rules.states import EventState
from services import draws, judging, marks, panels
from services.acting import Actor
from services.marks import Typed
from tests.builders import NOW, Builder

TWO_JUDGES = Panel(judges=2, minimum=2, max_spread=Decimal(10))


def mixed_scheme() -> Scheme:
    """One part with an aspect of each kind, two judges, spread limit 10."""
    aspects = (
        Aspect(key="A1", title="尺寸", maximum=Decimal(60)),
        Aspect(key="A2", title="≤5% 误差", kind=AspectKind.MEASUREMENT, maximum=Decimal(10)),
        Aspect(
            key="A3",
            title="外观",
            kind=AspectKind.JUDGEMENT,
            maximum=Decimal(30),
            ladder=("差", "中", "良", "优"),
        ),
    )
    section = Section(key="A", title="加工", aspects=aspects)
    part = Part(
        key="work", title="操作", weight=Decimal(100), sections=(section,), panel=TWO_JUDGES
    )
    return Scheme(title="", parts=(part,))


def spare_scheme(judges: int = 3, minimum: int = 2) -> Scheme:
    """The mixed scheme with a panel that can do without some marks."""
    part = mixed_scheme().parts[0]
    panel = Panel(judges=judges, minimum=minimum)
    parts = (part.model_copy(update={"panel": panel}),)
    return mixed_scheme().model_copy(update={"parts": parts})


def rich_scheme() -> Scheme:
    """One part with every kind of aspect, a larger panel for one of them, and a recorder."""
    measured = Section(
        key="M",
        title="测量",
        aspects=(
            Aspect(
                key="M1",
                title="孔径",
                kind=AspectKind.DEVIATION,
                maximum=Decimal(10),
                target=Decimal(20),
                tolerance=Decimal("0.02"),
                difference=Decimal("0.01"),
                deduction=Decimal(1),
                counted="started",
                reading_step=Decimal("0.001"),
            ),
            Aspect(
                key="M2",
                title="用时（秒）",
                kind=AspectKind.BANDS,
                maximum=Decimal(5),
                bands=(
                    Band(up_to=Decimal(900), award=Decimal(5)),
                    Band(above=Decimal(900), up_to=Decimal(960), award=Decimal(3)),
                    Band(above=Decimal(960), award=Decimal(0)),
                ),
            ),
            Aspect(
                key="M3",
                title="材料",
                kind=AspectKind.CHOICE,
                maximum=Decimal(4),
                options=(
                    Option(label="合格", award=Decimal(4)),
                    Option(label="替代", award=Decimal("1.5")),
                    Option(label="不合格", award=Decimal(0)),
                ),
            ),
        ),
    )
    judged = Section(
        key="J",
        title="评判",
        panel=Panel(judges=3, minimum=3, drop_high=1, drop_low=1, combine_at="aspect"),
        aspects=(
            Aspect(
                key="J1",
                title="完成质量",
                maximum=Decimal(3),
                minimum=Decimal(-3),
                step=Decimal(1),
            ),
            Aspect(
                key="J2",
                title="造型",
                kind=AspectKind.JUDGEMENT,
                maximum=Decimal(6),
                top=2,
                ladder=("差", "中", "优"),
                awards=(Decimal(0), Decimal(2), Decimal(6)),
            ),
        ),
    )
    part = Part(
        key="work",
        title="操作",
        weight=Decimal(100),
        sections=(measured, judged),
        times=Given(key="difficulty", title="难度", minimum=Decimal(1), maximum=Decimal(2)),
        deductions=(
            Deduction(
                key="breach",
                title="违规",
                each=Decimal(5),
                limit=Decimal(10),
                disqualifies_at=Decimal(3),
            ),
        ),
    )
    facts = (Given(key="time", title="总用时（秒）", maximum=Decimal(9999), step=Decimal(1)),)
    return Scheme(title="", parts=(part,), facts=facts)


def theory_scheme() -> Scheme:
    """The usual scheme with theory by a clerk, and a panel of two judges."""
    return default_scheme(panel=TWO_JUDGES)


@dataclass
class Room:
    """An event with everybody in it."""

    build: Builder
    event_id: int
    chief: Account
    organizer: Account
    judges: list[Account]
    entries: list[int]

    def by(self, account: Account) -> Actor:
        """Somebody who acts now."""
        return Actor(account.id, NOW, "test")

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return db.session.get_one(Event, self.event_id, populate_existing=True)

    def seats(self) -> list[PanelSeat]:
        """The seats by part and number."""
        return list(panels.list_seats(self.event_id))

    def works(self) -> list[Work]:
        """The works of all stages, in the order of the entries."""
        query = db.select(Work).where(Work.event_id == self.event_id)
        return list(db.session.scalars(query.order_by(Work.stage, Work.entry_id)))

    def sheets(self, account: Account) -> list[Sheet]:
        """An account's sheets by entry."""
        query = (
            db.select(Sheet)
            .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
            .join(Work, Work.id == Sheet.work_id)
            .where(PanelSeat.account_id == account.id, Sheet.event_id == self.event_id)
            .order_by(Work.entry_id)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def sign(self, account: Account, sheet: Sheet, *values: str) -> None:
        """Fill a sheet of the mixed scheme and sign it."""
        typed = [
            Typed(sheet.id, key, text) for key, text in zip(("A1", "A2", "A3"), values, strict=True)
        ]
        marks.sign_sheet(self.by(account), sheet.id, typed)


def seated_room(build: Builder, entries: int = 2, scheme: Scheme | None = None) -> Room:
    """An event whose codes are drawn and whose panels are full."""
    event = build.event(
        state=EventState.REGISTERING, scheme=(scheme or mixed_scheme()).model_dump(mode="json")
    )
    made: list[Entry] = [build.entry(event) for _ in range(entries)]
    room = Room(
        build,
        event.id,
        build.account("chief_judge"),
        build.account("organizer"),
        [],
        [entry.id for entry in made],
    )
    draws.draw(room.by(room.organizer), event.id, early=True)
    by = room.by(room.organizer)
    for bench in benches(scheme or mixed_scheme()):
        for number in bench.seats:
            account = build.account(panels.role_of(bench).value)
            room.judges.append(account)
            panels.seat(by, event.id, bench.key, account.id, recorder=number == RECORDER)
    return room


def open_room(build: Builder, entries: int = 2, scheme: Scheme | None = None) -> Room:
    """The same with scoring open."""
    room = seated_room(build, entries, scheme)
    judging.open_scoring(room.by(room.chief), room.event_id)
    return room


def staged_scheme(advance: Advance | None = None, **final: Any) -> Scheme:
    """A heat of one judge, and a final for the best two with a recorder of its own."""
    parts = tuple(
        Part(
            key=key,
            title=title,
            stage=stage,
            sections=(
                Section(
                    key=f"s-{key}",
                    title=title,
                    aspects=(Aspect(key=aspect, title=title, maximum=Decimal(100)),),
                ),
            ),
        )
        for key, title, stage, aspect in (
            ("run", "预赛操作", "heat", "H1"),
            ("show", "决赛操作", "final", "F1"),
        )
    )
    late = Deduction(key="late", title="迟到", each=Decimal(5))
    stages = (
        Stage(key="heat", title="预赛", advance=advance or Advance(top=2)),
        Stage(key="final", title="决赛", deductions=(late,), **final),
    )
    return Scheme(title="", combine="sum", parts=parts, stages=stages)


def fill_stage(room: Room, part: str, key: str, *values: str) -> None:
    """Sign the sheets of the only judge of a part, in the order of the entries."""
    seat = next(one for one in room.seats() if (one.part, one.number) == (part, 1))
    found = [one for one in room.sheets(seat.account) if one.seat_id == seat.id]
    for sheet, value in zip(found, values, strict=True):
        marks.sign_sheet(room.by(seat.account), sheet.id, [Typed(sheet.id, key, value)])
