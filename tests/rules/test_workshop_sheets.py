"""The assessment sheet: Hangzhou's lines, every deduction with its reason."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.refusals import Refused
from rules.workshop_sheets import (
    Answer,
    Sheet,
    SheetLine,
    answer_problems,
    evaluate,
    hangzhou_sheet,
    stored,
)

SHEET = hangzhou_sheet()
BEST: dict[str, Answer] = {
    line.key: line.points for line in SHEET.lines if line.given and not line.bonus
} | {"bonus": 0, "apprentices": 10, "skilled": 3}


def mark(key: str, **found: Answer) -> Decimal:
    """The mark of one line."""
    outcome = evaluate(SHEET, BEST | found)
    return next(line.mark for line in outcome.lines if line.key == key)


def test_without_a_fault_it_is_a_hundred() -> None:
    outcome = evaluate(SHEET, BEST)
    assert (outcome.base, outcome.total, outcome.deductions) == (100, 100, ())
    assert outcome.passed


def test_t9_seven_apprentices_and_two_highly_skilled() -> None:
    found = BEST | {"apprentices": 7, "skilled": 2}
    assert mark("teaching", **found) == 7
    assert mark("training", **found) == 7
    outcome = evaluate(SHEET, found)
    reasons = [(one.missing, one.least, one.points) for _, one in outcome.deductions]
    assert reasons == [(3, 10, 3), (1, 3, 3)]
    assert outcome.total == 94


@pytest.mark.parametrize(
    ("key", "found", "wanted"),
    [
        ("room", {"room_none": True}, 0),
        ("room", {"room_none": True, "room_sign": True}, 0),
        ("room", {"room_sign": True}, 8),
        ("room", {"room_sign": True, "room_display": True}, 5),
        ("equipment", {"equipment_short": True}, 3),
        ("support", {"support_money": True}, 5),
        ("support", {"support_money": True, "support_rules": True}, 0),
        ("wall", {"wall_none": True}, 3),
        ("papers", {"papers": 4}, 4),
        ("teaching", {"apprentices": 0, "teaching_register": True}, 0),
        ("teaching", {"apprentices": 12, "teaching_register": True}, 8),
        ("training", {"skilled": 0}, 1),
        ("training", {"skilled": 0, "training_register": True}, 0),
    ],
)
def test_lines(key: str, found: dict[str, Answer], wanted: int) -> None:
    assert mark(key, **found) == wanted


def test_the_bonus_has_a_cap_and_no_deduction() -> None:
    outcome = evaluate(SHEET, BEST | {"bonus": 4})
    assert (outcome.base, outcome.bonus, outcome.deductions) == (100, 4, ())
    smaller = SHEET.model_copy(update={"bonus_most": Decimal(3)})
    assert evaluate(smaller, BEST | {"bonus": 4}).total == 103


def test_the_pass_mark_itself_passes() -> None:
    found = BEST | {"accounts": 0, "papers": 0, "results": 0, "renewal": 0, "exchange": 0}
    assert evaluate(SHEET, found).total == 60
    assert evaluate(SHEET, found).passed
    assert not evaluate(SHEET, found | {"skilled": 2}).passed


def test_what_is_missing_or_impossible_is_said_at_once() -> None:
    problems = list(answer_problems(SHEET, {"papers": 11, "skilled": -1, "room_nil": True}))
    fields = [problem.field for problem in problems]
    assert fields[0] == "room_nil" and {"papers", "skilled", "apprentices"} <= set(fields)
    with pytest.raises(Refused, match="Give points"):
        evaluate(SHEET, {key: value for key, value in BEST.items() if key != "accounts"})
    with pytest.raises(Refused, match="whole number"):
        evaluate(SHEET, BEST | {"skilled": Decimal("1.5")})


def test_a_sheet_makes_a_hundred_points_with_keys_of_its_own() -> None:
    line = SheetLine(key="a", title="甲", points=Decimal(99))
    with pytest.raises(ValidationError, match="99 points"):
        Sheet(title="表", lines=(line,))
    with pytest.raises(ValidationError, match="same key"):
        Sheet(title="表", lines=(line.model_copy(update={"points": Decimal(50)}),) * 2)


def test_lines_are_kept_with_their_reasons() -> None:
    kept = {line["key"]: line for line in stored(evaluate(SHEET, BEST | {"apprentices": 7}))}
    assert kept["teaching"]["mark"] == "7"
    (taken,) = kept["teaching"]["taken"]
    assert (taken["points"], taken["counted"], taken["least"]) == ("3", 7, 10)
