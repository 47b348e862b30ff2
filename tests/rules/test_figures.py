"""A question asks a register only for what it knows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.data import InvalidRules
from rules.figures import (
    KNOWN,
    Counted,
    FigureKind,
    Part,
    Question,
    Source,
    Typed,
    kind_of,
    read_asked,
    shown_number,
)


def question(**more: Any) -> Question:
    """A question to the register of honours."""
    facts: dict[str, Any] = {
        "title": "上林金匠",
        "unit": "人",
        "source": Source.HONOURS,
        "counted": Counted.PERSONS,
    }
    return Question(**(facts | more))


def test_every_register_says_what_it_knows() -> None:
    assert set(KNOWN) == set(Source)
    for known in KNOWN.values():
        assert known.counts
        assert len(set(known.parts)) == len(known.parts)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"only": {Part.HOST: ("enterprise",)}}, "host"),
        ({"splits": (Part.TIER,)}, "tier"),
        ({"counted": Counted.SUM}, "counted"),
        ({"from_year": 2023, "to_year": 2022}, "from_year"),
        ({"from_on": date(2023, 1, 2), "to_on": date(2023, 1, 1)}, "from_on"),
        ({"from_age": 35, "to_age": 20}, "from_age"),
        ({"splits": (Part.SEX, Part.SEX)}, "splits"),
        ({"only": {Part.TITLE: ()}}, "only"),
        ({"source": Source.CONTESTS, "counted": Counted.ROWS, "company": True}, "company"),
        ({"source": Source.CONTESTS, "counted": Counted.ROWS, "to_age": 35}, "from_age"),
    ],
)
def test_what_a_register_does_not_know_is_refused(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRules) as raised:
        question(**more)
    assert [problem.field for problem in raised.value.problems] == [field]


def test_a_field_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        question(colour="red")


def test_the_day_is_part_of_the_question() -> None:
    asked = question(splits=(Part.COMPANY,))
    assert asked.on(date(2023, 4, 30)).as_of == date(2023, 4, 30)
    kept = question(as_of=date(2022, 12, 31))
    assert kept.on(date(2023, 4, 30)) is kept
    assert asked.digest() != asked.on(date(2023, 4, 30)).digest()
    assert not asked.needs_ages
    assert question(splits=(Part.AGE,)).needs_ages


def test_what_is_stored_comes_back() -> None:
    asked = question(only={Part.TITLE: ("上林金匠",)}, from_year=2017, as_of=date(2023, 4, 30))
    stored = asked.model_dump(mode="json")
    assert read_asked(FigureKind.COUNTED, stored) == asked
    typed = Typed(title="新建工作室", unit="家", number=Decimal(10), document="石人社〔2019〕1号")
    assert kind_of(typed) is FigureKind.TYPED
    assert read_asked(FigureKind.TYPED, typed.model_dump(mode="json")) == typed
    assert kind_of(asked) is FigureKind.COUNTED


@pytest.mark.parametrize(
    ("value", "text"), [("10", "10"), ("1200000", "1200000"), ("0.5", "0.50"), ("1.20", "1.20")]
)
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert shown_number(Decimal(value)) == text
