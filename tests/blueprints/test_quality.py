"""The pages of quality: pictures with their tables, lists, and spreadsheets."""

import io
from datetime import date

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from rules.mentorships import MentorshipState
from tests.builders import Builder, sign_in
from tests.workshop_rows import add_pair, add_workshop


@pytest.fixture
def staff(client: FlaskClient, build: Builder) -> FlaskClient:
    """Somebody of the bureau, and a register with two pairs."""
    mentor = build.person(name="陈师傅")
    add_workshop(build, mentor, title="陈氏工作室")
    add_pair(build, mentor)
    add_pair(
        build, mentor, starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1),
        ended_on=date(2024, 9, 1), state=MentorshipState.BROKEN_OFF,
    )  # fmt: skip
    return sign_in(client, build.account("bureau_staff"))


def test_pictures_have_their_tables_and_no_styles_or_scripts(staff: FlaskClient) -> None:
    text = staff.get("/quality").text
    assert text.count('<svg class="chart"') == 3
    assert "徒弟成长情况" in text and "各年度结对情况" in text and "师徒关系存续情况" in text
    assert "style=" not in text and "<style" not in text
    assert "没有师徒关系" in staff.get("/quality?since=1990&until=1991").text
    assert staff.get("/quality?since=x&until=99999&occupation=?").status_code == 200


def test_silent_mentors_and_workshops_below_duty(staff: FlaskClient) -> None:
    text = staff.get("/quality/mentors?months=1").text
    assert "陈师傅" in text and "/timeline" in text
    assert staff.get("/quality/mentors?months=-5").status_code == 200
    assert "所有师傅均有带徒记录" in staff.get("/quality/mentors?months=36").text
    text = staff.get("/quality/workshops").text
    assert "所有工作室均达到带徒要求" in text  # rules without duties


@pytest.mark.parametrize(
    ("part", "rows"), [("became", 6), ("cohorts", 3), ("curve", 4), ("mentors", 1)]
)
def test_lists_are_downloaded_and_recorded(staff: FlaskClient, part: str, rows: int) -> None:
    file = staff.post(f"/quality/{part}.xlsx?months=1")
    assert file.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert len(list(sheet.values)) == rows + 1
    query = select(AuditRecord).where(AuditRecord.subject == "quality")
    record = db.session.scalars(query).one()
    assert record.after == {"part": part, "rows": rows}


def test_an_empty_list_is_refused_and_an_unknown_one_is_missing(staff: FlaskClient) -> None:
    assert staff.post("/quality/workshops.xlsx").status_code == 303
    assert staff.post("/quality/nothing.xlsx").status_code == 404


def test_others_see_no_quality(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    assert client.get("/quality").status_code == 403
