"""The page of the working-day calendar."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from services import calendars
from tests.builders import Builder, sign_in

DAYS = {"kind": "off", "title": "国庆节", "first": "2027-10-01", "last": "2027-10-07"}


@pytest.fixture
def staff(client: FlaskClient, build: Builder) -> FlaskClient:
    """Somebody of the bureau, signed in."""
    return sign_in(client, build.account("bureau_staff"))


def test_a_year_without_data_is_a_clear_warning(staff: FlaskClient) -> None:
    page = staff.get("/calendar?year=2027")
    assert "尚未录入 2027 年的节假日安排" in page.text


def test_a_year_is_entered_and_confirmed(staff: FlaskClient) -> None:
    assert staff.post("/calendar/2027/days", data=DAYS).status_code == 303
    work = {"kind": "working", "title": "国庆节", "first": "2027-10-09"}
    assert staff.post("/calendar/2027/days", data=work).status_code == 303
    early = staff.post("/calendar/2028/confirm", data={"source": "国办发"})
    assert early.status_code == 422 and "国办发" in early.text
    staff.post("/calendar/2027/confirm", data={"source": "国办发明电"})
    page = staff.get("/calendar?year=2027").text
    assert "尚未录入" not in page and "国办发明电" in page and "2027-10-09" in page


def test_refused_days_keep_what_was_typed(staff: FlaskClient) -> None:
    for wrong in ({"last": "2027-09-01"}, {"first": "soon"}, {"title": ""}):
        reply = staff.post("/calendar/2027/days", data=DAYS | wrong)
        assert reply.status_code == 422
        assert next(iter(wrong.values())) in reply.text
    assert calendars.list_days(2027) == []


def test_a_day_is_removed(staff: FlaskClient) -> None:
    staff.post("/calendar/2027/days", data=DAYS)
    staff.post("/calendar/2027/days/remove", data={"day": "2027-10-01"})
    assert date(2027, 10, 1) not in {day.day for day in calendars.list_days(2027)}
    again = staff.post("/calendar/2027/days/remove", data={"day": "2027-10-01"})
    assert again.status_code == 303


def test_odd_years_show_a_page(staff: FlaskClient) -> None:
    for year in ("1", "99999999999999", "x", ""):
        assert staff.get(f"/calendar?year={year}").status_code == 200


def test_others_have_no_business_here(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    assert client.get("/calendar").status_code == 403
    assert client.post("/calendar/2027/days", data=DAYS).status_code == 403
