"""Columns of lists of the past: what we ask for, where it stands, and cells as they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.histories import HistoryKind
from rules.refusals import Refused
from rules.texts import N_
from services.workbooks import EMPTY_CELL, Column, Row, Table, read_placed
from services.workbooks_cells import convert, show
from services.workbooks_grids import ErrorValue, Grid, Value, column_letters
from services.workbooks_writing import write_table

_PERSON = (
    Column("name", ("姓名", "选手姓名", "获奖人", "Name"), required=True),
    Column(
        "id_number", ("身份证号", "身份证号码", "公民身份号码", "Identity number"), False, "digits"
    ),
    Column("birth_date", ("出生日期", "出生年月日", "Birth date"), kind="date"),
    Column("employer", ("单位", "单位名称", "工作单位", "所在单位", "Employer")),
    Column("district", ("镇街", "所属镇街", "镇（街道）", "所属区县", "District")),
    Column("company", ("企业职工", "是否企业职工", "Company staff")),
)
COLUMNS: Mapping[HistoryKind, tuple[Column, ...]] = {
    HistoryKind.EDITIONS: (
        Column("contest", ("竞赛名称", "大赛名称", "比赛名称", "Contest"), required=True),
        Column("year", ("年度", "年份", "Year"), kind="integer"),
        Column("held_on", ("比赛日期", "竞赛日期", "竞赛时间", "Day"), kind="date"),
        Column("level", ("级别", "竞赛级别", "Level")),
        Column("organiser", ("主办单位", "主办", "Organiser")),
        Column("event", ("赛项", "竞赛项目", "比赛项目", "竞赛工种", "Event"), required=True),
        Column("occupation", ("职业（工种）", "职业", "工种", "Occupation")),
        Column("division", ("组别", "Division")),
        Column("team", ("队伍", "队名", "Team")),
        *_PERSON,
        Column("status", ("参赛情况", "Status")),
        Column("rank", ("名次", "排名", "Place"), kind="integer"),
        Column("mark", ("成绩", "总成绩", "总分", "Mark"), kind="decimal"),
        Column("prize", ("奖项", "获奖等次", "获奖情况", "Prize")),
        Column("honour", ("授予称号", "荣誉称号", "Title")),
        Column("skill", ("晋升等级", "取得等级", "技能等级", "Level gained")),
        Column("certificate", ("证书编号", "等级证书编号", "Certificate number")),
        Column("document", ("文号", "文件号", "Document")),
    ),
    HistoryKind.HONOURS: (
        *_PERSON,
        Column("title", ("称号", "荣誉称号", "荣誉名称", "入选名称", "Title"), required=True),
        Column("kind", ("种类", "荣誉种类", "Kind")),
        Column("level", ("级别", "荣誉级别", "Level"), required=True),
        Column("granted_by", ("授予单位", "授予机关", "发文单位", "Granted by")),
        Column("granted_on", ("授予日期", "授予时间", "发文日期", "Granted on"), kind="date"),
        Column("year", ("年度", "年份", "获得年份", "Year"), kind="integer"),
        Column("programme", ("评选项目", "项目", "Programme")),
        Column("via", ("获得途径", "途径", "Way")),
        Column("document", ("文号", "文件号", "Document")),
    ),
}  # fmt: skip
_TITLES = {HistoryKind.EDITIONS: "历届竞赛参赛与获奖名单", HistoryKind.HONOURS: "历年荣誉名单"}
NOT_CHOSEN = N_("Say where “%(column)s” stands, or which text it has in each row.")
TWICE = N_("“%(column)s” and “%(other)s” stand in the same column.")
NO_COLUMN = N_("The list has no such column.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one of our columns stands in a list: at a place, or as one text for all rows."""

    place: int | None = None
    text: str = ""


Choices = Mapping[str, Choice]


def title_of(kind: HistoryKind) -> str:
    """Return the name of our own spreadsheet of a kind."""
    return _TITLES[kind]


def template(kind: HistoryKind) -> bytes:
    """Write the empty spreadsheet of a kind."""
    return write_table(COLUMNS[kind], [], title_of(kind))


def headings_of(grid: Grid, header: int) -> list[tuple[int, str]]:
    """List place and text of the headings; a column without one is named by its letter."""
    last = max((max(cells) for cells in grid.rows.values() if cells), default=0)
    cells = grid.rows[header]
    used = {place for number, row in grid.rows.items() if number >= header for place in row}
    return [
        (place, show(cells.get(place)) or column_letters(place))
        for place in range(1, last + 1)
        if place in used
    ]


def check_choices(kind: HistoryKind, choices: Choices, headings: Sequence[Sequence[Any]]) -> None:
    """Refuse columns that are missing, twice the same, or not there."""
    places = {one[0] for one in headings}
    seen: dict[int, Column] = {}
    for column in COLUMNS[kind]:
        choice = choices.get(column.key, Choice())
        if column.required and choice.place is None and not choice.text:
            raise Refused(NOT_CHOSEN, column.key, column=column.title)
        if choice.place is None:
            continue
        if choice.place not in places:
            raise Refused(NO_COLUMN, column.key)
        if choice.place in seen:
            other = seen[choice.place].title
            raise Refused(TWICE, column.key, column=column.title, other=other)
        seen[choice.place] = column


def read_rows(kind: HistoryKind, grid: Grid, header: int, choices: Choices) -> Table:
    """Read the rows of a list by the columns as they were chosen."""
    columns = COLUMNS[kind]
    places = {key: one.place for key, one in choices.items() if one.place is not None}
    table = read_placed(grid, header, places, columns)
    fixed = [
        (column, choices[column.key].text)
        for column in columns
        if column.key not in places and choices.get(column.key, Choice()).text
    ]
    for row in table.rows:
        for column, text in fixed:
            _fill(row, column, text)
    return table


def _fill(row: Row, column: Column, text: str) -> None:
    """Put the text that all rows have into a row."""
    row.texts[column.key] = text
    try:
        value = convert(text, column.kind, "", column.key, column.title)
        if value is None and column.required:
            raise Refused(EMPTY_CELL, column.key, cell="", column=column.title)
        row.values[column.key] = value
    except Refused as problem:
        row.problems.append(problem)


def packed_grid(grid: Grid) -> dict[str, Any]:
    """Write a grid as JSON data."""
    return {
        "rows": [
            [number, [[place, *_packed(value)] for place, value in sorted(cells.items())]]
            for number, cells in sorted(grid.rows.items())
        ],
        "formulas": sorted(list(one) for one in grid.formulas),
        "merged": list(grid.merged),
        "typed": grid.typed,
    }


def unpacked_grid(packed: Mapping[str, Any]) -> Grid:
    """Return a grid from its JSON data."""
    rows = {
        number: {place: _unpacked(kind, text) for place, kind, text in cells}
        for number, cells in packed["rows"]
    }
    formulas = {(row, place) for row, place in packed["formulas"]}
    return Grid("", rows, formulas, list(packed["merged"]), packed["typed"])


def _packed(value: Value) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, Decimal):
        return "number", str(value)
    if isinstance(value, date):
        return "date", value.isoformat()
    if isinstance(value, ErrorValue):
        return "error", value.text
    return "text", value


def _unpacked(kind: str, text: Any) -> Value:
    if kind == "number":
        return Decimal(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "error":
        return ErrorValue(text)
    value: Value = text
    return value
