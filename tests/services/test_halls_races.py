"""Several clerks at one door, and several who prepare the same draw, released by a barrier."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from models.database import db
from models.halls import TurnStep
from models.lots import Lot
from models.passes import Arrival, Pass
from rules.draws import LotKind
from rules.refusals import Refused
from rules.states import TurnState
from services import arrivals, halls_turns, lots, passes
from services.acting import Actor
from tests.builders import NOW, Builder
from tests.conftest import KEYS
from tests.hall_rooms import entries_of, filled_event, laid_out
from tests.services.test_races import CROWD, all_at_once, own_database


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose commits are real."""
    folder = tmp_path_factory.mktemp("doors")
    app = create_app(
        skillstar_mode="testing", instance_dir=folder, database_url=own_database(folder), **KEYS
    )
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def crowd(doors: Flask) -> tuple[list[int], int, int, int]:
    """Accounts of as many clerks, an event, an entry, and its person."""
    with doors.app_context():
        build = Builder()
        event = filled_event(build, "ab")
        laid_out(build.actor(), event)
        entry = entries_of(event)[0]
        clerks = [build.account("hall_clerk").id for _ in range(CROWD)]
        found = (clerks, event.id, entry.id, entry.members[0].person_id)
        db.session.remove()
    return found


def count(app: Flask, model: type, **wanted: object) -> int:
    """Count the rows of a table."""
    with app.app_context():
        query = select(func.count()).select_from(model).filter_by(**wanted)
        return db.session.scalar(query) or 0


def told(outcomes: list[object]) -> int:
    """Count those who were told that somebody was faster."""
    return sum(1 for one in outcomes if isinstance(one, Refused))


def test_the_door_the_draw_and_the_passes_hold_against_a_crowd(
    doors: Flask, crowd: tuple[list[int], int, int, int]
) -> None:
    clerks, event_id, entry_id, person_id = crowd

    def come(number: int) -> int:
        return arrivals.check_in(Actor(clerks[number], NOW), event_id, entry_id, person_id)

    assert told(all_at_once(doors, come)) == CROWD - 1
    assert count(doors, Arrival, event_id=event_id) == 1
    assert count(doors, TurnStep, new_state=TurnState.PREPARING) == 1

    def prepare(number: int) -> int:
        return lots.commit_lot(Actor(clerks[number], NOW), event_id, LotKind.STATION, 1)

    outcomes = all_at_once(doors, prepare)
    assert told(outcomes) == CROWD - 1 and count(doors, Lot, event_id=event_id) == 1
    lot_id = next(one for one in outcomes if isinstance(one, int))

    def draw(number: int) -> int:
        return lots.draw_lot(Actor(clerks[number], NOW), lot_id, f"10000{number}")

    assert told(all_at_once(doors, draw)) == CROWD - 1
    with doors.app_context():
        assert lots.is_true(lots.get_lot(lot_id))

    def issue(number: int) -> int:
        return passes.issue_passes(Actor(clerks[number], NOW), event_id)

    assert told(all_at_once(doors, issue)) == CROWD - 1 and count(doors, Pass) == 2

    def ready(number: int) -> int:
        return halls_turns.move_turn(Actor(clerks[number], NOW), entry_id, TurnState.READY)

    assert told(all_at_once(doors, ready)) == CROWD - 1
    assert count(doors, TurnStep, new_state=TurnState.READY) == 1
