"""Pages of titles: register, own page, reports, benefits, revocation, old lists, decision."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.selection_checks import SelectionImport
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selections import SelectionRound
from rules.selections import BenefitState, HolderReportState, HolderState, RoundState
from services import notices, selection_holders_benefits
from services.acting import system
from tests.builders import Builder, sign_in
from tests.selection_lists import AFTER, DOCUMENT, ListStory
from tests.services.test_selection_holders import TEXT, past, sheet

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(build: Builder, clock: Any) -> ListStory:
    clock.now = AFTER
    made = ListStory(build)
    made.proposed((made.applied("王金匠"), "gold"), (made.applied("李工匠"), "craftsman"))
    return made


def first(name: str = "王金匠") -> SelectionHolder:
    db.session.expire_all()
    rows = db.session.scalars(select(SelectionHolder)).all()
    return next(one for one in rows if one.person.name == name)


def test_a_round_is_decided_on_its_page_and_leads_on(client: FlaskClient, story: ListStory) -> None:
    staff = sign_in(client, story.staff_account)
    page = f"/selection-rounds/{story.round.id}/decision"
    assert "名单公示结束后方可作出决定" in staff.get(page).text
    assert f"/contests/{story.contest.id}/notices/new" in staff.get(page).text
    assert staff.get(f"/contests/{story.contest.id}").location == page
    notice = story.noticed()
    assert f"/notices/{notice}" in staff.get(page).text
    notices.close(story.staff(AFTER), notice)
    version = db.session.get_one(SelectionRound, story.round.id).version
    typed = {"version": version, "document": "", "decided_on": "2026-09-22"}
    assert staff.post(page, data=typed).status_code == 422
    early = typed | {"document": DOCUMENT, "decided_on": "2026-09-18"}
    assert "公示期满之后" in staff.post(page, data=early).text
    assert staff.post(page, data=typed | {"document": DOCUMENT}).status_code == 303
    db.session.expire_all()
    assert story.round.state is RoundState.DECIDED
    text = staff.get(page).text
    assert DOCUMENT in text and "/certificates/preflight" in text


def test_the_register_shows_counts_and_exports(client: FlaskClient, story: ListStory) -> None:
    story.decided()
    staff = sign_in(client, story.staff_account)
    text = staff.get("/selection-holders").text
    assert "王金匠" in text and "上林金匠" in text and "2026" in text
    assert "李工匠" not in staff.get("/selection-holders?title=上林金匠").text
    file = staff.post("/selection-holders/export?title=上林金匠")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert [row[1] for row in rows[1:]] == ["王金匠"]
    page = staff.get(f"/selection-holders/{first().id}").text
    assert "疗休养" in page and "2029-09-21" in page
    public = client.application.test_client().get("/selections/titles").text
    assert "王金匠" in public and "上林名匠" in public
    assert first().person.id_number not in page + public + text


def test_a_holder_writes_a_report_and_staff_give_it_back_and_accept_it(
    client: FlaskClient, clock: Any, story: ListStory, build: Builder
) -> None:
    story.decided()
    clock.now = datetime(2027, 1, 5, 2, tzinfo=UTC)
    holder = first()
    me = sign_in(client, build.account("contestant", person_id=holder.person_id))
    assert "2026年度报告应于2027-01-28前提交" in me.get("/my-titles").text
    page = f"/selection-holders/{holder.id}/reports/2026"
    assert me.get(page).status_code == 200
    other = f"/selection-holders/{first('李工匠').id}/reports/2026"
    assert me.get(other).status_code == 404
    typed = {"apprentices": "2", "projects": "1", "patents": "0", "text": "短", "act": "submit"}
    assert me.post(page, data=typed).status_code == 422
    assert me.post(page, data=typed | {"text": TEXT}).status_code == 303
    row = db.session.scalars(select(SelectionReport)).one()
    staff = sign_in(client.application.test_client(), story.staff_account)
    assert "王金匠" in staff.get("/selection-holders/reports").text
    own = f"/selection-reports/{row.id}"
    assert TEXT in staff.get(own).text
    assert staff.post(f"{own}/return", data={"reason": ""}).status_code == 422
    assert staff.post(f"{own}/return", data={"reason": "请补充"}).status_code == 303
    assert "请补充" in me.get(page).text
    again = typed | {"text": TEXT, "version": db.session.get_one(SelectionReport, row.id).version}
    assert me.post(page, data=again).status_code == 303
    assert staff.post(f"{own}/accept").status_code == 303
    db.session.expire_all()
    assert row.state is HolderReportState.ACCEPTED
    assert TEXT in me.get(page).text and "提交报告" not in me.get(page).text
    assert "您没有评选称号" in sign_in(
        client.application.test_client(), build.account("contestant", person_id=build.person().id)
    ).get("/my-titles").text  # fmt: skip


def test_benefits_are_listed_and_recorded(
    client: FlaskClient, clock: Any, story: ListStory
) -> None:
    story.decided()
    staff = sign_in(client, story.staff_account)
    assert "疗休养" in staff.get("/selection-holders/benefits").text
    assert staff.get("/selection-holders/benefits?kind=rest_cure&state=given").status_code == 200
    row = db.session.scalars(select(SelectionBenefit).where(SelectionBenefit.key == "cure")).first()
    assert row is not None
    page = f"/selection-benefits/{row.id}"
    typed = {"version": row.version, "state": "given", "given_on": "", "note": "已安排"}
    assert staff.get(page).status_code == 200
    assert staff.post(page, data=typed).status_code == 422
    assert staff.post(page, data=typed | {"given_on": "2026-09-20"}).status_code == 303
    db.session.expire_all()
    assert (row.state, row.note) == (BenefitState.GIVEN, "已安排")


def test_two_people_revoke_on_the_page(client: FlaskClient, story: ListStory) -> None:
    story.decided()
    key = first().id
    page = f"/selection-holders/{key}"
    staff = sign_in(client, story.staff_account)
    assert staff.post(f"{page}/revocation", data={"reason": ""}).status_code == 422
    assert staff.post(f"{page}/revocation", data={"reason": "造假"}).status_code == 303
    assert staff.post(f"{page}/revocation/confirm").status_code == 303
    assert first().state is HolderState.RUNNING
    second = sign_in(client.application.test_client(), story.second_account)
    assert second.post(f"{page}/revocation/drop").status_code == 303
    assert staff.post(f"{page}/revocation", data={"reason": "造假"}).status_code == 303
    assert second.post(f"{page}/revocation/confirm").status_code == 303
    assert first().state is HolderState.REVOKED
    assert "2031-09-22" in staff.get(page).text


def test_an_old_list_is_read_confirmed_and_taken_back(
    client: FlaskClient, story: ListStory, build: Builder
) -> None:
    staff = sign_in(client, story.staff_account)
    assert staff.get("/selection-holders/import/template").status_code == 200
    rows = [past(build, serial, "上林工匠", 2020) for serial in range(1, 4)]
    rows.append(rows[0])
    file = (io.BytesIO(sheet(rows)), "名单.xlsx")
    typed = {"programme": story.programme.id, "file": file}
    done = staff.post("/selection-holders/import", data=typed)
    assert done.status_code == 303
    key = db.session.scalars(select(SelectionImport)).one().id
    text = staff.get(done.location).text
    assert "与第2行重复" in text and rows[0]["id_number"] not in text
    page = f"/selection-holders/import/{key}"
    assert staff.post(f"{page}/confirm", data={"rows": "good"}).status_code == 303
    assert "已导入3个称号" in staff.get(page).text
    assert staff.post(f"{page}/undo", data={"reason": ""}).status_code == 422
    assert staff.post(f"{page}/undo", data={"reason": "年份有误"}).status_code == 303
    assert "该名单已撤回" in staff.get(page).text
    bad = {"programme": story.programme.id, "file": (io.BytesIO(b"x"), "名单.txt")}
    assert staff.post("/selection-holders/import", data=bad).status_code == 422
    again = typed | {"file": (io.BytesIO(sheet(rows[:1])), "名单.xlsx")}
    second = staff.post("/selection-holders/import", data=again)
    assert staff.post(f"{second.location}/discard").status_code == 303


def test_pages_send_as_few_statements_for_many_as_for_few(
    client: FlaskClient, clock: Any, build: Builder, statements: Statements
) -> None:
    clock.now = AFTER
    made = ListStory(build)
    made.proposed(*((made.applied(), "craftsman") for _ in range(2)))
    made.decided()
    staff = sign_in(client, made.staff_account)
    me = sign_in(
        client.application.test_client(),
        build.account("contestant", person_id=made.people[0].id),
    )
    holder = db.session.scalars(select(SelectionHolder)).first()
    assert holder is not None
    pages = (
        (staff, "/selection-holders"),
        (staff, f"/selection-holders/{holder.id}"),
        (staff, "/selection-holders/benefits"),
        (staff, "/selection-holders/reports"),
        (staff, "/selection-holders/import"),
        (staff, f"/selection-rounds/{made.round.id}/decision"),
        (me, "/my-titles"),
        (client, "/selections/titles"),
    )

    def counted() -> dict[str, int]:
        found = {}
        for who, page in pages:
            who.get(page)
            with statements() as seen:
                assert who.get(page).status_code == 200
            found[page] = len(seen)
        return found

    few = counted()
    for person in [build.person() for _ in range(5)]:
        db.session.add(
            SelectionHolder(
                programme_id=holder.programme_id,
                honour_id=_honour(holder, person.id),
                person_id=person.id,
                tier="craftsman",
                year=2026,
                starts_on=holder.starts_on,
            )
        )
    db.session.commit()
    selection_holders_benefits.lay_out_year(system(AFTER))
    assert counted() == few
    assert max(few.values()) <= 20, few


def _honour(holder: SelectionHolder, person_id: int) -> int:
    kept = ("title", "kind", "level", "granted_by", "granted_on", "programme", "year", "via")
    row = Honour(
        **{name: getattr(holder.honour, name) for name in kept},
        source="history",
        person_id=person_id,
        state="standing",
        recorded_at=AFTER,
    )
    db.session.add(row)
    db.session.flush()
    return row.id
