"""How judges get on: who has not come, who has stopped, who is faster than one can look."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from rules.alarms import Alarm, AlarmKind, AlarmRules

_WORKS_BEHIND = 2
_TIMES_FASTER = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """One seat's sheets: how many there are, are begun and signed, and when.

    A judge who is known to be absent is `away`, and nobody waits for him.
    """

    part: str
    seat: int
    sheets: int
    begun: int = 0
    signed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    signatures: Sequence[datetime] = field(default_factory=tuple)
    away: bool = False

    @property
    def seconds(self) -> int | None:
        """Return the middle time from one signature to the next, where there are some."""
        gaps = sorted((later - earlier) for earlier, later in pairwise(sorted(self.signatures)))
        return int(gaps[len(gaps) // 2].total_seconds()) if gaps else None


@dataclass(frozen=True, slots=True)
class Signed:
    """When the sheets of one work and part were signed, by seat; None: not yet."""

    work: str
    part: str
    at: Mapping[int, datetime | None]


def pace_alarms(paces: Sequence[Pace], rules: AlarmRules, now: datetime) -> Iterator[Alarm]:
    """Yield which seats have not begun, have stopped, or are far faster than the others."""
    for pace in paces:
        if pace.away or not pace.sheets:
            continue
        peers = [one for one in paces if one.part == pace.part and one is not pace and not one.away]
        yield from _absent(pace, peers, rules, now)
        yield from _idle(pace, peers or [one for one in paces if one is not pace], rules, now)
        yield from _fast(pace, peers, rules)


def _absent(pace: Pace, peers: Sequence[Pace], rules: AlarmRules, now: datetime) -> Iterator[Alarm]:
    begins = [one.first for one in peers if one.first is not None]
    if pace.begun or not begins or _minutes(now, min(begins)) < rules.idle_minutes:
        return
    average = sum(one.begun for one in peers) // len(peers)
    if average >= min(_WORKS_BEHIND, pace.sheets):
        numbers = {"others": average}
        yield Alarm(AlarmKind.ABSENT, pace.part, pace.seat, numbers=numbers, stamp="absent")


def _idle(pace: Pace, peers: Sequence[Pace], rules: AlarmRules, now: datetime) -> Iterator[Alarm]:
    """Yield a seat that has stopped while others went on; in a break nobody is idle."""
    if pace.last is None or pace.signed >= pace.sheets:
        return
    minutes = _minutes(now, pace.last)
    active = any(
        one.last is not None and _minutes(now, one.last) < rules.idle_minutes for one in peers
    )
    if minutes >= rules.idle_minutes and active:
        numbers = {"minutes": minutes, "open": pace.sheets - pace.signed}
        stamp = pace.last.isoformat()
        yield Alarm(AlarmKind.IDLE, pace.part, pace.seat, numbers=numbers, stamp=stamp)


def _fast(pace: Pace, peers: Sequence[Pace], rules: AlarmRules) -> Iterator[Alarm]:
    if len(pace.signatures) < rules.habit_works or pace.seconds is None:
        return
    others = sorted(one.seconds for one in peers if one.seconds is not None)
    usual = others[len(others) // 2] if others else 0
    if _TIMES_FASTER * pace.seconds < usual:
        numbers = {"own": pace.seconds, "others": usual}
        stamp = str(len(pace.signatures) // 10)
        yield Alarm(AlarmKind.FAST, pace.part, pace.seat, numbers=numbers, stamp=stamp)


def waiting_sheets(
    works: Sequence[Signed], quiet: Collection[tuple[str, int]], rules: AlarmRules, now: datetime
) -> Iterator[Alarm]:
    """Yield sheets for which alone a work has been waiting; not again for seats in `quiet`."""
    for one in works:
        missing = [seat for seat, at in one.at.items() if at is None]
        times = [at for at in one.at.values() if at is not None]
        if len(missing) != 1 or not times or (one.part, missing[0]) in quiet:
            continue
        minutes = _minutes(now, max(times))
        if minutes >= rules.idle_minutes:
            numbers = {"minutes": minutes}
            stamp = max(times).isoformat()
            yield Alarm(
                AlarmKind.WAITING, one.part, missing[0], one.work, numbers=numbers, stamp=stamp
            )


def _minutes(now: datetime, then: datetime) -> int:
    return (now - then) // timedelta(minutes=1)
