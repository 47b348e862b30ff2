"""A part that goes out in the layout of CIS comes back the same, or is refused."""

from decimal import Decimal
from typing import Any

import pytest

from rules.data import InvalidRules
from rules.schemes import Aspect, AspectKind, Band, Option, Part, Section
from services.scheme_workbooks_cis import read_cis
from services.scheme_workbooks_cis_writing import write_cis

LADDER = ("below", "meets", "exceeds", "excellent")


def aspect(key: str, kind: AspectKind = AspectKind.MEASUREMENT, **more: Any) -> Aspect:
    ladder = LADDER if kind is AspectKind.JUDGEMENT else ()
    values = {"title": f"Aspect {key}", "maximum": Decimal(2), "ladder": ladder} | more
    return Aspect(key=key, kind=kind, **values)


CHOICE = aspect(
    "A1.M2",
    AspectKind.CHOICE,
    options=(Option(label="full", award=Decimal(2)), Option(label="none", award=Decimal(0))),
)
DEVIATION = aspect("A1.M3", AspectKind.DEVIATION, target=Decimal(5), deduction=Decimal("0.25"))


def part_of(*sections: Section) -> Part:
    return Part(key="practical", title="Practical", sections=sections)


PART = part_of(
    Section(
        key="A",
        title="Design",
        sections=(
            Section(
                key="A1",
                title="Layout",
                aspects=(
                    aspect("A1.M1", requirement="120 mm", detail="a note", section="3"),
                    CHOICE,
                    DEVIATION,
                ),
                sections=(
                    Section(
                        key="A1-1",
                        title="Looks",
                        aspects=(aspect("A1.J4", AspectKind.JUDGEMENT, section="1"),),
                    ),
                ),
            ),
        ),
    ),
    Section(
        key="B",
        title="Speed",
        sections=(Section(key="B1", title="Time", aspects=(aspect("B1.M1"),)),),
    ),
)


def test_a_part_is_the_same_after_going_out_and_coming_back() -> None:
    reading = read_cis(write_cis(PART, "17 Web"))
    assert reading.title == "17 Web"
    assert reading.problems == () and reading.warnings == ()
    assert reading.criteria == PART.sections


def test_points_go_out_as_measurements_and_tell_their_steps() -> None:
    points = aspect("p", AspectKind.POINTS, step=Decimal("0.5"))
    part = part_of(Section(key="x", title="Direct", aspects=(points,)))
    reading = read_cis(write_cis(part, "X"))
    ((found,),) = [tuple(criterion.flat()) for criterion in reading.criteria]
    assert found.kind is AspectKind.MEASUREMENT and found.maximum == 2
    assert "0–2 / 0.5" in found.detail


def test_what_the_layout_cannot_hold_is_refused_all_at_once() -> None:
    bands = (Band(up_to=Decimal(9), award=Decimal(2)), Band(above=Decimal(9), award=Decimal(0)))
    aspects = (
        aspect("a", AspectKind.BANDS, bands=bands),
        aspect("b", AspectKind.JUDGEMENT, top=1, ladder=("no", "yes")),
        DEVIATION.model_copy(update={"tolerance": Decimal("0.1")}),
        DEVIATION.model_copy(update={"side": "above"}),
        DEVIATION.model_copy(update={"minimum": Decimal(-1)}),
    )
    part = part_of(Section(key="x", title="Odd", aspects=aspects))
    with pytest.raises(InvalidRules) as caught:
        write_cis(part, "X")
    assert len(caught.value.problems) == 5
    many = part_of(*(Section(key=f"s{n}", title="s", aspects=(aspect(f"{n}"),)) for n in range(27)))
    with pytest.raises(InvalidRules):
        write_cis(many, "X")


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Deduct .25", "CHOICE", "CHOICE1_LABEL:::#x~x#yes"),
        ("B1.M1", "SOMETHING_ELSE", ""),
        ("B1.M1", "CHOICE", "CHOICE1_LABEL:::#x~x#yes#-#CHOICE1_DEDUCTION:::NaN#x~x#"),
        ("B1.M1", "REGULAR_DIFFERENCE_DEDUCTION", "TARGET_VALUE:::0#x~x##-#DIFFERENCE:::0#x~x#"),
        ("A1.J4", "REGULAR_DIFFERENCE_DEDUCTION", "DEDUCTION:::1#x~x#"),
    ],
)
def test_a_calculation_that_makes_no_sense_is_a_warning(name: str, kind: str, text: str) -> None:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(write_cis(PART, "X")))
    book["Calculations"].append([name, kind, True, text])
    target = io.BytesIO()
    book.save(target)
    reading = read_cis(target.getvalue())
    assert reading.criteria == PART.sections
    (warning,) = reading.warnings
    assert str(warning.params["cell"]).startswith("Calculations!A")
