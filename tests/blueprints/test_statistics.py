"""Reports and pictures: charts with their tables, files, and who sees them."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from services import statistics
from services.acting import system
from tests.builders import Builder, sign_in
from tests.results_story import NOW, Story

PAGES = ("/statistics?year=2026", "/statistics/trends", "/statistics/comparison")


@pytest.fixture
def story(build: Builder) -> Story:
    """A signed event of which ages and items were counted."""
    story = Story(build)
    employer = build.employer(district="浒山街道", industry="C")
    story.field(
        ("96", "91", "88", "85", "82", "79", "74", "71", "66", "62", "51"), employer_id=employer.id
    )
    story.signed()
    statistics.count_editions(system(NOW))
    return story


@pytest.fixture
def staff(client: FlaskClient, build: Builder, story: Story) -> FlaskClient:
    """Somebody of the bureau."""
    return sign_in(client, build.account("bureau_staff"))


def addresses(story: Story) -> list[str]:
    """All pages."""
    edition = f"/contests/{story.contest.id}"
    mine = [f"{edition}/report", f"{edition}/dashboard", f"/events/{story.event.id}/report"]
    return [*mine, *PAGES]


def test_pictures_have_tables_and_neither_scripts_nor_styles(
    staff: FlaskClient, story: Story
) -> None:
    for url in addresses(story):
        text = staff.get(url).text
        pictures = re.findall(r"<svg.*?</svg>", text, re.S)
        drawn = [one for one in pictures if "drawn" in one]
        assert drawn, url
        for one in drawn:
            assert 'role="img"' in one and "aria-label" in one
            assert not re.search(r"<script|<style|style=|href|url\(|<!--", one)
        assert text.count("<table") >= len(drawn)
    text = staff.get(f"/contests/{story.contest.id}/report").text
    assert "浒山街道" in text and "制造业" in text and "35–39" in text


def test_statements_stay_few(
    staff: FlaskClient,
    story: Story,
    build: Builder,
    statements: Callable[..., AbstractContextManager[list[str]]],
) -> None:
    def count() -> list[int]:
        found = []
        for url in addresses(story):
            with statements() as sent:
                assert staff.get(url).status_code == 200
            found.append(len(sent))
        return found

    few = count()
    for _ in range(3):  # editions that nobody has counted yet
        build.entry(build.event())
    first = count()
    for _ in range(3):
        build.entry(build.event())
    assert count() == first
    assert max(few + first) <= 20


@pytest.mark.parametrize("name", ["edition", "event", "year", "trends", "comparison"])
def test_reports_are_files_and_each_is_recorded(
    staff: FlaskClient, story: Story, name: str
) -> None:
    url = {
        "edition": f"/contests/{story.contest.id}/report",
        "event": f"/events/{story.event.id}/report",
    }.get(name, f"/statistics/{name}")
    book = openpyxl.load_workbook(io.BytesIO(staff.post(f"{url}.xlsx?year=2026").data))
    assert len(book.worksheets) > 2
    text = staff.post(f"{url}.csv?year=2026").data
    assert text.startswith(b"\xef\xbb\xbf") and "不足3人" in text.decode()
    if name in ("edition", "year"):
        paper = staff.post(f"{url}.pdf?year=2026")
        assert paper.data.startswith(b"%PDF") and paper.mimetype == "application/pdf"
    assert staff.post(f"{url}.doc").status_code == 404
    query = select(AuditRecord).where(AuditRecord.subject == "statistics")
    kinds = [one.after["kind"] for one in db.session.scalars(query) if one.action == "export"]
    assert kinds[:2] == ["xlsx", "csv"]


def test_small_groups_stay_inside(client: FlaskClient, build: Builder, story: Story) -> None:
    """Two of another town are seen by staff; in a file their number is not."""
    other = build.employer(district="龙山镇", industry="P")
    for _ in range(2):
        build.entry(story.event, employer_id=other.id)
    sign_in(client, build.account("organizer", story.contest.id))
    page = client.get(f"/contests/{story.contest.id}/report").text
    assert re.search(r"龙山镇</th>\s*<td class=\"num\">2</td>", page)
    text = client.post(f"/contests/{story.contest.id}/report.csv").data.decode("utf-8-sig")
    line = next(one for one in text.splitlines() if one.startswith("龙山镇"))
    assert line.split(",")[1] == "*"


def test_who_sees_what(client: FlaskClient, build: Builder, story: Story) -> None:
    sign_in(client, build.account("organizer", story.contest.id))
    assert client.get(f"/contests/{story.contest.id}/report").status_code == 200
    assert client.get("/statistics").status_code == 403
    other = build.event()
    assert client.get(f"/contests/{other.contest_id}/report").status_code == 404
    assert client.get(f"/events/{other.id}/report").status_code == 404


def test_filters_of_trends_find_series_and_years(staff: FlaskClient, story: Story) -> None:
    title = story.contest.title
    assert title in staff.get("/statistics/trends?since=2026&until=2026").text
    assert "暂无统计数据" in staff.get("/statistics/trends?until=1999").text
    assert title in staff.get("/statistics/trends?series=慈溪市技能之星职业技能竞赛").text
    assert staff.get("/statistics/trends?since=x&level=?&series=y").status_code == 200
    assert staff.get("/statistics?year=1990").status_code == 200
