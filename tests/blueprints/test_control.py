"""The control room in the browser: the grid, the alarms, what changed, marks asked for again."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.control import Dismissal, Remark, Violation
from models.database import db
from models.judging import Mark, Sheet
from rules.ranking import EntryStatus
from services import control, control_memory, judging, marks
from services.marks import Typed
from tests.builders import Builder, sign_in
from tests.judging_rooms import Room, mixed_scheme, open_room, rich_scheme

Statements = Callable[[], AbstractContextManager[list[str]]]


def three_judges() -> Any:
    scheme = mixed_scheme()
    part = scheme.parts[0]
    panel = part.panel.model_copy(update={"judges": 3, "minimum": 2, "max_spread": None})
    return scheme.model_copy(update={"parts": (part.model_copy(update={"panel": panel}),)})


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    return sign_in(client.application.test_client(), account)


def _url(room: Room, rest: str = "") -> str:
    return f"/events/{room.event_id}/control{rest}"


def _slip_room(build: Builder, entries: int = 2) -> Room:
    """Two judges give 54, the third 45, on the first work."""
    room = open_room(build, entries, three_judges())
    for judge, value in zip(room.judges, ("54", "54", "45"), strict=True):
        room.sign(judge, room.sheets(judge)[0], value, "1", "2")
    return room


def _cells(browser: FlaskClient, room: Room) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(browser.get(_url(room, "/changes")).text)["cells"]
    return found


def test_the_grid_shows_how_far_each_sheet_is(build: Builder, client: FlaskClient) -> None:
    room = open_room(build)
    first, second = room.sheets(room.judges[0])
    room.sign(room.judges[0], first, "50", "1", "2")
    marks.enter_marks(room.by(room.judges[0]), second.id, [Typed(second.id, "A1", "40")])
    browser = _as(client, room.chief)
    page = browser.get(_url(room)).text
    assert first.work.code in page and second.work.code in page
    cells = _cells(browser, room)
    assert cells[str(first.id)] == ["signed", "✓"]
    assert cells[str(second.id)] == ["begun", "1/3"]
    other = room.sheets(room.judges[1])[0]
    assert cells[str(other.id)] == ["empty", "–"]
    typed = [Typed(second.id, key, text) for key, text in (("A2", "1"), ("A3", "0"))]
    marks.enter_marks(room.by(room.judges[0]), second.id, typed)
    assert _cells(browser, room)[str(second.id)] == ["complete", "●"]


def test_before_scoring_the_room_says_what_will_come(build: Builder, client: FlaskClient) -> None:
    event = build.event()
    page = _as(client, build.account("chief_judge")).get(f"/events/{event.id}/control")
    assert page.status_code == 200
    assert "尚无评分表" in page.text


def test_nothing_new_is_answered_from_one_statement(
    build: Builder, client: FlaskClient, statements: Statements
) -> None:
    room = _slip_room(build)
    browser = _as(client, room.chief)
    reply = browser.get(_url(room, "/changes"))
    tag = reply.headers["ETag"]
    with statements() as seen:
        again = browser.get(_url(room, "/changes"), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert [one for one in seen if "sheet" in one and "account.id" not in one] == seen[-1:]
    other = browser.get(_url(room, "/changes"), headers={"If-None-Match": '"old"'})
    assert other.status_code == 200


@pytest.mark.parametrize("act", ["mark", "sign", "reopen", "attendance", "dismiss", "minute"])
def test_whatever_changes_is_told(
    build: Builder, client: FlaskClient, clock: Any, act: str
) -> None:
    room = _slip_room(build)
    by, judge = room.by(room.chief), room.judges[0]
    before = control.find_token(room.event_id, clock())
    sheets = room.sheets(judge)
    if act == "mark":
        marks.enter_marks(room.by(judge), sheets[1].id, [Typed(sheets[1].id, "A1", "3")])
    elif act == "sign":
        room.sign(judge, sheets[1], "50", "1", "2")
    elif act == "reopen":
        judging.reopen_sheet(by, sheets[0].id, "漏评")
    elif act == "attendance":
        from services import attendance

        entry_id = room.entries[0]
        attendance.record_attendance(by, room.event_id, [entry_id], EntryStatus.ABSENT)
    elif act == "dismiss":
        control.dismiss(by, room.event_id, "a", "b", "看过")
    else:
        clock.now = clock.now.replace(minute=clock.now.minute + 1)
    assert control.find_token(room.event_id, clock()) != before


def test_a_slip_is_shown_with_its_numbers_and_leads_to_its_cell(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    sheet = room.sheets(room.judges[2])[0]
    page = _as(client, room.chief).get(_url(room)).text
    assert "录入 45，其他裁判的中位数为 54：是否数字颠倒（应为 54）？" in page
    assert f"/sheets/{sheet.id}/panel?aspect=A1#line-A1" in page
    work = _as(client, room.chief).get(f"/sheets/{sheet.id}/panel?aspect=A1").text
    assert "num is-odd is-this" in work
    assert 'value="A1" checked' in work or 'checked id="aspects-0"' in work or "checked" in work


def test_filters_keep_what_is_asked_for(build: Builder, client: FlaskClient) -> None:
    room = _slip_room(build)
    first, second = (sheet.work.code for sheet in room.sheets(room.judges[0]))
    browser = _as(client, room.chief)
    assert f'id="row-{second}"' not in browser.get(_url(room, "?show=alarms")).text
    assert f'id="row-{first}"' not in browser.get(_url(room, "?show=open")).text
    assert f'id="row-{second}"' not in browser.get(_url(room, f"?q={first}")).text
    assert "是否数字颠倒" in browser.get(_url(room, "?group=slips")).text
    assert "是否数字颠倒" not in browser.get(_url(room, "?group=habits")).text


def test_an_alarm_is_put_aside_with_a_note_until_its_marks_change(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    browser = _as(client, room.chief)
    found = next(one for one in control.get_room(room.event_id, room.by(room.chief).now).alarms)
    url = _url(room, f"/dismiss?alarm={found.alarm.key}&mark={found.alarm.mark}")
    assert "是否数字颠倒" in browser.get(url).text
    empty = browser.post(url, data={"note": " "})
    assert empty.status_code == 422 and "请填写查看结果" in empty.text
    assert browser.post(url, data={"note": "裁判确认无误"}).status_code == 303
    assert "是否数字颠倒" not in browser.get(_url(room)).text
    assert "裁判确认无误" in browser.get(_url(room, "?aside=1")).text
    again = browser.post(url, data={"note": "再次"})
    assert again.status_code == 422
    assert db.session.query(Dismissal).count() == 1
    judging.reopen_sheet(room.by(room.chief), room.sheets(room.judges[1])[0].id, "改分")
    sheet = room.sheets(room.judges[1])[0]
    typed = [Typed(sheet.id, "A1", "53.5", sheet.marks[0].version)]
    marks.sign_sheet(room.by(room.judges[1]), sheet.id, typed)
    assert "是否数字颠倒" in browser.get(_url(room)).text


def test_an_alarm_that_is_gone_says_so(build: Builder, client: FlaskClient) -> None:
    room = _slip_room(build)
    browser = _as(client, room.chief)
    reply = browser.get(_url(room, "/dismiss?alarm=x&mark=y"))
    assert reply.status_code == 303
    assert "该预警已消失" in browser.get(reply.headers["Location"]).text


def test_marks_asked_for_again_open_only_these_lines_and_keep_both_versions(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    judge = room.judges[2]
    sheet = room.sheets(judge)[0]
    chief, browser = _as(client, room.chief), _as(client, judge)
    url = f"/sheets/{sheet.id}/panel"
    refused = chief.post(url, data={"reason": "请核对"})
    assert refused.status_code == 422 and "请至少勾选一项" in refused.text
    assert chief.post(url, data={"aspects": ["A1"], "reason": ""}).status_code == 422
    assert chief.post(url, data={"aspects": ["zz"], "reason": "请核对"}).status_code == 404
    done = chief.post(url, data={"aspects": ["A1"], "reason": "请核对尺寸"})
    assert done.status_code == 303
    assert _cells(chief, room)[str(sheet.id)] == ["asked", "↻"]
    page = browser.get(f"/sheets/{sheet.id}").text
    assert "请核对尺寸" in page
    versions = {one.aspect: str(one.version) for one in room.sheets(judge)[0].marks}
    other = {"mark-A3": "0", "base-A3": versions["A3"]}
    reply = browser.post(f"/sheets/{sheet.id}/marks", data=other)
    assert reply.status_code == 422
    assert "只有裁判长要求重评的评分项可以修改" in reply.get_json()["message"]
    changed = {"mark-A1": "54", "base-A1": versions["A1"], "mark-A2": "1", "mark-A3": "2"}
    changed |= {f"base-{key}": versions[key] for key in ("A2", "A3")}
    assert browser.post(f"/sheets/{sheet.id}/sign", data=changed).status_code == 303
    (kept,) = db.session.query(Remark).all()
    assert (kept.before, kept.after) == ({"A1": "45"}, {"A1": "54"})
    page = chief.get(url).text
    assert "A1: 45" in page and "A1: 54" in page
    assert "是否数字颠倒" not in chief.get(_url(room)).text


def test_the_whole_panel_can_be_asked(build: Builder, client: FlaskClient) -> None:
    room = _slip_room(build)
    sheet = room.sheets(room.judges[2])[0]
    chief = _as(client, room.chief)
    data = {"aspects": ["A1", "A3"], "reason": "分差过大", "panel": "y"}
    assert chief.post(f"/sheets/{sheet.id}/panel", data=data).status_code == 303
    assert db.session.query(Remark).count() == 3
    states = {cell[0] for cell in _cells(chief, room).values()}
    assert states == {"asked", "empty"}


def test_a_sheet_that_is_not_signed_cannot_be_asked_for(
    build: Builder, client: FlaskClient
) -> None:
    room = open_room(build)
    sheet = room.sheets(room.judges[0])[0]
    chief = _as(client, room.chief)
    page = chief.get(f"/sheets/{sheet.id}/panel").text
    assert 'id="ask"' not in page
    reply = chief.post(f"/sheets/{sheet.id}/panel", data={"aspects": ["A1"], "reason": "x"})
    assert reply.status_code == 422
    assert "该评分表尚未签名" in reply.text


def test_the_supervisor_sees_everything_and_changes_nothing(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    sheet = room.sheets(room.judges[2])[0]
    browser = _as(client, build.account("supervisor"))
    page = browser.get(_url(room)).text
    assert "是否数字颠倒" in page and "/dismiss?" not in page
    assert "本单位选手" in page
    assert 'id="ask"' not in browser.get(f"/sheets/{sheet.id}/panel").text
    assert browser.post(f"/sheets/{sheet.id}/panel", data={}).status_code == 403
    assert browser.get(_url(room, "/dismiss?alarm=x&mark=y")).status_code == 403
    assert browser.get(f"/events/{room.event_id}/violations/new").status_code == 403
    for account in (room.judges[0], room.organizer):
        assert _as(client, account).get(_url(room)).status_code == 403


def test_the_room_asks_the_same_number_of_questions_for_every_size(
    build: Builder, client: FlaskClient, statements: Statements
) -> None:
    counts = []
    for entries in (2, 6):
        room = _slip_room(build, entries)
        control_memory.forget()
        browser = _as(client, room.chief)
        with statements() as seen:
            assert browser.get(_url(room)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_a_process_that_read_before_shows_the_same_as_a_fresh_one(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    browser = _as(client, room.chief)
    browser.get(_url(room))
    second = room.sheets(room.judges[0])[1]
    marks.enter_marks(room.by(room.judges[0]), second.id, [Typed(second.id, "A1", "7")])
    warm = browser.get(_url(room, "/changes")).text
    control_memory.forget()
    assert browser.get(_url(room, "/changes")).text == warm


# breaches of the rules


def _violations(room: Room) -> str:
    return f"/events/{room.event_id}/violations"


def _code(room: Room) -> str:
    return room.sheets(room.judges[0])[0].work.code


def test_a_warning_is_recorded_with_evidence(build: Builder, client: FlaskClient) -> None:
    room = open_room(build)
    chief = _as(client, room.chief)
    assert "尚无违规记录" in chief.get(_violations(room)).text
    data = {
        "code": _code(room).lower(),
        "effect": "warning",
        "times": "1",
        "reason": "使用手机",
        "evidence": (io.BytesIO(b"%PDF-1.7 x"), "../张三.pdf"),
    }
    reply = chief.post(f"{_violations(room)}/new", data=data)
    assert reply.status_code == 303
    page = chief.get(_violations(room)).text
    assert "使用手机" in page and "警告" in page
    (made,) = db.session.query(Violation).all()
    file = chief.get(f"/violations/{made.id}/evidence")
    assert file.data == b"%PDF-1.7 x"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "张三" not in file.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "QQ9"}, "没有该编号的作品"),
        ({"reason": ""}, "请填写"),
        ({"times": "0"}, "1 至 99"),
        ({"effect": "deduction"}, "请选择扣分项"),
        ({"evidence": (io.BytesIO(b"<html>"), "a.pdf")}, "请选择 PDF 文件或照片"),
    ],
)
def test_what_is_no_breach_is_refused(
    build: Builder, client: FlaskClient, change: dict[str, Any], said: str
) -> None:
    room = open_room(build)
    data = {"code": _code(room), "effect": "warning", "times": "1", "reason": "迟到"} | change
    reply = _as(client, room.chief).post(f"{_violations(room)}/new", data=data)
    assert reply.status_code == 422
    assert said in reply.text
    assert db.session.query(Violation).count() == 0


def test_deductions_add_up_on_the_recorders_sheet_and_put_out_by_the_scheme(
    build: Builder, client: FlaskClient
) -> None:
    room = open_room(build, scheme=rich_scheme())
    chief = _as(client, room.chief)
    code = room.sheets(room.judges[0])[0].work.code
    data = {
        "code": code,
        "effect": "deduction",
        "deduction": "work/breach",
        "times": "2",
        "reason": "违反操作规程",
    }
    assert chief.post(f"{_violations(room)}/new", data=data).status_code == 303
    mark = db.session.query(Mark).filter_by(aspect="breach").one()
    assert mark.value == 2
    assert "按规则取消资格" not in chief.get(_violations(room)).text
    assert chief.post(f"{_violations(room)}/new", data=data | {"times": "1"}).status_code == 303
    db.session.refresh(mark)
    assert mark.value == 3
    assert "按规则取消资格" in chief.get(_violations(room)).text
    first = db.session.query(Violation).order_by(Violation.id).first()
    assert first is not None
    url = f"/violations/{first.id}/withdraw"
    assert "违反操作规程" in chief.get(url).text
    assert chief.post(url, data={"reason": ""}).status_code == 422
    assert chief.post(url, data={"reason": "认错人"}).status_code == 303
    db.session.refresh(mark)
    assert mark.value == 1
    assert "按规则取消资格" not in chief.get(_violations(room)).text
    assert chief.post(url, data={"reason": "认错人"}).status_code == 422


def test_an_exclusion_ends_the_contest_and_can_be_taken_back(
    build: Builder, client: FlaskClient
) -> None:
    room = open_room(build)
    chief = _as(client, room.chief)
    code = _code(room)
    data = {"code": code, "effect": "exclusion", "times": "1", "reason": "冒名顶替"}
    assert chief.post(f"{_violations(room)}/new", data=data).status_code == 303
    assert f'id="row-{code}"' not in chief.get(_url(room)).text
    assert chief.post(f"{_violations(room)}/new", data=data).status_code == 422
    (made,) = db.session.query(Violation).all()
    assert (
        chief.post(f"/violations/{made.id}/withdraw", data={"reason": "查无此事"}).status_code
        == 303
    )
    assert f'id="row-{code}"' in chief.get(_url(room)).text


def test_a_recorders_signed_sheet_takes_no_deduction(build: Builder, client: FlaskClient) -> None:
    room = open_room(build, scheme=rich_scheme())
    sheet = next(
        one for account in room.judges for one in room.sheets(account) if one.seat.number == 0
    )
    typed = [Typed(sheet.id, "difficulty", "1")]
    marks.sign_sheet(room.by(sheet.seat.account), sheet.id, typed)
    data = {
        "code": sheet.work.code,
        "effect": "deduction",
        "deduction": "work/breach",
        "times": "1",
        "reason": "违规",
    }
    reply = _as(client, room.chief).post(f"{_violations(room)}/new", data=data)
    assert reply.status_code == 422
    assert "记录员已对该作品签名" in reply.text
    assert db.session.query(Sheet).filter_by(id=sheet.id).one().version == sheet.version


def test_evidence_of_a_breach_without_one_is_not_there(build: Builder, client: FlaskClient) -> None:
    room = open_room(build)
    chief = _as(client, room.chief)
    data = {"code": _code(room), "effect": "warning", "times": "1", "reason": "迟到"}
    chief.post(f"{_violations(room)}/new", data=data)
    (made,) = db.session.query(Violation).all()
    assert chief.get(f"/violations/{made.id}/evidence").status_code == 404


# judges who do not come back


def test_an_absent_judges_signed_sheets_count_and_the_open_ones_are_left_out(
    build: Builder, client: FlaskClient
) -> None:
    room = _slip_room(build)
    seat = room.sheets(room.judges[2])[0].seat
    signed, waiting = room.sheets(room.judges[2])
    chief = _as(client, room.chief)
    url = f"/seats/{seat.id}/absent"
    assert url in chief.get(_url(room)).text
    assert chief.get(url).status_code == 200
    assert chief.post(url, data={"reason": ""}).status_code == 422
    assert chief.post(url, data={"reason": "突发疾病"}).status_code == 303
    cells = _cells(chief, room)
    assert (cells[str(signed.id)][0], cells[str(waiting.id)][0]) == ("signed", "excused")
    again = chief.post(url, data={"reason": "突发疾病"})
    assert again.status_code == 422 and "没有未签名的评分表" in again.text
    for judge in room.judges[:2]:
        room.sign(judge, room.sheets(judge)[1], "50", "1", "2")
    judging.confirm(room.by(room.chief), room.event_id)


def test_a_panel_that_would_be_too_small_needs_a_reserve(
    build: Builder, client: FlaskClient
) -> None:
    room = open_room(build)  # two judges, and two are needed
    seat = room.sheets(room.judges[0])[0].seat
    chief = _as(client, room.chief)
    reply = chief.post(f"/seats/{seat.id}/absent", data={"reason": "突发疾病"})
    assert reply.status_code == 422
    assert f"/seats/{seat.id}/recuse" in reply.text
    states = {cell[0] for cell in _cells(chief, room).values()}
    assert states == {"empty"}
