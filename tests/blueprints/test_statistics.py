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
from services import histories, statistics
from services.acting import system
from tests.builders import Builder, sign_in
from tests.results_story import NOW, Story
from tests.services.test_statistics_histories import brought, full

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
    by = build.actor(build.account("bureau_staff"))
    for year in range(2010, 2013):  # editions that nobody has counted yet, and editions of lists
        build.entry(build.event())
        brought(by, full(build, year))
    first = count()
    for year in range(2013, 2016):
        build.entry(build.event())
        brought(by, full(build, year))
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


def test_what_comes_from_a_list_is_marked_and_leads_to_it(
    staff: FlaskClient, story: Story, build: Builder
) -> None:
    by = build.actor(build.account("bureau_staff"))
    keys = [brought(by, full(build, year)) for year in (2012, 2013, 2015, 2016)]
    text = staff.get("/statistics/trends").text
    one = f'<a href="/histories/{keys[0]}">第{keys[0]}号名单</a>'
    assert text.count(one) == 4  # of the year in three tables, and of the edition
    assert "其中4届来自名单" in text and "未载明的以“–”表示" in text
    assert "本系统举办" in text and f"/contests/{story.contest.id}/report" in text
    compared = staff.get("/statistics/comparison").text
    assert "本系统举办 · 来自4份名单</a>" in compared and 'href="/histories"' in compared
    assert one in staff.get("/statistics?year=2012").text
    assert "号名单" not in staff.get("/statistics?year=2026").text

    book = openpyxl.load_workbook(io.BytesIO(staff.post("/statistics/trends.xlsx").data))
    cells = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
    assert "数据来源" in cells and f"第{keys[0]}号名单" in cells and "–" in cells
    assert f"第{keys[0]}号名单" in staff.post("/statistics/trends.csv").data.decode()
    paper = staff.post("/statistics/trends.pdf")
    assert paper.data.startswith(b"%PDF")

    histories.undo(by, keys[0], reason="名单有误，重新导入")
    assert one not in staff.get("/statistics/trends").text
    assert ">2012<" not in staff.get("/statistics/trends").text
