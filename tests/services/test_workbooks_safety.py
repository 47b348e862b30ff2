"""Spreadsheets safe for everybody and still true: no formula, no warning, no lost digit."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.statistics_sections import Column as Heading
from rules.statistics_sections import ColumnKind, Headline, Report, Section
from services import workbooks
from services.scheme_workbooks_cis_writing import write_cis
from services.score_writing import as_csv
from services.statistics_exports import ReportFile, made
from services.statistics_words import Voice
from services.workbooks import Column
from services.workbooks_csv import FORMULA_STARTS
from services.workbooks_writing import write_csv, write_table
from tests.services.test_scheme_workbooks_cis_writing import PART

ROOT = Path(__file__).parent.parent.parent
NAMES = ("=1+1", "@x", "+86 13900001111", "-张三", "\t=1", "＝1+1", "'=1", "''", "－1", '="a"')
SHAPE = (
    Column("name", ("姓名",)),
    Column("id", ("证件号码",), kind="digits"),
    Column("amount", ("金额",), kind="decimal"),
    Column("place", ("名次",), kind="integer"),
    Column("day", ("日期",), kind="date"),
)
ROW = {
    "name": "-张三",
    "id": "330282199001010011",
    "amount": Decimal("1250.50"),
    "place": 1,
    "day": date(2026, 11, 22),
}
SHOWN = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
).filter(lambda text: bool(text.strip()))


def table(*names: str) -> bytes:
    return write_table(SHAPE, [ROW | {"name": name} for name in names], "名单", ["=1+1"])


def parts(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                yield name, archive.read(name).decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_never_a_formula_and_comes_back_true(name: str) -> None:
    data = table(name)
    assert not [part for part, xml in parts(data) if "<f>" in xml or "<f " in xml]
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", name)
    assert workbooks.read_grid(data).rows[2][1] == name


@given(SHOWN)
def test_any_name_written_and_read_back_is_the_same(name: str) -> None:
    assert workbooks.read_grid(table(name)).rows[2][1] == name
    assert workbooks.read_grid(write_csv([["姓名"], [name, "x"]])).rows[2][1] == name


@given(SHOWN)
def test_no_cell_of_a_csv_starts_like_a_formula(name: str) -> None:
    for text in (write_csv([[name]]).decode("utf-8-sig"), as_csv([{"entry": name}])):
        first = text.splitlines()[-1].removeprefix('"')
        assert not first.startswith(FORMULA_STARTS)


def test_numbers_are_numbers_dates_are_dates_and_long_numbers_are_texts() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table("张三"))).worksheets[0]
    name, number, amount, place, day = sheet[2]
    assert (number.data_type, number.value) == ("s", "330282199001010011")
    assert (amount.data_type, amount.value) == ("n", 1250.5)
    assert (place.data_type, place.value, name.data_type) == ("n", 1, "s")
    assert day.is_date and day.value.date() == date(2026, 11, 22)


def test_a_number_in_a_column_of_texts_keeps_all_its_digits() -> None:
    columns = (Column("account", ("账号",), kind="digits"),)
    data = write_table(columns, [{"account": 6222021234567890123}], "账号")
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "6222021234567890123")


def test_excel_has_nothing_to_mark_as_wrong() -> None:
    for data in (table("张三"), write_cis(PART, "x")):
        for name, xml in parts(data):
            assert 'numberStoredAsText="1"' in xml, name


def test_no_link_is_made_of_a_text() -> None:
    data = table("https://example.org/a", "mailto:a@example.org", "internal:x!A1")
    assert not [part for part, xml in parts(data) if "<hyperlink" in xml]


def test_every_writer_of_spreadsheets_is_one_of_these() -> None:
    """A new writer of its own would go round all of this."""
    pattern = re.compile(r"xlsxwriter\.Workbook|csv\.writer|openpyxl\.Workbook")
    found = {
        path.name
        for folder in ("services", "blueprints")
        for path in (ROOT / folder).rglob("*.py")
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "workbooks_writing.py", "scheme_workbooks_cis_writing.py", "score_writing.py",
        "statistics_exports.py",
    }  # fmt: skip


def report(name: str, kind: ReportFile) -> bytes:
    """A report in which an employer bears this name."""
    columns = (Heading("name", name, ColumnKind.TEXT), Heading("people", "人数"))
    section = Section("employers", name, columns, ((name, 12),), note=name)
    whole = Report(name, name, (Headline(name, 3, name, name),), (section,))
    voice = Voice(lambda text, **values: text % values, str, str)
    return made(whole, kind, voice, date(2026, 11, 22), "zh")


@pytest.mark.parametrize("name", NAMES)
def test_reports_hold_no_formula_either(name: str) -> None:
    data = report(name, ReportFile.XLSX)
    for _, xml in parts(data):
        assert "<f>" not in xml and "<f " not in xml and "<hyperlink" not in xml
        assert 'numberStoredAsText="1"' in xml
    first, sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert (first["A1"].value, first["A3"].value, first["B3"].value) == (name, name, 3)
    assert (sheet["A2"].data_type, sheet["A2"].value, sheet["B2"].value) == ("s", name, 12)
    lines = report(name, ReportFile.CSV).decode("utf-8-sig").splitlines()
    assert not [line for line in lines if line.removeprefix('"').startswith(FORMULA_STARTS)]
