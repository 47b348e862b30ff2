"""A criterion as rows and back, without losing keys that marks refer to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.refusals import Refused
from rules.scheme_rows import AspectRow, criterion_of, rows_of
from rules.schemes import Aspect, AspectKind, Panel, Section

LADDER = ("不符合", "基本符合", "符合", "优秀")


def aspect(key: str, kind: AspectKind = AspectKind.POINTS) -> Aspect:
    ladder = LADDER if kind is AspectKind.JUDGEMENT else ()
    return Aspect(key=key, title=f"Aspect {key}", kind=kind, maximum=Decimal(5), ladder=ladder)


CRITERION = Section(
    key="A",
    title="A",
    aspects=(aspect("a0"),),
    sections=(
        Section(
            key="A1",
            title="Layout",
            aspects=(aspect("a1"),),
            sections=(
                Section(key="A1-1", title="Menu", aspects=(aspect("a2", AspectKind.JUDGEMENT),)),
            ),
        ),
    ),
)


def test_rows_give_the_same_criterion_back() -> None:
    rows = rows_of(CRITERION)
    assert [row.path for row in rows] == [(), ("Layout",), ("Layout", "Menu")]
    assert criterion_of("A", rows, CRITERION, frozenset()) == CRITERION


def test_new_rows_and_sections_get_keys_that_nobody_has() -> None:
    taken = frozenset({"c1", "c2-1"})
    rows = [
        AspectRow("One", Decimal(5), path=("Sub",)),
        AspectRow("Two", Decimal(5)),
    ]
    made = criterion_of("B", rows, None, taken)
    assert made.key == "c2" and made.sections[0].key == "c2.1"
    assert [one.key for one in made.flat()] == ["c2-3", "c2-2"]


def test_a_kind_that_is_no_judgement_drops_its_descriptions() -> None:
    row = AspectRow("One", Decimal(5), kind=AspectKind.MEASUREMENT, ladder=LADDER)
    assert next(criterion_of("B", [row], None, frozenset()).flat()).ladder == ()
    judged = replace(row, kind=AspectKind.JUDGEMENT)
    assert next(criterion_of("B", [judged], None, frozenset()).flat()).ladder == LADDER


def rich(key: str) -> Aspect:
    return aspect(key).model_copy(update={"factor": Decimal(2), "weight": Decimal(40)})


def test_what_rows_cannot_show_is_kept_as_it_is() -> None:
    measured = aspect("m", AspectKind.DEVIATION).model_copy(update={"target": Decimal(5)})
    deep = Section(key="d3", title="deep", aspects=(aspect("x"),))
    for level in range(2):
        deep = Section(key=f"d{level}", title=f"d{level}", sections=(deep,))
    panel = Panel(judges=3, minimum=3)
    low = Section(key="A2", title="Low", aspects=(measured,), panel=panel, drop_low=0, best=1)
    empty = Section(key="A9", title="Nothing yet")
    old = Section(
        key="A", title="A", factor=Decimal(3), aspects=(rich("r"),), sections=(low, deep, empty)
    )
    rows = rows_of(old)
    assert [row.rich for row in rows] == [True, True, True]
    assert criterion_of("A", rows, old, frozenset()) == old
    changed = criterion_of("B", [*rows, AspectRow("new", Decimal(1))], old, frozenset())
    assert changed.title == "B" and changed.sections == old.sections and changed.factor == 3
    assert changed.aspects[0] == old.aspects[0]


def test_a_renamed_section_keeps_its_key_and_its_rules() -> None:
    low = Section(key="A1", title="Low", aspects=(aspect("a"), aspect("b")), cap=Decimal(9))
    old = Section(key="A", title="A", sections=(low,))
    renamed = [replace(row, path=("High",)) for row in rows_of(old)]
    (section,) = criterion_of("A", renamed, old, frozenset()).sections
    assert (section.key, section.title, section.cap) == ("A1", "High", Decimal(9))


def test_an_aspect_that_moves_to_a_new_section_takes_no_key_along() -> None:
    low = Section(key="A1", title="Low", aspects=(aspect("a"), aspect("b")), cap=Decimal(9))
    old = Section(key="A", title="A", sections=(low,))
    first, second = rows_of(old)
    made = criterion_of("A", [first, replace(second, path=("New",))], old, frozenset({"A1"}))
    assert [(one.key, one.cap) for one in made.sections] == [("A1", Decimal(9)), ("A.1", None)]


def test_sections_of_the_same_name_stay_apart() -> None:
    sections = tuple(
        Section(key=f"A{n}", title="Same", aspects=(aspect(f"a{n}"),)) for n in range(3)
    )
    old = Section(key="A", title="A", sections=sections)
    assert criterion_of("A", rows_of(old), old, frozenset()) == old


def test_a_kept_row_of_an_aspect_that_is_gone_is_refused() -> None:
    with pytest.raises(Refused):
        criterion_of("A", [AspectRow("x", Decimal(1), key="gone", rich=True)], None, frozenset())
