"""Pages of lists of past years: upload, columns, preview with decisions, bringing in, undoing."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.histories import HistoryImport, HistoryMember
from rules.histories import HistoryKind, HistoryState
from rules.histories_matches import NOBODY
from services.histories_columns import COLUMNS, template
from services.workbooks import read_grid
from tests.builders import Builder, sign_in
from tests.services.test_histories import WHERE, own_list

Statements = Callable[[], AbstractContextManager[list[str]]]


def _uploaded(client: FlaskClient, data: bytes, kind: str = "editions") -> HistoryImport:
    form = {"kind": kind, "file": (io.BytesIO(data), "名单.xlsx")}
    reply = client.post("/histories", data=form, content_type="multipart/form-data")
    assert reply.status_code == 303, reply.text
    row = db.session.scalars(select(HistoryImport).order_by(HistoryImport.id.desc())).first()
    assert row is not None and reply.location == f"/histories/{row.id}/columns"
    return row


def _columns() -> dict[str, str]:
    """The form of the columns, filled in."""
    found = {}
    for key, choice in WHERE.items():
        found[key] = "" if choice.place is None else str(choice.place)
        found[f"text_{key}"] = choice.text
    return found


def test_the_whole_way_of_a_list(client: FlaskClient, build: Builder) -> None:
    account = build.account("bureau_staff")
    known = build.person(name="陈立")
    sign_in(client, account)
    data = own_list(
        (build.id_number(), "王建国", "钳工", "慈溪一厂", "一等奖", "技师"),
        ("", "陈立", "钳工", "慈溪一厂", "二等奖", ""),
    )
    row = _uploaded(client, data)
    page = client.get(f"/histories/{row.id}/columns").text
    assert "B: 参赛者" in page
    # Nothing of it is shown before its columns are known.
    assert client.get(f"/histories/{row.id}").status_code == 303
    refused = client.post(f"/histories/{row.id}/columns", data=_columns() | {"name": ""})
    assert refused.status_code == 422 and "姓名" in refused.text
    assert client.post(f"/histories/{row.id}/columns", data=_columns()).status_code == 303

    page = client.get(f"/histories/{row.id}").text
    assert "王建国" in page and f'value="{known.id}"' in page
    assert "王建国" not in client.get(f"/histories/{row.id}?shown=open").text
    number = row.rows[1]["number"]
    decided = {f"who_{number}": str(NOBODY), "who_x": "1", "who_7": "nobody"}
    assert client.post(f"/histories/{row.id}/decisions", data=decided).status_code == 303
    client.post(f"/histories/{row.id}/confirm")
    db.session.refresh(row)
    assert row.state is HistoryState.CONFIRMED
    members = db.session.scalars(select(HistoryMember).order_by(HistoryMember.id)).all()
    assert [one.name for one in members] == ["王建国", "陈立"] and members[1].person_id is None
    page = client.get(f"/histories/{row.id}").text
    assert "第五届慈溪市职工技能比武" in page
    assert client.get(f"/histories/{row.id}/columns").status_code == 303

    assert client.post(f"/histories/{row.id}/undo", data={"reason": ""}).status_code == 422
    client.post(f"/histories/{row.id}/undo", data={"reason": "年份有误，重新整理"})
    db.session.refresh(row)
    assert row.state is HistoryState.UNDONE
    assert "年份有误" in client.get(f"/histories/{row.id}").text


def test_one_page_lists_the_lists_of_all_kinds(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    row = _uploaded(client, own_list(("", "甲一", "钳工", "", "", "")))
    page = client.get("/histories").text
    for address in (
        f"/histories/{row.id}",
        "/selection-holders/import",
        "/workshops/imports/new",
        "/mentorships/import",
        "/provincial-imports",
    ):
        assert f'href="{address}"' in page, address
    client.post(f"/histories/{row.id}/discard")
    assert "名单.xlsx" not in client.get("/histories").text


def test_a_file_that_is_none_is_told(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    form = {"kind": "editions", "file": (io.BytesIO(b"%PDF-1.7"), "名单.pdf")}
    reply = client.post("/histories", data=form, content_type="multipart/form-data")
    assert reply.status_code == 422


def test_templates_hold_our_headings(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    for kind in HistoryKind:
        reply = client.get(f"/histories/templates/{kind.value}.xlsx")
        assert reply.status_code == 200
        grid = read_grid(template(kind))
        headings = {str(value).rstrip("*") for value in grid.rows[min(grid.rows)].values()}
        assert {column.title for column in COLUMNS[kind]} <= headings
    assert client.get("/histories/templates/nix.xlsx").status_code == 404


def test_proposals_are_taken_over_by_one_button(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    firm = build.employer(title="慈溪一厂")
    person = build.person(name="陈立", employer_id=firm.id)
    row = _uploaded(client, own_list(("", "陈立", "钳工", "慈溪一厂", "二等奖", "")))
    client.post(f"/histories/{row.id}/columns", data=_columns())
    client.post(f"/histories/{row.id}/proposals?shown=open")
    db.session.refresh(row)
    assert row.rows[0]["person"] == person.id


def test_longer_lists_need_no_more_statements(
    client: FlaskClient, build: Builder, statements: Statements
) -> None:
    sign_in(client, build.account("bureau_staff"))
    counts = []
    for length in (1, 4):
        people = [build.person(name=f"张{number}{length}") for number in range(length)]
        data = own_list(*(("", one.name, "钳工", f"厂{one.id}", "", "") for one in people))
        page = f"/histories/{_uploaded(client, data).id}"
        found = []
        with statements() as asked:
            assert client.get(f"{page}/columns").status_code == 200
        found.append(len(asked))
        assert client.post(f"{page}/columns", data=_columns()).status_code == 303
        with statements() as asked:
            assert people[-1].name in client.get(page).text
        counts.append([*found, len(asked)])
    assert counts[0] == counts[1] and max(counts[1]) <= 20, counts
