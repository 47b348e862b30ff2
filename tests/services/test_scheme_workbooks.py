"""A marking scheme typed in our own workbook comes in and goes out unchanged."""

from decimal import Decimal
from pathlib import Path

import pytest

from rules.plans import default_scheme
from rules.refusals import Refused
from rules.schemes import Aspect, AspectKind, Panel, Part, Scheme, Section
from services.scheme_workbooks import (
    COLUMNS,
    NO_WEIGHT,
    TWO_WEIGHTS,
    UNKNOWN_KIND,
    SchemeReading,
    read_scheme,
    scheme_template,
    write_scheme,
)
from services.score_files import read_regulations
from services.workbooks_writing import write_table

LADDER = ("不合格", "合格", "良好", "优秀")
ROW: dict[str, object] = {
    "part": "实操",
    "weight": Decimal(100),
    "criterion": "装配",
    "aspect": "孔距",
    "kind": "打分",
    "maximum": Decimal(10),
}


def scheme() -> Scheme:
    hole = Aspect(key="a1", title="孔距", maximum=Decimal(10), step=Decimal("0.25"), detail="三处")
    clean = Aspect(
        key="a2", title="表面", kind=AspectKind.JUDGEMENT, maximum=Decimal(3), ladder=LADDER
    )
    safe = Aspect(
        key="a3",
        title="防护镜",
        kind=AspectKind.MEASUREMENT,
        maximum=Decimal("0.5"),
        requirement="全程佩戴",
        section="2",
    )
    group = Section(key="A1-1", title="外观", aspects=(clean,))
    sub = Section(key="A1", title="钳工", aspects=(hole,), sections=(group,))
    practical = Part(
        key="practical",
        title="实操",
        weight=Decimal(80),
        sections=(Section(key="A", title="装配", sections=(sub,), aspects=(safe,)),),
        panel=Panel(judges=5, minimum=3, drop_high=1, drop_low=1),
        pass_mark=Decimal(60),
    )
    paper = Aspect(key="t1", title="试卷", maximum=Decimal(100))
    theory = Part(
        key="theory",
        title="理论",
        weight=Decimal(20),
        sections=(Section(key="T", title="理论", aspects=(paper,)),),
        entered_by="clerk",
    )
    return Scheme(title="钳工", parts=(theory, practical), digits=3, rounding="half_even")


def read_rows(*rows: dict[str, object]) -> SchemeReading:
    data = write_table(COLUMNS, [ROW | row for row in rows], "评分标准")
    return read_scheme(data, "scheme.xlsx", "钳工")


def messages(reading: SchemeReading) -> list[str]:
    return [problem.message for problem in reading.problems]


def test_a_scheme_survives_the_round_trip_with_panels_from_the_old_one() -> None:
    reading = read_scheme(write_scheme(scheme()), "scheme.xlsx", "钳工", base=scheme())
    assert reading.problems == ()
    assert reading.scheme is not None
    assert reading.scheme.digest() == scheme().digest()


def test_the_empty_template_says_that_rows_are_missing() -> None:
    reading = read_scheme(scheme_template(("先读这里",)), "scheme.xlsx", "钳工")
    assert reading.scheme is None
    assert len(reading.problems) == 1


def test_codes_are_made_where_none_are_typed() -> None:
    second = {"aspect": "平面度", "sub_criterion": "锉削", "weight": None}
    reading = read_rows({}, second)
    assert reading.scheme is not None
    part = reading.scheme.parts[0]
    assert [aspect.key for aspect in part.aspects] == ["aspect1", "aspect2"]
    assert list(part.sections[0].flat_keys()) == ["part1.1", "part1.1.1"]


def test_kinds_are_read_in_chinese_english_and_by_letter() -> None:
    ladder = {f"ladder_{number}": text for number, text in enumerate(LADDER)}
    kinds = ("测量", "Measurement", "m", "评判", "J")
    reading = read_rows(*({"kind": kind, "aspect": kind, **ladder} for kind in kinds))
    assert reading.scheme is not None
    assert [aspect.kind.value for aspect in reading.scheme.parts[0].aspects] == [
        *["measurement"] * 3,
        *["judgement"] * 2,
    ]


def test_all_wrong_rows_are_told_at_once() -> None:
    reading = read_rows({"kind": "目测"}, {"weight": Decimal(50)}, {"part": "理论", "weight": None})
    assert messages(reading) == [UNKNOWN_KIND, TWO_WEIGHTS, NO_WEIGHT]
    assert [problem.params["row"] for problem in reading.problems] == [2, 3, 4]


def test_missing_maxima_are_told_by_their_cells() -> None:
    reading = read_rows({"maximum": None}, {"maximum": "许多"})
    assert [problem.params["cell"] for problem in reading.problems] == ["H2", "H3"]


def test_a_ladder_with_a_hole_and_weights_beside_100_are_both_told() -> None:
    holed = {"kind": "评判", "ladder_0": "差", "ladder_2": "好", "ladder_3": "优"}
    reading = read_rows({**holed, "weight": Decimal(90)})
    assert reading.scheme is None
    assert len(reading.problems) == 2


SCHEMES = sorted((Path(__file__).parents[2] / "docs/schemes").glob("*.yaml"))


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: file.stem)
def test_rules_that_have_no_column_stay_where_the_codes_stay(file: Path) -> None:
    scheme = read_regulations(file).scheme
    reading = read_scheme(write_scheme(scheme), "scheme.xlsx", scheme.title, scheme)
    assert reading.problems == ()
    assert reading.scheme is not None and reading.scheme.digest() == scheme.digest()


def test_a_kind_without_columns_cannot_be_made_in_a_workbook() -> None:
    scheme = read_regulations(next(f for f in SCHEMES if f.stem == "worldskills")).scheme
    reading = read_scheme(write_scheme(scheme), "scheme.xlsx", "new")
    assert reading.scheme is None
    assert [problem.params["aspect"] for problem in reading.problems] == ["Flatness", "Surface"]


def test_a_tree_that_is_too_deep_for_the_columns_is_refused() -> None:
    scheme = default_scheme()
    section = scheme.parts[0].sections[0]
    for level in range(3):
        section = Section(key=f"deep{level}", title="deep", sections=(section,))
    part = scheme.parts[0].model_copy(update={"sections": (section,)})
    deep = Scheme(title="", parts=(part, scheme.parts[1]))
    with pytest.raises(Refused):
        write_scheme(deep)
