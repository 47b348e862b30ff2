"""Which moment the public board shows, and in which order prizes are announced."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rules.states import EventState

# Signed results take the place of what the board had shown.
OFFICIAL = frozenset({EventState.SIGNED, EventState.NOTICE, EventState.FINAL})
LIVE = frozenset({EventState.SCORING, EventState.REVIEW})


def freezes_at(expected_end: datetime | None, minutes: int) -> datetime | None:
    """Return from when the board stands still, None if it never does."""
    if expected_end is None or minutes == 0:
        return None
    return expected_end - timedelta(minutes=minutes)


def shown_moment(state: EventState, freeze: datetime | None, now: datetime) -> datetime | None:
    """Return of which moment the board may show marks, None when it shows none.

    It stands still from the freeze until results are signed; then the signed list replaces it.
    """
    if state not in LIVE:
        return None
    return now if freeze is None or now < freeze else freeze


def is_due(taken_at: datetime | None, now: datetime, seconds: int) -> bool:
    """Say whether the board may be drawn again: at most once in so many seconds."""
    return taken_at is None or now - taken_at >= timedelta(seconds=seconds)


def announced_order(places: Sequence[tuple[int, int, int]]) -> list[int]:
    """Return the positions in the order of the ceremony: the lowest prize first, the first last.

    Each is the order of its tier, of its division, and the place within that.
    """
    return sorted(
        range(len(places)), key=lambda at: (-places[at][0], places[at][1], -places[at][2])
    )
