"""What a result was computed from, as JSON data: marks, statuses, and whether it was a guest."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rules.data import plain
from rules.marks import JudgeMarks
from rules.ranking import EntryStatus
from rules.stages import Starter

# An event has few different marks: each is written and read once.
_DIFFERENT = 1 << 14


def written(starter: Starter) -> dict[str, Any]:
    """Write a starter as JSON data: part, judge, aspect to the mark as a text."""
    return {
        "marks": {
            part: {str(sheet.judge): _written(sheet.marks) for sheet in sheets}
            for part, sheets in starter.marks.items()
        },
        "statuses": {stage: status.value for stage, status in starter.statuses.items()},
        "in_competition": starter.in_competition,
    }


def _written(marks: Mapping[str, Decimal]) -> dict[str, str]:
    return {aspect: _text(value) for aspect, value in marks.items()}


def read(entry_id: int, data: Mapping[str, Any]) -> Starter:
    """Read a starter back."""
    return Starter(
        entry_id,
        {part: [*map(_sheet, sheets.items())] for part, sheets in data["marks"].items()},
        {stage: EntryStatus(status) for stage, status in data["statuses"].items()},
        data["in_competition"],
    )


def _sheet(item: tuple[str, Mapping[str, str]]) -> JudgeMarks:
    judge, marks = item
    return JudgeMarks(int(judge), {aspect: _number(text) for aspect, text in marks.items()})


@lru_cache(_DIFFERENT)
def _text(value: Decimal) -> str:
    return plain(value)


@lru_cache(_DIFFERENT)
def _number(text: str) -> Decimal:
    return Decimal(text)
