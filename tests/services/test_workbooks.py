"""Every spreadsheet that people really upload gets its rows or a clear answer."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from services.workbooks import Column, Table, read_table
from services.workbooks_archives import (
    BINARY_EXCEL,
    EMPTY,
    ENCRYPTED,
    NOT_A_TABLE,
    OLD_EXCEL,
    OPEN_DOCUMENT,
    TOO_BIG,
    TOO_BIG_INSIDE,
)
from services.workbooks_cells import (
    CELL_TOO_LONG,
    ERROR_VALUE,
    LOST_DIGITS,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_WHOLE,
)
from services.workbooks_csv import NOT_READABLE, guarded, unguarded
from services.workbooks_grids import DAMAGED
from services.workbooks_sheets import TEXT_TOO_LONG, TOO_MANY_EMPTY, TOO_MANY_ROWS, TOO_WIDE
from services.workbooks_writing import sheet_name, write_csv, write_table

COLUMNS = (
    Column("name", ("姓名", "Name"), required=True, help="与证件一致"),
    Column("id_number", ("证件号码", "ID number"), required=True, kind="digits"),
    Column("born", ("出生日期", "Born"), kind="date"),
    Column("years", ("工龄", "Years"), kind="integer"),
    Column("mark", ("成绩", "Mark"), kind="decimal"),
)
TITLES = [column.title for column in COLUMNS]
GOOD = ["张三", "330203199001010017", "1990-01-01", "12", "87.5"]


def workbook(*rows: Iterable[object], formats: dict[int, str] | None = None) -> bytes:
    """Make an .xlsx of plain values; ``formats`` gives number formats by column."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    made = {column: book.add_format({"num_format": f}) for column, f in (formats or {}).items()}
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and not value.startswith("{="):
                sheet.write_string(number, column, value, made.get(column))
            elif value is not None:
                sheet.write(number, column, value, made.get(column))
    book.close()
    return target.getvalue()


def raw_workbook(*sheet: bytes | str, members: dict[str, bytes] | None = None) -> bytes:
    """Make an .xlsx by hand, so that its sheet may hold anything."""
    relation = '<Relationships><Relationship Id="r1" Type="x/{}" Target="{}"/></Relationships>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relation.format("officeDocument", "xl/workbook.xml"))
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", relation.format("worksheet", "worksheets/sheet1.xml")
        )
        for name, content in (members or {}).items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for piece in sheet:
                member.write(piece if isinstance(piece, bytes) else piece.encode())
    return target.getvalue()


def inline(cell: str, text: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = (
    "<worksheet><sheetData>"
    f'<row r="1">{inline("A1", "姓名")}{inline("B1", "证件号码")}</row>'
    f'<row r="2">{inline("A2", "张三")}{inline("B2", "330203199001010017")}</row>'
)
TAIL = "</sheetData></worksheet>"


def read(data: bytes, name: str = "entries.xlsx", max_rows: int = 5_000) -> Table:
    return read_table(data, name, COLUMNS, max_rows)


def refusals(table: Table) -> list[str]:
    return [problem.message for problem in table.problems]


def row_refusals(table: Table) -> list[tuple[str, object]]:
    return [(p.message, p.params["cell"]) for row in table.rows for p in row.problems]


def test_a_good_file_gives_typed_rows() -> None:
    table = read(workbook(TITLES, GOOD))
    assert table.accepted
    assert table.rows[0].number == 2
    assert table.rows[0].values == {
        "name": "张三",
        "id_number": "330203199001010017",
        "born": date(1990, 1, 1),
        "years": 12,
        "mark": Decimal("87.5"),
    }


def test_a_file_object_is_read_too() -> None:
    table = read_table(io.BytesIO(workbook(TITLES, GOOD)), "a.xlsx", COLUMNS)
    assert table.accepted


def test_a_file_written_by_openpyxl_is_read_the_same() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(TITLES)
    book.active.append(["张三", "330203199001010017", date(1990, 1, 1), 12, 87.5])
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue()).rows[0].values == read(workbook(TITLES, GOOD)).rows[0].values


def test_headings_are_found_in_english_with_stars_breaks_and_below_a_title() -> None:
    table = read(workbook(["报名表 2026"], [], ["Name *", "ID\nnumber", "Born"], GOOD[:3]))
    assert table.accepted
    assert table.rows[0].number == 4


