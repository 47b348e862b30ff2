"""Pictures of reports: bare, the same for the same numbers, no number upon another."""

import re

import pytest
from lxml import etree

from rules.statistics_sections import Cell, Chart, ChartKind, Column, ColumnKind, Section
from services.statistics_charts import chart_svg

SVG = {"svg": "http://www.w3.org/2000/svg"}


def section(kind: ChartKind, *rows: tuple[Cell, ...], title: str = "奖金") -> Section:
    """A table whose first column names the rows, drawn by all the others."""
    keys = tuple(f"c{number}" for number in range(1, len(rows[0])))
    columns = (Column("name", "年度", ColumnKind.TEXT), *(Column(key, key) for key in keys))
    return Section("money", title, columns, rows, Chart(kind, keys))


def values(kind: ChartKind, *rows: tuple[Cell, ...]) -> list[str]:
    """The numbers that stand in a picture."""
    root = etree.fromstring(chart_svg(section(kind, *rows)))
    return [
        "".join(one.itertext()) for one in root.iterfind(".//svg:text", SVG)
        if one.get("class") == "value"
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ChartKind)
def test_a_picture_holds_shapes_and_texts_alone(kind: ChartKind) -> None:
    hostile = '<script>alert("1")</script>'
    drawn = chart_svg(section(kind, (hostile, 3, 1), ("2025", 5, 2), title=hostile))
    root = etree.fromstring(drawn)
    names = {etree.QName(one).localname for one in root.iter()}
    assert names <= {"svg", "g", "rect", "path", "text", "tspan", "circle", "line"}
    given = {name for one in root.iter() for name in one.attrib}
    assert not {name for name in given if name.startswith("on") or "href" in name}
    assert not given & {"style", "id"}
    assert root.get("aria-label") == hostile
    assert drawn == chart_svg(section(kind, (hostile, 3, 1), ("2025", 5, 2), title=hostile))


def test_only_a_paper_carries_its_own_colours() -> None:
    one = section(ChartKind.COLUMNS, ("2025", 3))
    assert "<style" not in chart_svg(one)
    assert "#1f5fa8" in chart_svg(one, on_paper=True)


def test_where_nothing_is_known_nothing_is_drawn() -> None:
    assert chart_svg(section(ChartKind.LINES, ("2024", 0), ("2025", None))) == ""


def test_numbers_stand_in_the_picture_where_each_has_room() -> None:
    few = values(ChartKind.COLUMNS, ("2025", 110_000), ("2026", 98_000))
    assert few == ["110,000", "98,000"]
    years = [(str(year), 110_000, 0) for year in range(2018, 2027)]
    assert values(ChartKind.COLUMNS, *years) == []
    assert len(values(ChartKind.STACKED, *[(str(year), 37) for year in range(2018, 2027)])) == 9
    assert len(values(ChartKind.BARS, *[(f"镇{number}", 110_000) for number in range(12)])) == 12


@pytest.mark.parametrize(("told", "strokes"), [(29, 1), (None, 2)])
def test_a_year_that_nobody_tells_of_is_a_gap(told: int | None, strokes: int) -> None:
    before, after = (("2024", 23), ("2025", 28)), (("2027", 30), ("2028", 31))
    drawn = chart_svg(section(ChartKind.LINES, *before, ("2026", told), *after))
    assert len(re.findall(r'class="line nofill"', drawn)) == strokes


def test_a_long_name_is_cut_and_the_table_has_it_whole() -> None:
    name = "慈溪市杭州湾新区智能制造产业园"
    drawn = chart_svg(section(ChartKind.BARS, (name, 3), ("宗汉街道", 2)))
    assert name not in drawn and "慈溪市杭州湾新区智能…" in drawn and "宗汉街道" in drawn
