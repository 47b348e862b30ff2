"""Pages of contests: editions, events, award plans and marking schemes."""

from blueprints.contests import (
    budget,
    checking,
    day,
    editor,
    english,
    events,
    history,
    levels,
    notice_levels,
    numbers,
    plan_divisions,
    plan_trials,
    plans,
    schemes,
    taking,
)
from blueprints.contests.views import blueprint

__all__ = [
    "blueprint",
    "budget",
    "checking",
    "day",
    "editor",
    "english",
    "events",
    "history",
    "levels",
    "notice_levels",
    "numbers",
    "plan_divisions",
    "plan_trials",
    "plans",
    "schemes",
    "taking",
]