def test_headings_nobody_asked_for_are_reported_and_not_read() -> None:
    table = read(workbook([*TITLES, "备注"], [*GOOD, "x"]))
    assert table.accepted
    assert table.ignored == ("备注",)


def test_a_missing_column_is_named_with_all_that_are_expected() -> None:
    table = read(workbook(["姓名", "身份"], ["张三", "x"]))
    assert [problem.field for problem in table.problems] == ["id_number"]
    assert "证件号码" in str(table.problems[0])
    assert ", ".join(TITLES) in str(table.problems[0])


def test_no_known_heading_at_all_lists_the_expected_ones() -> None:
    table = read(workbook(["a", "b"], ["1", "2"]))
    assert ", ".join(TITLES) in str(table.problems[0])


def test_a_doubled_column_is_named_with_its_cells() -> None:
    table = read(workbook([*TITLES, "Name"], [*GOOD, "李四"]))
    assert table.problems[0].params["cells"] == "A1, F1"


def test_headings_without_rows_are_refused() -> None:
    assert read(workbook(TITLES)).problems
    assert not read(workbook(TITLES)).rows


def test_a_required_cell_left_empty_is_named_by_its_address() -> None:
    table = read(workbook(TITLES, GOOD, ["", *GOOD[1:]]))
    assert [p.params["cell"] for p in table.rows[1].problems] == ["A3"]
    assert table.rows[1].texts["id_number"] == GOOD[1]


def test_rows_of_blanks_are_left_out() -> None:
    table = read(workbook(TITLES, GOOD, ["  ", "\u00a0"], GOOD))
    assert [row.number for row in table.rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", EMPTY),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, NOT_A_TABLE),
        (b"%PDF-1.7 ...", NOT_A_TABLE),
        (b"\xff\xd8\xff\xe0 jpeg", NOT_A_TABLE),
        (b"\xef\xbb\xbf<html><table><tr><td>x</td></tr></table></html>", NOT_A_TABLE),
        (b'<?xml version="1.0"?><Workbook/>', NOT_A_TABLE),
        (b"a,b\x00\x01\x02,c\n", NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            ENCRYPTED,
        ),
        (b"PK\x03\x04 and then nothing", DAMAGED),
        (b"name\n\xff\xff\xff\xff\n", NOT_READABLE),
        (b"x" * (10 * 1024 * 1024 + 1), TOO_BIG),
    ],
)
def test_what_is_no_spreadsheet_says_so(content: bytes, message: str) -> None:
    assert refusals(read(content)) == [message]


