"""Many awards of one final event, in bulk, for those who try how certificates are issued."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from models.awards import Award
from models.contests import Division, RuleVersion
from models.database import Base, db
from models.results import Revision
from rules.identity import IdKind
from rules.people import PersonFacts
from rules.plans import EditionRules
from rules.states import EntryState, EventState, RevisionState
from services.acting import Actor
from services.entries_bulk import NewEntry, add_entries
from services.people import bulk_people, chunks, table_of
from tests.builders import NOW, Builder

_CHUNK = 500


def awarded(build: Builder, count: int) -> int:
    """Let so many people have an award of a final event; return the contest."""
    event = build.event(state=EventState.FINAL)
    event.contest.sponsors = "慈溪市人力资源和社会保障局、慈溪市总工会"
    by = Actor(None, NOW)
    division = db.session.scalars(select(Division).where(Division.event_id == event.id)).first()
    assert division is not None
    people = bulk_people(by, [(facts, None) for facts in _people(build, count)])
    rows = [
        NewEntry(event.id, division.id, None, f"选手{n}", (person,), EntryState.ACCEPTED)
        for n, person in enumerate(people)
    ]
    entries = add_entries(by, {event.id: event.code}, rows)
    revision = _signed(event.id).id
    _add(Award, [_award(revision, place, key) for place, key in enumerate(entries)])
    db.session.commit()
    return event.contest_id


def _people(build: Builder, count: int) -> Iterator[PersonFacts]:
    for number in range(count):
        day = date(1970, 1, 1) + timedelta(days=number % 9000)
        name = "赵钱孙李周吴郑王"[number % 8] + "建国志强丽华伟芳"[number // 8 % 8]
        yield PersonFacts(name=name, id_kind=IdKind.RESIDENT, id_number=build.id_number(day))


def _signed(event_id: int) -> Revision:
    version = RuleVersion(
        event_id=event_id,
        number=1,
        scheme={},
        plan={},
        edition=EditionRules().model_dump(mode="json"),
        digest="d" * 64,
        frozen_at=NOW,
    )
    db.session.add(version)
    db.session.flush()
    revision = Revision(
        event_id=event_id,
        number=1,
        state=RevisionState.SIGNED,
        rule_version_id=version.id,
        digest="d" * 64,
        computed_at=NOW,
        signed_at=NOW,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _award(revision_id: int, place: int, entry_id: int) -> dict[str, Any]:
    order = 1 if place < 20 else 2 if place < 200 else 3
    return {
        "revision_id": revision_id,
        "entry_id": entry_id,
        "tier": f"t{order}",
        "tier_title": ("一等奖", "二等奖", "三等奖")[order - 1],
        "tier_order": order,
        "amount": Decimal(1000),
        "honours": [],
        "shared": False,
    }


def _add(model: type[Base], rows: list[dict[str, Any]]) -> None:
    for chunk in chunks(rows, _CHUNK):
        db.session.execute(insert(table_of(model)), list(chunk))
