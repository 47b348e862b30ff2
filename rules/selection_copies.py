"""A round like the last one: its dates moved by the cycle, all else as it was (R5.01)."""

from datetime import date, datetime
from typing import Any, TypeVar

from rules.data import RuleData
from rules.selection_rounds import RoundRules

Day = TypeVar("Day", date, datetime)


def moved_by_years(rules: RoundRules, years: int) -> RoundRules:
    """Return the same rules with every date so many years later."""
    return RoundRules.model_validate(_moved(rules, years))


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, RuleData):
        return {name: _moved(getattr(value, name), years) for name in type(value).model_fields}
    if isinstance(value, tuple):
        return tuple(_moved(one, years) for one in value)
    if isinstance(value, dict):
        return {key: _moved(one, years) for key, one in value.items()}
    # A datetime is a date, too.
    return _later(value, years) if isinstance(value, date) else value


def _later(day: Day, years: int) -> Day:
    """Return the same day of another year; 29 February becomes the day before 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
