"""Judges at work at the same moment."""

from decimal import Decimal

import pytest
from flask import Flask

from rules.schemes import Aspect, Panel, Part, Scheme, Section
from services import judging, marks, sheets
from services.acting import Actor
from services.marks import RefusedMarks, Typed
from tests.builders import NOW, Builder
from tests.judging_rooms import open_room
from tests.services.test_races import CROWD, all_at_once

CROWDED_PANEL = Panel(judges=CROWD, minimum=CROWD, max_spread=Decimal(10))
ASPECT = Aspect(key="A1", title="尺寸", maximum=Decimal(100))
SCHEME = Scheme(
    title="",
    parts=(
        Part(
            key="work",
            title="操作",
            weight=Decimal(100),
            sections=(Section(key="A", title="加工", aspects=(ASPECT,)),),
            panel=CROWDED_PANEL,
        ),
    ),
)


@pytest.fixture(scope="module")
def busy(committing: Flask) -> tuple[Flask, int, list[int]]:
    """An application whose commits are real, an event in it, and a sheet of each judge."""
    with committing.app_context():
        room = open_room(Builder(), 2, SCHEME)
        found = [[sheet.id for sheet in room.sheets(judge)] for judge in room.judges]
        event_id = room.event_id
    return committing, event_id, [key for pair in zip(*found, strict=True) for key in pair]


def _judge_of(sheet_id: int) -> Actor:
    return Actor(sheets.get_sheet(sheet_id).sheet.seat.account_id, NOW)


def test_of_many_tabs_that_mark_the_same_aspect_one_wins_and_the_others_are_told(
    busy: tuple[Flask, int, list[int]],
) -> None:
    app, _event_id, sheet_ids = busy
    sheet_id = sheet_ids[-1]

    def mark(number: int) -> int:
        typed = Typed(sheet_id, "A1", str(50 + number))
        return marks.enter_marks(_judge_of(sheet_id), sheet_id, [typed])

    outcomes = all_at_once(app, mark)
    refused = [one for one in outcomes if isinstance(one, RefusedMarks)]
    assert (outcomes.count(sheet_id), len(refused)) == (1, CROWD - 1), outcomes
    with app.app_context():
        stored = sheets.stored_marks([sheet_id])[sheet_id]["A1"]
    assert {one.stored[sheet_id, "A1"] for one in refused} == {stored}


def test_judges_who_sign_one_work_at_once_see_how_far_apart_they_are(
    busy: tuple[Flask, int, list[int]],
) -> None:
    app, event_id, sheet_ids = busy

    def sign(number: int) -> int:
        sheet_id = sheet_ids[number]
        typed = Typed(sheet_id, "A1", str(50 + 5 * number))
        return marks.sign_sheet(_judge_of(sheet_id), sheet_id, [typed])

    outcomes = all_at_once(app, sign)
    assert set(outcomes) == set(sheet_ids[:CROWD]), [str(one) for one in outcomes]
    with app.app_context():
        (line,) = judging.get_progress(event_id).spreads
    assert (line.lowest, line.highest) == (50, 50 + 5 * (CROWD - 1))
