"""The audit record as a page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from models.database import db
from rules.states import EntryState
from services import audits, marks
from services.acting import Actor
from services.marks import Typed
from tests.builders import Builder, sign_in
from tests.judging_rooms import open_room, theory_scheme

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def supervisor(client: FlaskClient, build: Builder) -> FlaskClient:
    """A supervisor's browser."""
    return sign_in(client, build.account("supervisor"))


def note(by: Actor, action: str, contest_id: int | None = None, **values: object) -> None:
    """Write one record."""
    before = {"state": EntryState.SUBMITTED}
    audits.record(by, action, "entry", 7, contest_id=contest_id, before=before, after=values)
    db.session.commit()


def test_values_are_said_before_and_after(supervisor: FlaskClient, by: Actor) -> None:
    note(by, "accept", state=EntryState.ACCEPTED, reason="<b>没有</b>", digest="a" * 64)
    page = supervisor.get("/audits").text
    assert "<del>待审核</del>" in page and "审核通过" in page
    assert "&lt;b&gt;没有" in page and "a" * 13 not in page


def test_filters_narrow_the_list(supervisor: FlaskClient, by: Actor, build: Builder) -> None:
    contest = build.contest()
    note(by, "accept", contest.id, reason="第一条")
    note(by, "reject", reason="第二条")
    for query in (f"contest={contest.id}", "action=accept", "subject=entry&action=accept"):
        page = supervisor.get(f"/audits?{query}").text
        assert "第一条" in page and "第二条" not in page, query
    for query in ("subject=notice", "q=nobody", "id=8", "contest=99999"):
        assert "第一条" not in supervisor.get(f"/audits?{query}").text, query


def test_a_supervisor_of_one_contest_sees_only_its_records(
    client: FlaskClient, by: Actor, build: Builder
) -> None:
    mine, other = build.contest(), build.contest()
    note(by, "accept", mine.id, reason="自己的")
    note(by, "accept", other.id, reason="别人的")
    sign_in(client, build.account("supervisor", mine.id))
    for query in ("", f"?contest={other.id}"):
        assert "别人的" not in client.get(f"/audits{query}").text
    assert "自己的" in client.get("/audits").text


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    supervisor: FlaskClient, by: Actor, build: Builder, statements: Statements
) -> None:
    note(by, "accept", reason="x")
    with statements() as few:
        supervisor.get("/audits")
    for _ in range(3):
        note(build.actor(build.account("organizer")), "accept", reason="x")
    with statements() as many:
        supervisor.get("/audits")
    assert len(few) == len(many) <= 12


def test_a_record_of_an_unknown_kind_is_shown_as_it_is(supervisor: FlaskClient, by: Actor) -> None:
    audits.record(by, "frobnicate", "gadget", None, after={"knobs": [1, {"a": None, "b": True}]})
    db.session.commit()
    page = supervisor.get("/audits").text
    assert "frobnicate" in page and "gadget" in page and "knobs" in page


def test_marks_are_said_with_the_titles_of_their_aspects(
    supervisor: FlaskClient, build: Builder
) -> None:
    room = open_room(build, entries=1)
    (sheet,) = room.sheets(room.judges[0])
    room.sign(room.judges[0], sheet, "50", "1", "3")
    page = supervisor.get("/audits?subject=sheet").text
    for title in ("尺寸", "≤5% 误差", "外观"):
        assert title in page
    # Only what is read: a token in a form may hold any two signs.
    assert "A1" not in re.sub(r"<[^>]*>", " ", page)


def test_a_table_of_marks_names_codes_and_aspects(supervisor: FlaskClient, build: Builder) -> None:
    room = open_room(build, entries=2, scheme=theory_scheme())
    seat = next(seat for seat in room.seats() if seat.part == "theory")
    sheets = room.sheets(seat.account)
    typed = [Typed(sheet.id, "theory_mark", "88") for sheet in sheets]
    marks.enter_table(room.by(seat.account), seat.id, typed)
    page = supervisor.get("/audits?subject=seat").text
    assert "theory_mark" not in page and "Theory paper 88" in page
    for sheet in sheets:
        assert f'">{sheet.work.code}</span>' in page


def test_seats_name_the_part_by_its_title(
    supervisor: FlaskClient, build: Builder, statements: Statements
) -> None:
    room = open_room(build, entries=1, scheme=theory_scheme())
    with statements() as seen:
        page = supervisor.get("/audits?subject=event").text
    assert len(seen) <= 12
    assert all(judge.title in page for judge in room.judges)
    assert "操作技能" in page and ">practical<" not in page and "</span> practical" not in page
