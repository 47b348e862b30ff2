"""Pages of the hall's draws: layout, preparing, figures, the page for everybody, the protocol."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from rules.draws import LotKind
from rules.states import LotState
from services import halls, lots
from services.acting import Actor
from tests.builders import Builder, sign_in
from tests.hall_rooms import TWO_BATCHES, drawn, entries_of, filled_event, laid_out

RECOMPUTE = Path(__file__).parents[2] / "static" / "recompute_draw.py"
LAYOUT = {
    "batches": "第一场 2026-10-16 08:30\n第二场",
    "stations": "A1-3\n  备用台 ",
    "papers": "甲卷\n乙卷",
    "minutes": "180",
    "version": "0",
}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


@pytest.fixture
def event(build: Builder) -> Event:
    """An event with five entries of three employers."""
    return filled_event(build)


def test_a_hall_is_laid_out_line_by_line(organizer: FlaskClient, event: Event) -> None:
    address = f"/events/{event.id}/hall/layout"
    assert organizer.get(address).status_code == 200
    assert organizer.post(address, data=LAYOUT).status_code == 303
    rules = halls.hall_of(event.id)
    assert rules.stations == ("A1", "A2", "A3", "备用台") and rules.minutes == 180
    assert rules.title_of(1) == "第一场" and rules.start_of(2) is None
    shown = organizer.get(address).text
    assert "第一场 2026-10-16 08:30" in shown and "备用台" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batches", "第一场 2026-13-16 08:30"),
        ("batches", "x" * 41),
        ("batches", "第一场\n第一场"),
        ("batches", "一 2026-10-16 09:00\n二 2026-10-16 08:00"),
        ("stations", "A9-1"),
        ("stations", "1-900"),
        ("stations", "A\nA"),
        ("papers", "x" * 41),
        ("minutes", "soon"),
        ("minutes", "-1"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_with_what_was_typed(
    organizer: FlaskClient, event: Event, field: str, value: str
) -> None:
    reply = organizer.post(f"/events/{event.id}/hall/layout", data=LAYOUT | {field: value})
    assert reply.status_code == 422 and f'id="{field}-error"' in reply.text
    assert halls.find_hall(event.id) is None


def test_a_draw_goes_from_the_list_to_the_figures(
    organizer: FlaskClient, event: Event, by: Actor
) -> None:
    address = f"/events/{event.id}/hall/draws"
    laid_out(by, event)
    assert 'value="station"' in organizer.get(address).text
    reply = organizer.post(address, data={"kind": "station", "batch": "1"})
    page = organizer.get(reply.headers["Location"])
    lot = lots.list_lots(event.id)[0]
    assert lot.commitment in page.text and lot.secret not in page.text
    refused = organizer.post(f"/lots/{lot.id}", data={"spoken": "123"})
    assert refused.status_code == 422 and 'id="spoken-error"' in refused.text
    assert organizer.post(f"/lots/{lot.id}", data={"spoken": "98 76 54"}).status_code == 303
    page = organizer.get(f"/lots/{lot.id}")
    assert lot.secret in page.text and "987654" in page.text
    assert entries_of(event)[0].title in page.text
    organizer.post(address, data={"kind": "station", "batch": "1"})
    assert "只有裁判长" in organizer.get(address).text
    assert len(lots.list_lots(event.id)) == 1


def test_a_kind_that_does_not_exist_draws_nothing(
    organizer: FlaskClient, event: Event, by: Actor
) -> None:
    laid_out(by, event)
    assert organizer.post(f"/events/{event.id}/hall/draws", data={"kind": "x"}).status_code == 303
    assert lots.list_lots(event.id) == []


def test_everybody_can_check_a_draw_and_reads_no_name(
    client: FlaskClient, event: Event, by: Actor, tmp_path: Path
) -> None:
    laid_out(by, event)
    lot_id = lots.commit_lot(by, event.id, LotKind.STATION, 1)
    record = client.get(f"/lots/{lot_id}/record.json").get_json()
    assert "secret" not in record and "outcome" not in record
    lots.draw_lot(by, lot_id, "20260915")
    page = client.get(f"/lots/{lot_id}")
    for entry in entries_of(event):
        assert entry.number in page.text and entry.title not in page.text
        assert entry.employer is not None and entry.employer.title not in page.text
    reply = client.get(f"/lots/{lot_id}/record.json")
    assert not any(entry.title in reply.text for entry in entries_of(event))
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(reply.get_json()), encoding="utf-8")
    run = [sys.executable, "-I", str(RECOMPUTE), str(file)]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0


def test_the_protocol_is_a_paper_for_staff(
    organizer: FlaskClient, client: FlaskClient, event: Event, by: Actor
) -> None:
    laid_out(by, event, "ABCDE", TWO_BATCHES, ("甲", "乙"))
    lot_id = lots.commit_lot(by, event.id, LotKind.BATCH)
    assert organizer.get(f"/lots/{lot_id}/protocol.pdf").status_code == 303
    lots.draw_lot(by, lot_id, "123456")
    paper = drawn(by, event, LotKind.PAPER, 1)
    for one in (lot_id, paper):
        reply = organizer.get(f"/lots/{one}/protocol.pdf")
        assert reply.mimetype == "application/pdf" and reply.data.startswith(b"%PDF")


def test_only_the_chief_judge_resets_a_draw(
    client: FlaskClient, event: Event, by: Actor, build: Builder
) -> None:
    laid_out(by, event)
    lot_id = drawn(by, event, LotKind.STATION, 1)
    sign_in(client, build.account("organizer"))
    assert client.post(f"/lots/{lot_id}/reset", data={"reason": "x"}).status_code == 403
    assert f"/lots/{lot_id}/reset" not in client.get(f"/lots/{lot_id}").text
    client.post("/sign-out")
    sign_in(client, build.account("chief_judge", event.contest_id, event.id))
    page = client.get(f"/events/{event.id}/hall/draws")
    assert page.status_code == 200 and f"/lots/{lot_id}" in page.text
    client.post(f"/lots/{lot_id}/reset", data={"reason": ""})
    assert lots.get_lot(lot_id).state is LotState.DRAWN
    client.post(f"/lots/{lot_id}/reset", data={"reason": "名单有误"})
    assert lots.get_lot(lot_id).state is LotState.RESET
    assert "名单有误" in client.get(f"/lots/{lot_id}").text


def test_a_hall_clerk_of_another_event_draws_nothing(
    client: FlaskClient, event: Event, by: Actor, build: Builder
) -> None:
    laid_out(by, event)
    other = filled_event(build, "a")
    sign_in(client, build.account("hall_clerk", other.contest_id, other.id))
    assert client.get(f"/events/{event.id}/hall/draws").status_code == 404
    assert client.get(f"/events/{other.id}/hall/draws").status_code == 200
    lot_id = lots.commit_lot(by, event.id, LotKind.STATION, 1)
    assert client.post(f"/lots/{lot_id}", data={"spoken": "123456"}).status_code == 404
    assert client.post(f"/lots/{lot_id}/cancel", data={"reason": "x"}).status_code == 404


def test_a_prepared_draw_is_dropped_from_its_page(
    organizer: FlaskClient, event: Event, by: Actor
) -> None:
    laid_out(by, event)
    lot_id = lots.commit_lot(by, event.id, LotKind.STATION, 1)
    organizer.post(f"/lots/{lot_id}/cancel", data={"reason": "有人迟到"})
    assert lots.get_lot(lot_id).state is LotState.RESET
    assert "有人迟到" in organizer.get(f"/events/{event.id}/hall/draws").text
