"""The workbook layout of CIS is read by its headings, with our own sums."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rules.schemes import Aspect, AspectKind, Part, Section
from services.scheme_workbooks_cis import (
    BAD_LADDER,
    BAD_MAXIMUM,
    BAD_TYPE,
    DOUBLED_SUB,
    NO_ASPECTS,
    NO_DESCRIPTION,
    NO_MAXIMUM,
    NO_SUB_CRITERION,
    NOT_CIS,
    STRAY_LADDER,
    WRONG_CRITERION,
    WRONG_SECTION,
    WRONG_TOTAL,
    CisReading,
    cis_scheme,
    read_cis,
)

REAL = Path(__file__).parents[3] / "shared/data/cis"
WORKBOOK = REAL / "wsuk_nationals_web_development_2024_marking_final_cis.xlsx"
needs_real = pytest.mark.skipif(not WORKBOOK.exists(), reason="../shared/data/cis is not there")

HEADINGS = [
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
]


def small(change: Callable[[Worksheet], None] | None = None) -> bytes:
    """Make a small workbook in the layout of CIS, changed as a test wants it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "CIS Marking Scheme Import"
    sheet["A1"] = "07 CNC"
    rows: dict[int, dict[str, object]] = {
        4: {"A": "Section", "B": "WSOS Marks", "I": "WSOS Marks", "J": "Aspect Marks"},
        5: {"A": 1, "B": "Work", "I": 50, "J": 2},
        6: {"A": 2, "B": "Make", "I": 50, "J": 3},
        13: {"A": "Criteria"},
        14: {"A": "ID", "B": "Name", "K": "Mark"},
        15: {"A": "A", "B": "Turning", "K": 4},
        16: {"A": "B", "B": "Milling", "K": 1},
        21: {"L": "Criterion A", "M": "Total\nMark", "N": 4},
        22: {"A": "A1", "B": "Shaft", "C": 1},
        23: {"D": "M", "E": "Diameter", "G": "two places", "H": "20 mm", "I": 1, "K": 2},
        24: {"E": "Surface"},
        25: {"D": "J", "E": "Finish", "I": 2, "K": 2},
        **{26 + n: {"F": n, "G": f"level {n}"} for n in range(4)},
        30: {"L": "Criterion B", "M": "Total\nMark", "N": 1},
        31: {"A": "B1", "B": "Slot"},
        32: {"D": "M", "E": "Width", "I": 2, "K": 1},
        40: {"L": "Competition", "M": "Total\nMark", "N": 5},
    }
    for number, cells in rows.items():
        for letter, value in cells.items():
            sheet[f"{letter}{number}"] = value
    for number in (21, 30):
        for column, text in enumerate(HEADINGS, start=1):
            sheet.cell(number, column, text)
    if change:
        change(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(**cells: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


def found(problems: tuple[object, ...]) -> list[tuple[str, object]]:
    return [(p.message, p.params.get("cell")) for p in problems]  # type: ignore[attr-defined]


def test_a_small_workbook_becomes_criteria_groups_and_aspects() -> None:
    reading = read_cis(small())
    assert (reading.problems, reading.warnings, reading.total) == ((), (), Decimal(5))
    assert reading.title == "07 CNC"
    turning, milling = reading.criteria
    assert (turning.title, milling.title) == ("Turning", "Milling")
    shaft = turning.sections[0]
    assert shaft.aspects[0] == Aspect(
        key="A1.M1",
        title="Diameter",
        kind=AspectKind.MEASUREMENT,
        maximum=Decimal(2),
        requirement="20 mm",
        detail="two places",
        section="1",
    )
    assert shaft.sections[0].title == "Surface"
    finish = shaft.sections[0].aspects[0]
    assert (finish.key, finish.kind) == ("A1.J2", AspectKind.JUDGEMENT)
    assert finish.ladder == ("level 0", "level 1", "level 2", "level 3")


def test_a_ladder_typed_upside_down_is_turned() -> None:
    upside_down = put(F26=3, F27=2, F28=1, F29=0)
    finish = list(read_cis(small(upside_down)).criteria[0].flat())[1]
    assert finish.ladder == ("level 3", "level 2", "level 1", "level 0")


def test_an_aspect_on_the_row_of_its_sub_criterion_is_read() -> None:
    moved = put(D31="M", E31="Depth", K31=1, I31=2, K16=2, N30=2, N40=6, J6=4)
    reading = read_cis(small(moved))
    assert [aspect.title for aspect in reading.criteria[1].flat()] == ["Depth", "Width"]
    assert reading.warnings == ()


def test_columns_are_found_by_heading_and_not_by_place() -> None:
    reading = read_cis(small(lambda sheet: sheet.insert_cols(3, 2)))
    assert (reading.total, reading.problems) == (Decimal(5), ())


def test_wrong_control_figures_are_warnings() -> None:
    reading = read_cis(small(put(J5=9, K15=30, N30=7, N40=100)))
    assert reading.problems == ()
    assert found(reading.warnings) == [
        (WRONG_SECTION, "J5"),
        (WRONG_CRITERION, "K15"),
        (WRONG_CRITERION, "N30"),
        (WRONG_TOTAL, "N40"),
    ]


def test_everything_wrong_is_told_at_once_with_its_cell() -> None:
    reading = read_cis(
        small(put(K23=None, K25="two", F28=None, G28=None, D32="X", E32=None, A31="A1", F33=2))
    )
    assert reading.criteria == ()
    assert found(reading.problems) == [
        (NO_MAXIMUM, "K23"),
        (BAD_MAXIMUM, "K25"),
        (DOUBLED_SUB, "A31"),
        (BAD_TYPE, "D32"),
        (STRAY_LADDER, "F33"),
        (BAD_LADDER, "D25"),
    ]


def test_aspects_need_a_description_a_type_and_a_sub_criterion() -> None:
    reading = read_cis(small(put(A22=None, B22=None, E32=None, E33="Chamfer", K33=1)))
    problems = found(reading.problems)
    assert (NO_SUB_CRITERION, "E23") in problems
    assert (NO_DESCRIPTION, "E32") in problems
    assert (BAD_TYPE, "D33") in problems


def test_a_ladder_below_a_measurement_is_refused() -> None:
    assert found(read_cis(small(put(F33=0, G33="text"))).problems) == [(STRAY_LADDER, "F33")]


def test_a_scheme_without_aspects_is_refused() -> None:
    def emptied(sheet: Worksheet) -> None:
        sheet.delete_rows(22, 8)
        sheet.delete_rows(23, 10)

    assert found(read_cis(small(emptied)).problems) == [(NO_ASPECTS, None)]


def test_another_workbook_is_no_cis_scheme() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["a", "b"])
    target = io.BytesIO()
    book.save(target)
    assert found(read_cis(target.getvalue()).problems) == [(NOT_CIS, None)]
    assert read_cis(b"%PDF-1.7").problems


def test_a_reading_becomes_a_scheme_alone_or_beside_a_theory_part() -> None:
    reading = read_cis(small())
    alone = cis_scheme(reading, "实操")
    assert [(part.key, part.weight) for part in alone.parts] == [("practical", Decimal(100))]
    paper = Aspect(key="t1", title="试卷", maximum=Decimal(100))
    theory = Part(
        key="theory",
        title="理论",
        weight=Decimal(20),
        sections=(Section(key="T", title="理论", aspects=(paper,)),),
    )
    both = cis_scheme(reading, "实操", theory, title="数控车")
    assert [(part.key, part.weight) for part in both.parts] == [("theory", 20), ("practical", 80)]
    assert both.title == "数控车"


def test_a_reading_with_problems_becomes_no_scheme() -> None:
    reading = read_cis(b"%PDF-1.7")
    with pytest.raises(type(reading.problems[0])):
        cis_scheme(reading, "实操")


def expected(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def real() -> CisReading:
    return read_cis(WORKBOOK.read_bytes())


@needs_real
def test_the_real_workbook_has_its_sums_and_its_wrong_figures() -> None:
    reading = real()
    assert reading.problems == ()
    assert reading.total == Decimal("100.00")
    sums = [
        (criterion.key, sum(aspect.maximum for aspect in criterion.flat()))
        for criterion in reading.criteria
    ]
    declared = [(row["criterion"], Decimal(row["declared_total"])) for row in expected_criteria()]
    assert sums == declared == [("A", 30), ("B", 30), ("C", 20), ("D", 20)]
    assert sum(len(criterion.sections) for criterion in reading.criteria) == 30
    figures, calculations = reading.warnings[:5], reading.warnings[5:]
    assert [(p.params["declared"], p.params["sum"]) for p in figures] == [
        ("15", "6"),
        ("15", "1"),
        ("27", "7"),
        ("23", "60"),
        ("20", "26"),
    ]
    # Its calculations are left over from another year: none of them fits an aspect.
    names = ["Deduct .25", "B4.M5", "C1.M11", "C2.M1", "Deduct .5"]
    assert [p.params["name"] for p in calculations] == names


def expected_criteria() -> list[dict[str, str]]:
    return [row for row in expected("expected_criteria.csv") if row["declared_total"] != "0"]


@needs_real
def test_every_aspect_of_the_real_workbook_comes_out() -> None:
    aspects = [
        (sub.key, sub.title, aspect)
        for criterion in real().criteria
        for sub in criterion.sections
        for aspect in sub.flat()
    ]
    kinds = [aspect.kind for _, _, aspect in aspects]
    assert kinds.count(AspectKind.MEASUREMENT) == 201
    assert kinds.count(AspectKind.JUDGEMENT) == 19
    assert [
        (sub, name, aspect.key, aspect.title, aspect.section, aspect.maximum)
        for sub, name, aspect in aspects
    ] == [
        (
            row["sub_criterion"],
            plain(row["sub_name"]),
            f"{row['sub_criterion']}.{row['type']}{row['ordinal_in_sub']}",
            plain(row["description"]),
            row["wsos_section"],
            Decimal(row["max_mark"]),
        )
        for row in expected("expected_aspects.csv")
    ]
    texts = [(plain(row["extra"]), plain(row["requirement"])) for row in rows_of_aspects()]
    assert [(aspect.detail, aspect.requirement) for _, _, aspect in aspects] == texts


def rows_of_aspects() -> list[dict[str, str]]:
    return expected("expected_aspects.csv")


def plain(text: str) -> str:
    return " ".join(text.split())


@needs_real
def test_every_ladder_of_the_real_workbook_comes_out() -> None:
    ladders: dict[str, list[str]] = {}
    for row in expected("expected_ladders.csv"):
        ladders.setdefault(row["aspect_sheet_row"], []).append(plain(row["descriptor"]))
    judged = [
        list(aspect.ladder)
        for criterion in real().criteria
        for aspect in criterion.flat()
        if aspect.kind is AspectKind.JUDGEMENT
    ]
    assert judged == list(ladders.values())
