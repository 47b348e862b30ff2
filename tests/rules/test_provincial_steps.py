"""What comes next for a candidate, and by when."""

from datetime import date
from typing import Any

import pytest

from rules.provincial import ProvincialState, ResultState, SlotState
from rules.provincial_steps import Way, next_step

START, END, UNTIL = date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 2)
CAMP = (date(2026, 10, 8), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("state", "more", "today", "word", "on"),
    [
        (SlotState.SELECTED, {}, date(2026, 10, 1), "decide", UNTIL),
        (SlotState.SELECTED, {"camp": CAMP}, date(2026, 10, 7), "training begins", CAMP[0]),
        (SlotState.IN_TRAINING, {"camp": CAMP}, date(2026, 10, 8), "Train every", CAMP[1]),
        (SlotState.IN_TRAINING, {"camp": CAMP}, date(2026, 10, 31), "Train every", CAMP[1]),
        (SlotState.IN_TRAINING, {"camp": CAMP}, date(2026, 11, 1), "decide", UNTIL),
        (SlotState.NAMED, {}, date(2026, 11, 1), "named", UNTIL),
        (SlotState.RESERVE, {}, date(2026, 11, 1), "reserve", START),
        (SlotState.RELEASED, {}, date(2026, 11, 1), "not named", None),
        (SlotState.ENTERED, {}, date(2026, 11, 15), "begins", START),
        (SlotState.ENTERED, {}, START, "goes on", END),
        (SlotState.ENTERED, {}, date(2026, 11, 21), "awaited", None),
        (SlotState.COMPETED, {"result": ResultState.RECORDED}, END, "being confirmed", None),
        (SlotState.COMPETED, {"result": ResultState.CONFIRMED}, END, "is confirmed", None),
        (SlotState.NAMED, {"contest": ProvincialState.CANCELLED}, END, "not held", None),
    ],
)
def test_next_step(
    state: SlotState, more: dict[str, Any], today: date, word: str, on: date | None
) -> None:
    facts: dict[str, Any] = {
        "state": state, "contest": ProvincialState.PREPARING, "starts_on": START, "ends_on": END,
        "entry_until": UNTIL,
    }  # fmt: skip
    step = next_step(Way(**(facts | more)), today)
    assert word in step.text and step.on == on


@pytest.mark.parametrize("state", SlotState)
def test_every_state_has_words(state: SlotState) -> None:
    way = Way(state, ProvincialState.ENTERED, START, END)
    assert next_step(way, START).text
