"""An event whose levels are being listed: a line with a problem, and a file that came back."""

from sqlalchemy import select

from models.awards import LevelGrant
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.levels import LevelLine, PersonLevel
from services import contests, levels, levels_returns
from services.contests import ContestFacts
from services.demo_events import SKETCHES
from services.demo_levels import BODY, send_levels
from services.demo_stages import (
    Group,
    Stage,
    add_contest,
    add_group,
    close_notice,
    compute,
    hold,
    post_notice,
    sign,
)
from services.workbooks import Column
from services.workbooks_writing import write_table

_FILE = (Column("name", ("姓名",)), Column("id_number", ("证件号码",), kind="digits"),
         Column("number", ("证书编号",)))  # fmt: skip


def be_listed(stage: Stage, first: ContestFacts, second: ContestFacts) -> None:
    """Play two contests to their end: one list waits for decisions, one for its numbers."""
    draft = _finished(stage, first, 6)
    query = (
        select(LevelGrant.person_id, Event.occupation, LevelGrant.level)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id == draft)
        .order_by(LevelGrant.id)
    )
    person_id, occupation, level = db.session.execute(query.limit(1)).one()
    db.session.add(
        PersonLevel(person_id=person_id, occupation=occupation, level=level, recorded_at=stage.now)
    )
    db.session.commit()
    levels.prepare(stage.by("bureau", -2, 9), draft, body=BODY)
    sent = send_levels(stage, _finished(stage, second, 7), -2)
    line = db.session.scalars(select(LevelLine).where(LevelLine.list_id == sent)).first()
    assert line is not None
    rows: list[dict[str, object]] = [
        {"name": "另一人", "id_number": line.person.id_number, "number": "Y33020001"}
    ]
    file = write_table(_FILE, rows, "返回")
    levels_returns.receive(stage.by("bureau", -1), sent, file, "返回.xlsx")


def _finished(stage: Stage, facts: ContestFacts, sketch: int) -> int:
    (event_id,) = add_contest(stage, facts, ((SKETCHES[sketch], -40),), -90)
    add_group(stage, stage.by("organizer", -60), event_id, Group(5))
    hold(stage, event_id, -40, 1.0)
    sign(stage, compute(stage, event_id, -40), -39)
    contest_id = contests.get_event(event_id).contest_id
    close_notice(stage, post_notice(stage, contest_id, stage.weekday(-30), "获奖名单公示"))
    return contest_id
