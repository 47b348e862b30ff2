"""Several clerks at one door, and several who prepare the same draw, released by a barrier."""

import pytest
from flask import Flask
from sqlalchemy import func, select

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
from tests.hall_rooms import entries_of, filled_event, laid_out
from tests.services.test_races import CROWD, all_at_once


@pytest.fixture
def crowd(committing: Flask) -> tuple[list[int], int, int, int]:
    """Accounts of as many clerks, an event, an entry, and its person."""
    with committing.app_context():
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
    committing: Flask, crowd: tuple[list[int], int, int, int]
) -> None:
    clerks, event_id, entry_id, person_id = crowd

    def come(number: int) -> int:
        return arrivals.check_in(Actor(clerks[number], NOW), event_id, entry_id, person_id)

    assert told(all_at_once(committing, come)) == CROWD - 1
    assert count(committing, Arrival, event_id=event_id) == 1
    assert count(committing, TurnStep, new_state=TurnState.PREPARING) == 1

    def prepare(number: int) -> int:
        return lots.commit_lot(Actor(clerks[number], NOW), event_id, LotKind.STATION, 1)

    outcomes = all_at_once(committing, prepare)
    assert told(outcomes) == CROWD - 1 and count(committing, Lot, event_id=event_id) == 1
    lot_id = next(one for one in outcomes if isinstance(one, int))

    def draw(number: int) -> int:
        return lots.draw_lot(Actor(clerks[number], NOW), lot_id, f"10000{number}")

    assert told(all_at_once(committing, draw)) == CROWD - 1
    with committing.app_context():
        assert lots.is_true(lots.get_lot(lot_id))

    def issue(number: int) -> int:
        return passes.issue_passes(Actor(clerks[number], NOW), event_id)

    assert told(all_at_once(committing, issue)) == CROWD - 1 and count(committing, Pass) == 2

    def ready(number: int) -> int:
        return halls_turns.move_turn(Actor(clerks[number], NOW), entry_id, TurnState.READY)

    assert told(all_at_once(committing, ready)) == CROWD - 1
    assert count(committing, TurnStep, new_state=TurnState.READY) == 1
