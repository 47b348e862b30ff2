"""Objections: what they must say, and the instant after which they are late (R3.02, R3.04)."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from rules.objections import Filing, end_of, filing_problems, is_late

CHINA = ZoneInfo("Asia/Shanghai")
GOOD = Filing("王建国", "138 0000 0000", "获奖者并非本市职工，参赛时仍为在校学生。")


def fields(filing: Filing) -> list[str | None]:
    return [problem.field for problem in filing_problems(filing)]


def test_a_whole_objection_has_no_problem() -> None:
    assert fields(GOOD) == []


@pytest.mark.parametrize(
    ("filing", "wrong"),
    [
        (Filing("", GOOD.contact, GOOD.facts), ["name"]),
        (Filing("王", GOOD.contact, GOOD.facts), ["name"]),
        (Filing(GOOD.name, "无", GOOD.facts), ["contact"]),
        (Filing(GOOD.name, GOOD.contact, "不公平"), ["facts"]),
        (Filing(" ", " ", " "), ["name", "contact", "facts"]),
    ],
)
def test_every_lack_is_named_at_its_field(filing: Filing, wrong: list[str]) -> None:
    assert fields(filing) == wrong


def test_the_last_second_of_the_last_day_in_china_is_in_time() -> None:
    last = date(2025, 4, 21)
    assert not is_late(datetime(2025, 4, 21, 15, 59, 59, tzinfo=UTC), last, CHINA)
    assert is_late(datetime(2025, 4, 21, 16, 0, 0, tzinfo=UTC), last, CHINA)


def slow_is_late(at: datetime, last: date) -> bool:
    """The same by the calendar on the wall: the day in China is after the last one."""
    wall = at.astimezone(UTC) + timedelta(hours=8)
    return (wall.year, wall.month, wall.day) > (last.year, last.month, last.day)


def test_ten_thousand_instants_around_the_ends_of_notices() -> None:
    chance = Random(20251231)
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)]
    days += [date(2026, 2, 16) + timedelta(days=n) for n in range(10)]
    wrong = 0
    for _ in range(10_000):
        last = chance.choice(days)
        near = end_of(last, CHINA).astimezone(UTC)
        at = near + timedelta(seconds=chance.choice((-86400, -1, 0, 1, 3600, 86400)))
        at += timedelta(microseconds=chance.randrange(-5, 6))
        wrong += is_late(at, last, CHINA) != slow_is_late(at, last)
    assert wrong == 0
