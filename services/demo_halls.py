"""The hall of an event of the demonstration, in the middle of its day."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from models.entries import Entry
from rules.draws import LotKind
from rules.halls import Batch, HallRules
from rules.states import TurnState
from services import arrivals, halls, halls_turns, lots, passes
from services.acting import ZONE, Actor
from services.demo_stages import Stage

MINUTES = 150
PAPERS = ("A卷", "B卷", "C卷")
SPOKEN = "2026 0915 1234"


def run_hall(stage: Stage, event_id: int, days: int = 0) -> None:
    """Lay the hall out, draw, issue passes; the first batch is over, the second has been called."""
    by = stage.by("organizer", days - 1)
    entries = halls.competing_entries(event_id)
    halls.edit_hall(by, event_id, 0, _layout(stage, len(entries), days))
    passes.issue_passes(by, event_id)
    _draw(by, event_id, LotKind.BATCH, 0)
    clerk = stage.by("hall", days, 8)
    for batch in (1, 2):
        _draw(clerk, event_id, LotKind.STATION, batch)
        _draw(clerk, event_id, LotKind.PAPER, batch)
    turns = halls.turns_of(event_id)
    first, second = ([one for one in entries if turns[one.id].batch == at] for at in (1, 2))
    _compete(stage, event_id, first, days)
    _gather(stage.by("hall", days, 11), event_id, second)


def _layout(stage: Stage, people: int, days: int) -> HallRules:
    start = datetime.combine(stage.day(days), time(8, 30), ZONE)
    return HallRules(
        batches=(
            Batch(title="第1场", starts_at=start),
            Batch(title="第2场", starts_at=start + timedelta(hours=3)),
        ),
        stations=tuple(f"{number}号" for number in range(1, people // 2 + 2)),
        papers=PAPERS,
        minutes=MINUTES,
    )


def _draw(by: Actor, event_id: int, kind: LotKind, batch: int) -> None:
    lots.draw_lot(by, lots.commit_lot(by, event_id, kind, batch), SPOKEN)


def _come(by: Actor, event_id: int, entry: Entry) -> None:
    for line in passes.list_passes(event_id, entry.id):
        arrivals.check_in(by, event_id, entry.id, line.person_id, line.token)


def _compete(stage: Stage, event_id: int, batch: list[Entry], days: int) -> None:
    """Let a batch compete to the end; one of it was interrupted."""
    early, start, end = (stage.by("hall", days, hour) for hour in (8, 9, 11))
    halls_turns.move_batch(early, event_id, 1, TurnState.CALLED)
    for entry in batch:
        _come(early, event_id, entry)
    halls_turns.move_batch(start, event_id, 1, TurnState.READY)
    halls_turns.move_batch(start, event_id, 1, TurnState.COMPETING)
    halls_turns.move_turn(start, batch[0].id, TurnState.INTERRUPTED, "工位断电，经裁判长确认")
    soon = replace(start, now=start.now + timedelta(minutes=8))
    halls_turns.resume(soon, batch[0].id, 6, "补时6分钟")
    halls_turns.move_batch(end, event_id, 1, TurnState.FINISHED)


def _gather(by: Actor, event_id: int, batch: list[Entry]) -> None:
    """Call a batch; half of it has come and one of them competes already."""
    halls_turns.move_batch(by, event_id, 2, TurnState.CALLED)
    here = batch[: max(1, len(batch) // 2)]
    for entry in here:
        _come(by, event_id, entry)
    halls_turns.move_turn(by, here[0].id, TurnState.READY)
    halls_turns.move_turn(by, here[0].id, TurnState.COMPETING)
