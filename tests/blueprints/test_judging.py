"""Pages of judging: what each role sees, and what is refused."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.entries import Entry
from models.judging import Sheet
from rules.data import plain
from rules.ranking import EntryStatus
from rules.states import EventState, SheetState
from services import attendance, judging, marks, sheets
from services.marks import Typed
from tests.builders import Builder, sign_in
from tests.judging_rooms import (
    Room,
    open_room,
    seated_room,
    spare_scheme,
    theory_scheme,
)


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    return sign_in(client.application.test_client(), account)


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build)


def _stored(sheet_id: int) -> dict[str, str]:
    found = sheets.stored_marks([sheet_id]).get(sheet_id, {})
    return {aspect: plain(mark.value) for aspect, mark in found.items()}


# --- a judge ---


def test_a_judge_goes_from_the_list_to_a_sheet_and_signs_it(
    client: FlaskClient, room: Room
) -> None:
    judge = room.judges[0]
    first, second = (sheet.id for sheet in room.sheets(judge))
    browser = _as(client, judge)
    assert f"/events/{room.event_id}/sheets" in browser.get("/sheets").text
    page = browser.get(f"/events/{room.event_id}/sheets").text
    assert f'href="/sheets/{first}"' in page and f'href="/sheets/{second}"' in page
    typed = {"mark-A1": "45.5", "mark-A2": "1", "mark-A3": "2"}
    reply = browser.post(f"/sheets/{first}/sign", data=typed)
    assert reply.headers["Location"] == f"/sheets/{second}"
    assert _stored(first) == {"A1": "45.5", "A2": "1", "A3": "2"}
    reply = browser.post(f"/sheets/{second}/sign", data=typed)
    assert reply.headers["Location"] == f"/events/{room.event_id}/sheets"
    assert {sheet.state for sheet in room.sheets(judge)} == {SheetState.SIGNED}


def test_a_judge_without_a_seat_has_no_page_of_the_event(
    client: FlaskClient, build: Builder, room: Room
) -> None:
    browser = _as(client, build.account("judge"))
    assert "/events/" not in browser.get("/sheets").text
    assert browser.get(f"/events/{room.event_id}/sheets").status_code == 404


def test_a_code_is_found_among_the_sheets(client: FlaskClient, room: Room) -> None:
    codes = [db.session.get_one(Entry, key).code for key in room.entries]
    browser = _as(client, room.judges[0])
    page = browser.get(f"/events/{room.event_id}/sheets?q={str(codes[0]).lower()}").text
    assert f"<strong>{codes[0]}</strong>" in page
    assert f"<strong>{codes[1]}</strong>" not in page
    assert browser.get(f"/events/{room.event_id}/sheets?q=nothing").status_code == 200


def test_a_refused_sheet_keeps_everything_that_was_typed(client: FlaskClient, room: Room) -> None:
    sheet_id = room.sheets(room.judges[0])[0].id
    browser = _as(client, room.judges[0])
    reply = browser.post(
        f"/sheets/{sheet_id}", data={"mark-A1": "99", "mark-A2": "1", "mark-A3": "2"}
    )
    assert reply.status_code == 422
    assert 'value="99"' in reply.text
    assert 'name="mark-A3" value="2" checked' in reply.text
    assert reply.text.count('href="#aspect-1"') == 1
    assert 'data-state="failed"' in reply.text
    assert _stored(sheet_id) == {}


def test_missing_marks_are_listed_when_signing(client: FlaskClient, room: Room) -> None:
    sheet_id = room.sheets(room.judges[0])[0].id
    browser = _as(client, room.judges[0])
    reply = browser.post(f"/sheets/{sheet_id}/sign", data={"mark-A1": "40"})
    assert reply.status_code == 422
    assert 'href="#aspect-2"' in reply.text and 'href="#aspect-3"' in reply.text
    assert 'href="#aspect-1"' not in reply.text
    assert browser.get(f"/sheets/{sheet_id}/sign").headers["Location"] == f"/sheets/{sheet_id}"


def test_a_mark_is_saved_in_the_background(client: FlaskClient, room: Room) -> None:
    sheet_id = room.sheets(room.judges[0])[0].id
    browser = _as(client, room.judges[0])
    url = f"/sheets/{sheet_id}/marks"
    saved = browser.post(url, data={"mark-A1": "45.50", "base-A1": "0", "request_key": "k1"})
    assert saved.status_code == 200
    told: dict[str, Any] = saved.get_json()
    assert (told["state"], told["value"]) == ("saved", "45.5")
    again = browser.post(url, data={"mark-A1": "45.50", "base-A1": "0", "request_key": "k1"})
    assert again.get_json() == told
    stale = browser.post(url, data={"mark-A1": "50", "base-A1": "0", "request_key": "k2"})
    assert stale.status_code == 409
    assert stale.get_json()["value"] == "45.5"
    assert stale.get_json()["version"] == told["version"]
    wrong = browser.post(url, data={"mark-A1": "61", "base-A1": str(told["version"])})
    assert wrong.status_code == 422
    assert "60" in wrong.get_json()["message"]
    assert _stored(sheet_id) == {"A1": "45.5"}


def test_a_stale_sheet_shows_both_values_and_the_next_save_decides(
    client: FlaskClient, room: Room
) -> None:
    judge = room.judges[0]
    sheet_id = room.sheets(judge)[0].id
    marks.enter_marks(room.by(judge), sheet_id, [Typed(sheet_id, "A1", "45")])
    browser = _as(client, judge)
    reply = browser.post(f"/sheets/{sheet_id}", data={"mark-A1": "50", "base-A1": "0"})
    assert reply.status_code == 422
    assert "45" in reply.text and 'value="50"' in reply.text
    base = re.search(r'name="base-A1" value="(\d+)"', reply.text)
    assert base is not None
    data = {"mark-A1": "50", "base-A1": base[1]}
    assert browser.post(f"/sheets/{sheet_id}", data=data).status_code == 303
    assert _stored(sheet_id) == {"A1": "50"}


def test_unreadable_versions_and_fields_do_no_harm(client: FlaskClient, room: Room) -> None:
    sheet_id = room.sheets(room.judges[0])[0].id
    browser = _as(client, room.judges[0])
    url = f"/sheets/{sheet_id}/marks"
    assert browser.post(url, data={"mark-Z9": "1"}).status_code == 404
    assert browser.post(url, data={}).status_code == 404
    assert browser.post(url, data={"mark-A1": "1", "mark-A2": "1"}).status_code == 404
    assert browser.post(url, data={"mark-A1": "9" * 5000}).status_code == 422
    assert browser.post(url, data={"mark-A1": "5", "base-A1": "²"}).status_code == 200
    too_long = {"mark-A1": "5", "request_key": "x" * 99}
    assert browser.post(url, data=too_long).status_code == 422


def test_a_foreign_sheet_is_not_there(client: FlaskClient, room: Room) -> None:
    foreign = room.sheets(room.judges[1])[0].id
    browser = _as(client, room.judges[0])
    assert browser.get(f"/sheets/{foreign}").status_code == 404
    for url in (f"/sheets/{foreign}", f"/sheets/{foreign}/marks", f"/sheets/{foreign}/sign"):
        assert browser.post(url, data={"mark-A1": "5"}).status_code == 404
    assert _stored(foreign) == {}


def test_a_locked_sheet_says_why(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    signed, absent = room.sheets(judge)
    room.sign(judge, signed, "45", "1", "2")
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, [absent.work.entry_id], EntryStatus.ABSENT)
    browser = _as(client, judge)
    for sheet, words in ((signed, "只有裁判长"), (absent, "缺考")):
        page = browser.get(f"/sheets/{sheet.id}").text
        assert words in page and 'class="sheet-fields" disabled' in page
        refused = browser.post(f"/sheets/{sheet.id}/marks", data={"mark-A1": "5"})
        assert (refused.status_code, words in refused.get_json()["message"]) == (422, True)


# --- an entry clerk ---


def test_a_clerk_fills_and_signs_the_table(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 3, theory_scheme())
    clerk = room.judges[0]
    ids = [sheet.id for sheet in room.sheets(clerk)]
    seat_id = db.session.get_one(Sheet, ids[0]).seat_id
    browser = _as(client, clerk)
    assert f"/seats/{seat_id}/table" in browser.get(f"/events/{room.event_id}/sheets").text
    typed = {f"mark-{key}-theory_mark": text for key, text in zip(ids, "123", strict=True)}
    wrong = typed | {f"mark-{ids[1]}-theory_mark": "101"}
    reply = browser.post(f"/seats/{seat_id}/table", data=wrong)
    assert reply.status_code == 422
    assert reply.text.count('aria-invalid="true"') == 1
    assert 'value="101"' in reply.text and 'value="3"' in reply.text
    assert _stored(ids[0]) == {}
    assert browser.post(f"/seats/{seat_id}/table", data=typed).status_code == 303
    assert [_stored(key)["theory_mark"] for key in ids] == ["1", "2", "3"]
    url = f"/seats/{seat_id}/sign"
    assert browser.get(url).headers["Location"] == f"/seats/{seat_id}/table"
    assert browser.post(url, data={}).status_code == 303
    assert {sheet.state for sheet in room.sheets(clerk)} == {SheetState.SIGNED}
    assert browser.post(url, data={}).status_code == 422


def test_a_table_of_somebody_else_or_with_nonsense_is_not_there(
    client: FlaskClient, build: Builder
) -> None:
    room = open_room(build, 1, theory_scheme())
    clerk, judge = room.judges[:2]
    seat_id = room.sheets(clerk)[0].seat_id
    assert _as(client, judge).get(f"/seats/{seat_id}/table").status_code == 404
    browser = _as(client, clerk)
    url = f"/seats/{seat_id}/table"
    assert browser.post(url, data={"mark-x-theory_mark": "5"}).status_code == 404
    assert browser.post(url, data={"mark-999999-theory_mark": "5"}).status_code == 404


# --- the organizer ---


def test_the_organizer_draws_and_prints_the_list(client: FlaskClient, build: Builder) -> None:
    event = build.event(state=EventState.REGISTERING)
    entry = build.entry(event)
    event_id, name = event.id, entry.title
    browser = _as(client, build.account("organizer"))
    assert f"/events/{event_id}/draw" in browser.get(f"/events/{event_id}/attendance").text
    reply = browser.post(f"/events/{event_id}/draw", data={})
    assert reply.status_code == 422 and 'href="#early"' in reply.text
    assert browser.post(f"/events/{event_id}/draw", data={"early": "y"}).status_code == 303
    page = browser.get(f"/events/{event_id}/draw").text
    code = db.session.scalar(db.select(Entry.code).where(Entry.event_id == event_id))
    assert name in page and str(code) in page


def test_every_state_of_the_organizers_pages_renders(client: FlaskClient, build: Builder) -> None:
    browser = _as(client, build.account("organizer"))
    for state in EventState:
        event = build.event(state=state)
        build.entry(event, code="AAAA")
        for page in ("draw", "attendance", "panel"):
            assert browser.get(f"/events/{event.id}/{page}").status_code == 200, (state, page)


def test_absentees_are_ticked_and_recorded(client: FlaskClient, build: Builder) -> None:
    room = seated_room(build)
    browser = _as(client, room.organizer)
    url = f"/events/{room.event_id}/attendance"
    ticked = [str(key) for key in room.entries]
    reply = browser.post(url, data={"ids": ticked, "status": "violation"})
    assert reply.status_code == 422 and reply.text.count(" checked") >= 3
    assert browser.post(url, data={"status": "absent"}).status_code == 422
    assert browser.post(url, data={"ids": ticked, "status": "gone"}).status_code == 422
    reply = browser.post(url + "?q=E", data={"ids": ticked[:1], "status": "absent"})
    assert reply.headers["Location"] == url + "?q=E"
    assert attendance.count_statuses(room.event_id)[EntryStatus.ABSENT] == 1
    assert browser.get(url + "?status=absent").text.count('name="ids"') == 1
    assert browser.get(url + "?status=nonsense&page=99").status_code == 200


def test_a_panel_is_filled_and_scoring_opened(client: FlaskClient, build: Builder) -> None:
    event = build.event(state=EventState.DRAWN, scheme=spare_scheme().model_dump(mode="json"))
    build.entry(event, code="AAAA")
    rival = build.employer()
    build.entry(event, code="CCCC", employer_id=rival.id)
    judges = [build.account("judge", employer_id=rival.id)]
    judges += [build.account("judge") for _ in range(2)]
    url = f"/events/{event.id}/panel"
    browser = _as(client, build.account("organizer"))
    page = browser.get(url).text
    assert "需要 2 名" in page and f"/events/{event.id}/scoring" not in page
    assert browser.post(f"{url}/seats?part=work", data={"work-account_id": "0"}).status_code == 422
    assert browser.post(f"{url}/seats?part=work", data={"work-account_id": "x"}).status_code == 422
    assert browser.post(f"{url}/nothing", data={"nothing-account_id": "1"}).status_code == 404
    for judge in judges:
        data = {"work-account_id": str(judge.id), "work-duty": "member"}
        assert browser.post(f"{url}/seats?part=work", data=data).status_code == 303
    page = browser.get(url).text
    assert page.count("所在单位有人参赛") == 1
    assert browser.post(f"/events/{event.id}/scoring", data={}).headers["Location"] == url
    db.session.refresh(event)
    assert event.state is EventState.SCORING


def test_seats_are_freed_and_handed_on(client: FlaskClient, build: Builder) -> None:
    room = seated_room(build)
    first, second = (seat.id for seat in room.seats())
    spare = build.account("judge")
    browser = _as(client, room.organizer)
    page = f"/seats/{second}/replace"
    assert browser.get(page).status_code == 200
    assert browser.post(page, data={"account_id": "0"}).status_code == 422
    assert browser.post(page, data={"account_id": str(spare.id)}).status_code == 303
    assert browser.post(f"/seats/{first}/unseat", data={}).status_code == 303
    assert [seat.account_id for seat in room.seats()] == [spare.id]


# --- the chief judge ---


def test_the_chief_opens_a_sheet_again_and_confirms(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, entries=1)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "45", "1", "2")
    sheet = room.sheets(room.judges[0])[0]
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/progress"
    assert f"/sheets/{sheet.id}/reopen" in browser.get(url).text
    page = f"/sheets/{sheet.id}/reopen"
    assert "45" in browser.get(page).text
    assert browser.post(page, data={"reason": ""}).status_code == 422
    assert browser.post(page, data={"reason": "补录"}).headers["Location"] == url
    assert f"/events/{room.event_id}/confirm" not in browser.get(url).text
    browser.post(f"/events/{room.event_id}/confirm", data={})
    assert room.event.state is EventState.SCORING
    marks.sign_sheet(room.by(room.judges[0]), sheet.id)
    browser.post(f"/events/{room.event_id}/confirm", data={})
    assert room.event.state is EventState.REVIEW
    again = f"/events/{room.event_id}/reopen"
    assert again in browser.get(url).text
    assert browser.get(again).status_code == 200
    assert browser.post(again, data={"reason": " "}).status_code == 422
    assert browser.post(again, data={"reason": "更正"}).headers["Location"] == url
    assert room.event.state is EventState.SCORING


def test_the_chief_opens_scoring_from_the_progress_page(
    client: FlaskClient, build: Builder
) -> None:
    room = seated_room(build)
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/progress"
    assert f"/events/{room.event_id}/scoring" in browser.get(url).text
    reply = browser.post(f"/events/{room.event_id}/scoring", data={})
    assert reply.headers["Location"] == url
    assert room.event.state is EventState.SCORING


def test_the_supervisor_looks_but_does_not_touch(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, entries=1)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "45", "1", "2")
    sheet_id = room.sheets(room.judges[0])[0].id
    browser = _as(client, build.account("supervisor"))
    page = browser.get(f"/events/{room.event_id}/progress").text
    assert "/confirm" not in page and "/reopen" not in page
    assert browser.post(f"/events/{room.event_id}/confirm", data={}).status_code == 403
    assert browser.get(f"/sheets/{sheet_id}/reopen").status_code == 403


def test_the_matrix_is_filtered(client: FlaskClient, build: Builder) -> None:
    room = open_room(build)
    first, second = room.judges
    done, other = (db.session.get_one(Entry, key).code for key in room.entries)
    room.sign(first, room.sheets(first)[0], "45", "1", "3")
    room.sign(second, room.sheets(second)[0], "20", "1", "3")
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/progress"
    assert f'id="row-{done}"' not in browser.get(url + "?show=open").text
    assert f'id="row-{other}"' not in browser.get(url + "?show=spread").text
    assert f'id="row-{other}"' in browser.get(url + f"?q={str(other).lower()}").text
    assert browser.get(url + "?q=none").status_code == 200


def test_every_state_of_the_chiefs_page_renders(client: FlaskClient, build: Builder) -> None:
    browser = _as(client, build.account("chief_judge"))
    for state in EventState:
        event = build.event(state=state)
        build.entry(event, code="AAAA")
        assert browser.get(f"/events/{event.id}/progress").status_code == 200, state


# --- for all ---


def test_judges_and_chiefs_never_see_who_made_a_work(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 2, theory_scheme())
    employer = build.employer()
    secrets = [employer.title]
    for key in room.entries:
        entry = db.session.get_one(Entry, key)
        entry.employer_id = employer.id
        secrets += [entry.title, entry.number]
    db.session.commit()
    clerk, judge = room.judges[:2]
    judging_pages = [
        (clerk, f"/seats/{room.sheets(clerk)[0].seat_id}/table"),
        (judge, "/sheets"),
        (judge, f"/events/{room.event_id}/sheets"),
        (judge, f"/sheets/{room.sheets(judge)[0].id}"),
        (room.chief, f"/events/{room.event_id}/progress"),
        (room.chief, f"/sheets/{room.sheets(judge)[0].id}/reopen"),
    ]
    for account, url in judging_pages:
        reply = _as(client, account).get(url)
        assert reply.status_code == 200, url
        assert not [secret for secret in secrets if secret in reply.text], url


def test_pages_cost_the_same_whatever_the_number_of_entries(
    client: FlaskClient, build: Builder, statements: object
) -> None:
    counts: list[list[int]] = []
    for size in (1, 3):
        room = open_room(build, size, theory_scheme())
        clerk, judge = room.judges[:2]
        sheet = room.sheets(judge)[0]
        pages = [
            (clerk, f"/seats/{room.sheets(clerk)[0].seat_id}/table"),
            (judge, "/sheets"),
            (judge, f"/events/{room.event_id}/sheets"),
            (judge, f"/sheets/{sheet.id}"),
            (room.chief, f"/events/{room.event_id}/progress"),
            (room.organizer, f"/events/{room.event_id}/draw"),
            (room.organizer, f"/events/{room.event_id}/attendance"),
            (room.organizer, f"/events/{room.event_id}/panel"),
        ]
        counts.append([])
        for account, url in pages:
            browser = _as(client, account)
            with statements() as seen:  # type: ignore[operator]
                browser.get(url)
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20


def test_the_progress_of_nobody_elses_contest_is_shown(
    client: FlaskClient, build: Builder, room: Room
) -> None:
    chief = build.account("chief_judge", build.contest().id)
    assert _as(client, chief).get(f"/events/{room.event_id}/progress").status_code == 404
    assert judging.get_progress(room.event_id).sheets == 4