def archive_of(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return target.getvalue()


def test_other_zip_archives_say_what_they_are() -> None:
    assert refusals(read(archive_of(photo="x"))) == [NOT_A_TABLE]
    assert refusals(read(archive_of(xl__workbook_bin="x"))) == [BINARY_EXCEL]
    opened = archive_of(mimetype="x", **{"content.xml": "x"})
    assert refusals(read(opened)) == [OPEN_DOCUMENT]


def test_a_word_document_is_no_spreadsheet() -> None:
    members = {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>"}
    assert refusals(read(archive_of(**members))) == [NOT_A_TABLE]


def test_a_locked_zip_is_called_protected() -> None:
    data = bytearray(workbook(TITLES, GOOD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    assert refusals(read(bytes(data))) == [ENCRYPTED]


def test_a_cut_off_file_is_called_damaged() -> None:
    data = workbook(TITLES, GOOD)
    assert refusals(read(data[: len(data) // 2])) == [DAMAGED]


def test_a_flipped_byte_in_the_sheet_is_called_damaged() -> None:
    data = bytearray(raw_workbook(HEAD, TAIL))
    place = data.find(b"xl/worksheets/sheet1.xml") + 60
    data[place] ^= 0xFF
    assert refusals(read(bytes(data))) == [DAMAGED]


def test_merged_cells_below_the_headings_are_named() -> None:
    tail = (
        '</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A1:B1"/></mergeCells>'
        "</worksheet>"
    )
    table = read(raw_workbook(HEAD, tail))
    assert [problem.params["ranges"] for problem in table.problems] == ["A2:A3"]


def test_a_merged_title_above_the_headings_is_fine() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range("A1:E1", "报名表")
    sheet.write_row("A2", TITLES)
    sheet.write_row("A3", GOOD)
    book.close()
    assert read(target.getvalue()).accepted


def test_a_formula_is_refused_with_its_cell_even_without_a_value() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(TITLES)
    book.active.append(['=CONCATENATE("张","三")', *GOOD[1:]])
    target = io.BytesIO()
    book.save(target)
    table = read(target.getvalue())
    assert [cell for _, cell in row_refusals(table)] == ["A2"]


def test_a_cell_that_shows_an_error_is_refused() -> None:
    head = HEAD.replace(inline("A2", "张三"), '<c r="A2" t="e"><v>#N/A</v></c>')
    assert row_refusals(read(raw_workbook(head, TAIL))) == [(ERROR_VALUE, "A2")]


@pytest.mark.parametrize(
    "text",
    [
        "2001/3/5",
        "2001-03-05",
        "2001.3.5",
        "2001年3月5日",
        "20010305",
        "2001-03-05 00:00:00",
        "２００１－０３－０５",
        " 2001/03/05 ",
    ],
)
def test_dates_typed_as_text_are_understood(text: str) -> None:
    table = read(workbook(TITLES, [*GOOD[:2], text]))
    assert table.rows[0].values["born"] == date(2001, 3, 5)


def test_dates_in_date_cells_are_understood_in_chinese_formats_and_both_epochs() -> None:
    serial = (date(2001, 3, 5) - date(1899, 12, 30)).days
    for form in ("yyyy/m/d", 'yyyy"年"m"月"d"日"', "[$-804]yyyy年m月d日;@", "yyyy-mm-dd hh:mm"):
        table = read(workbook(TITLES, [*GOOD[:2], serial], formats={2: form}))
        assert table.rows[0].values["born"] == date(2001, 3, 5)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row("A1", TITLES)
    sheet.write_row("A2", GOOD[:2])
    sheet.write_datetime("C2", date(2001, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    assert read(target.getvalue()).rows[0].values["born"] == date(2001, 3, 5)


@pytest.mark.parametrize("value", ["2001-02-30", "05/03/2001", "01-3-5", "去年", 36955, True])
def test_what_is_no_certain_date_is_refused(value: object) -> None:
    assert row_refusals(read(workbook(TITLES, [*GOOD[:2], value]))) == [(NOT_A_DATE, "C2")]


def test_an_id_typed_as_a_number_has_lost_digits_and_is_refused() -> None:
    table = read(workbook(TITLES, ["张三", 330203199001010017, *GOOD[2:]]))
    assert row_refusals(table) == [(LOST_DIGITS, "B2")]
    assert "证件号码" in str(table.rows[0].problems[0])
    csv_table = read("姓名,证件号码\n张三,3.30203E+17\n".encode(), "a.csv")
    assert row_refusals(csv_table) == [(LOST_DIGITS, "B2")]


def test_a_telephone_number_typed_as_a_number_is_fine() -> None:
    table = read(workbook(TITLES, [13812345678, 13812345678]))
    assert table.rows[0].values["name"] == "13812345678"
    assert table.rows[0].values["id_number"] == "13812345678"


def test_full_width_and_stray_spaces_are_tidied() -> None:
    table = read(workbook(TITLES, ["\u3000Ａ公司\u00a0（宁波）\u200b ", " ３３０２０３ 1990ｘ"]))
    assert table.rows[0].values["name"] == "A公司 （宁波）"
    assert table.rows[0].values["id_number"] == "3302031990x"


@pytest.mark.parametrize(
    ("years", "mark", "expected"),
    [("1.5", "1", [(NOT_WHOLE, "D2")]), ("x", "1,5", [(NOT_WHOLE, "D2"), (NOT_A_NUMBER, "E2")])],
)
def test_numbers_that_are_none_are_refused(
    years: str, mark: str, expected: list[tuple[str, str]]
) -> None:
    assert row_refusals(read(workbook(TITLES, [*GOOD[:3], years, mark]))) == expected


def test_a_sum_of_binary_fractions_is_read_as_a_person_sees_it() -> None:
    head = HEAD.replace("</row>", '<c r="E1" t="str"><v>成绩</v></c></row>', 1)
    row = (
        f'<row r="3">{inline("A3", "李四")}{inline("B3", "1")}<c r="E3"><v>0.30000000000000004</v>'
    )
    table = read(raw_workbook(head, row, "</c></row>", TAIL))
    assert table.rows[1].values["mark"] == Decimal("0.3")


def test_a_very_long_text_is_refused_at_its_cell() -> None:
    assert row_refusals(read(workbook(TITLES, ["x" * 5_000, *GOOD[1:]]))) == [(CELL_TOO_LONG, "A2")]


def test_more_rows_than_allowed_are_refused_however_many() -> None:
    few = workbook(TITLES, *([GOOD] * 11))
    many = workbook(TITLES, *([GOOD] * 200))
    assert refusals(read(few, max_rows=10)) == [TOO_MANY_ROWS]
    assert refusals(read(many, max_rows=10)) == [TOO_MANY_ROWS]
    assert read(few, max_rows=11).accepted
    text = "姓名,证件号码\n" + "张三,1\n" * 200
    assert refusals(read(text.encode(), "a.csv", max_rows=10)) == [TOO_MANY_ROWS]


def empty_rows(cells: str, count: int) -> Iterable[str]:
    for start in range(3, count, 1_000):
        yield "".join(
            f'<row r="{row}">{cells.replace("#", str(row))}</row>'
            for row in range(start, start + 1_000)
        )


def peak(data: bytes) -> tuple[Table, int]:
    tracemalloc.start()
    try:
        return read(data), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_hundred_thousand_empty_rows_cost_no_memory() -> None:
    data = raw_workbook(HEAD, *empty_rows('<c r="A#" s="1"/>', 100_000), TAIL)
    table, memory = peak(data)
    assert table.accepted
    assert len(table.rows) == 1
    assert memory < len(data) + 4_000_000


def test_a_million_empty_rows_are_read_over() -> None:
    data = raw_workbook(HEAD, *empty_rows("", 1_000_000), TAIL)
    assert read(data).accepted


def test_millions_of_formatted_empty_cells_get_a_clear_answer() -> None:
    data = raw_workbook(HEAD, *empty_rows('<c r="A#"/>' * 40, 40_000), TAIL)
    assert refusals(read(data)) == [TOO_MANY_EMPTY]


def test_a_cell_in_the_last_corner_of_the_sheet_is_too_wide_and_harmless() -> None:
    data = raw_workbook(HEAD, f'<row r="1048576">{inline("XFD1048576", "x")}</row>', TAIL)
    table, memory = peak(data)
    assert refusals(table) == [TOO_WIDE]
    assert memory < 2_000_000


@pytest.mark.parametrize("reference", ["1A", "A", "A0", "ABCD1", "A99999999", "é1", ""])
def test_an_impossible_cell_address_is_called_damaged(reference: str) -> None:
    data = raw_workbook(HEAD, f'<row r="3">{inline(reference, "x")}</row>', TAIL)
    assert refusals(read(data)) == [DAMAGED]


def test_a_zip_bomb_is_refused_by_its_declared_and_by_its_real_size() -> None:
    blanks = b" " * 1_000_000
    assert refusals(read(raw_workbook(HEAD, *[blanks] * 600, TAIL))) == [TOO_BIG_INSIDE]
    strings = {"xl/workbook.xml": b"<workbook>" + blanks * 20 + b"</workbook>"}
    with pytest.warns(UserWarning, match="Duplicate"):
        data = raw_workbook(HEAD, TAIL, members=strings)
    assert refusals(read(data)) == [TOO_BIG_INSIDE]


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(raw_workbook(HEAD, b" " * 500_000, TAIL))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
    assert refusals(read(bytes(data))) == [DAMAGED]


def test_too_many_members_are_refused() -> None:
    members = {f"xl/media/{number}.png": b"" for number in range(2_500)}
    assert refusals(read(raw_workbook(HEAD, TAIL, members=members))) == [TOO_BIG_INSIDE]


def test_entities_and_document_types_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for trick in (bomb, outside):
        data = raw_workbook(trick, HEAD.replace("张三", "&a;"), TAIL)
        assert refusals(read(data)) == [DAMAGED]


def test_one_endless_text_or_tag_is_refused() -> None:
    endless = [b"x" * 1_000_000] * 20
    text = raw_workbook(HEAD, '<row r="3"><c r="A3" t="str"><v>', *endless, "</v></c></row>", TAIL)
    assert refusals(read(text)) == [TEXT_TOO_LONG]
    tag = raw_workbook(HEAD, '<row r="', *endless, '"/>', TAIL)
    assert refusals(read(tag)) == [DAMAGED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_separators_in_use(encoding: str, separator: str) -> None:
    lines = [TITLES, ["张三丰𠮷", *GOOD[1:]], [], ["李四", *GOOD[1:]]]
    text = "\r\n".join(separator.join(line) for line in lines)
    table = read(text.encode(encoding), "entries.csv")
    assert table.accepted
    assert [row.number for row in table.rows] == [2, 4]
    assert table.rows[0].values["name"] == "张三丰𠮷"
    assert table.rows[0].values["born"] == date(1990, 1, 1)


def test_csv_with_quotes_keeps_separators_and_line_breaks_inside() -> None:
    text = '姓名,证件号码\n"张三, 李四\n王五","=""330203199001010017"""\n'
    table = read(text.encode(), "a.csv")
    assert table.rows[0].values["name"] == "张三, 李四 王五"
    assert table.rows[0].values["id_number"] == "330203199001010017"


def test_csv_with_an_unclosed_quote_is_refused() -> None:
    text = '姓名,证件号码\n"张三,1\n' + "李四,2\n" * 30_000
    assert read(text.encode(), "a.csv").problems


def test_the_content_decides_and_not_the_name() -> None:
    assert read(workbook(TITLES, GOOD), "entries.csv").accepted
    assert read("姓名,证件号码\n张三,1\n".encode(), "entries.xlsx").accepted


NAMES = ["-甲", "+乙", "=1+1", "@丙", "'丁", "'=戊", '=HYPERLINK("x")', "＝己", "庚_x0041_辛"]


def test_names_that_look_like_formulas_survive_a_round_trip_through_csv() -> None:
    data = write_csv([["姓名", "证件号码"], *([name, "1"] for name in NAMES)])
    assert data.startswith(b"\xef\xbb\xbf")
    assert [row.values["name"] for row in read(data, "a.csv").rows] == NAMES


def test_no_text_in_our_csv_starts_like_a_formula() -> None:
    for name in [*NAMES, "\tx", "\rx"]:
        assert not guarded(name).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
        assert unguarded(guarded(name)) == name


def test_numbers_in_our_csv_stay_numbers() -> None:
    assert write_csv([[Decimal("-1.50"), -3, None, date(2001, 3, 5)]]).endswith(
        b"-1.50,-3,,2001-03-05\r\n"
    )


def test_a_written_table_reads_back_true() -> None:
    values = {
        "id_number": "012345678901234567",
        "born": date(2001, 3, 5),
        "years": 3,
        "mark": Decimal("87.55"),
    }
    rows = [{"name": name, **values} for name in NAMES]
    table = read(write_table(COLUMNS, rows, "报名表: 2026/1", ["先读这里"]))
    assert table.accepted
    assert [row.values for row in table.rows] == rows


def test_a_written_table_has_no_formulas_and_helps_its_reader() -> None:
    columns = (
        *COLUMNS,
        Column("kind", ("组别",), choices=("职工组", "学生组")),
        Column("event", ("赛项",), choices=tuple(f"赛项{number}" for number in range(100))),
    )
    data = write_table(columns, [{"name": "=1+1"}], "报名表", ["先读这里"])
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["报名表"]
    assert book.sheetnames[:2] == ["报名表", "说明"]
    assert sheet["A2"].data_type == "s"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].value == "姓名*"
    assert sheet.column_dimensions["B"].number_format == "@"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["F2:F5001"] == '"职工组,学生组"'
    assert rules["G2:G5001"] == "'list event'!$A$1:$A$100"
    assert book["说明"]["A1"].value == "先读这里"
    assert book["说明"]["B3"].value == "与证件一致"
    assert not read_table(data, "a.xlsx", columns).problems


def test_names_of_sheets_fit_excel() -> None:
    assert sheet_name("a/b:[c]*?" + "长" * 40) == "a b  c   " + "长" * 22
    assert sheet_name("[]") == "Sheet1"


def test_a_hidden_first_sheet_is_not_the_one_that_is_read() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("报名")
    shown.append(TITLES)
    shown.append(GOOD)
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue()).accepted
