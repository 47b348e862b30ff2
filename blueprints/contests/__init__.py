"""Pages of contests: editions, events, award plans and marking schemes."""

from blueprints.contests import (
    checking,
    day,
    editor,
    events,
    history,
    levels,
    plans,
    schemes,
    taking,
)
from blueprints.contests.views import blueprint

__all__ = [
    "blueprint",
    "checking",
    "day",
    "editor",
    "events",
    "history",
    "levels",
    "plans",
    "schemes",
    "taking",
]
