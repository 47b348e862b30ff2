"""All alarms of one part, from its compared works, its seats' pace and its spreads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from rules.alarms import Alarm, AlarmKind, AlarmRules
from rules.comparisons import Compared, Gauge
from rules.habits import habits, ways
from rules.outliers import mark_outliers, sheet_outliers, usual_distances, zero_sheets
from rules.paces import Pace, Signed, pace_alarms, waiting_sheets
from rules.scheme_nodes import Aspect, Part, Section
from rules.slips import mixed_works
from rules.spreads import SpreadAlert

_SLIP_FACTOR = 4


def mark_alarms(
    gauge: Gauge,
    works: Sequence[Compared],
    slips: Iterable[Alarm],
    when: Mapping[tuple[str, int], datetime],
    rules: AlarmRules,
) -> Iterator[Alarm]:
    """Yield what the marks of one part tell; `slips` were found work by work.

    Of several reasons to look at one mark the one that explains it is given.
    """
    usual = usual_distances(gauge, works)
    slips = [*_unusual(slips, works, usual)]
    mixed = list(mixed_works(gauge, works))
    explained = {(one.work, one.seat, one.aspect) for one in slips}
    sheets = {(one.work, one.seat) for one in mixed}
    yield from zero_sheets(works)
    yield from mixed
    yield from (one for one in slips if (one.work, one.seat) not in sheets)
    for found in mark_outliers(gauge, works, usual, rules):
        known = (found.work, found.seat, found.aspect) in explained
        if not known and (found.work, found.seat) not in sheets:
            yield found
    for found in sheet_outliers(works, rules):
        if (found.work, found.seat) not in sheets:
            yield found
    yield from habits(ways(works, when), rules)


def _unusual(
    slips: Iterable[Alarm], works: Sequence[Compared], usual: Mapping[str, Decimal]
) -> Iterator[Alarm]:
    """Keep the slips that lie further apart than is usual in the event.

    The two others of a panel of three often agree by chance: they alone are no yardstick.
    """
    apart = {one.work: one.apart for one in works}
    for slip in slips:
        distance = apart[slip.work][slip.aspect or ""][slip.seat or 0]
        if abs(distance) >= _SLIP_FACTOR * usual[slip.aspect or ""]:
            yield slip


def time_alarms(
    paces: Sequence[Pace], works: Sequence[Signed], rules: AlarmRules, now: datetime
) -> Iterator[Alarm]:
    """Yield which seats and sheets keep the others waiting."""
    found = list(pace_alarms(paces, rules, now))
    stopped = (AlarmKind.ABSENT, AlarmKind.IDLE)
    quiet = {(one.part, one.seat or 0) for one in found if one.kind in stopped}
    quiet |= {(pace.part, pace.seat) for pace in paces if pace.away}
    yield from found
    yield from waiting_sheets(works, quiet, rules, now)


def spread_alarm(part: Part, work: str, alert: SpreadAlert) -> Alarm:
    """Say that judges are too far apart; it presses where the marks must be given anew (R2.14)."""
    numbers = {"low": alert.lowest, "high": alert.highest}
    return Alarm(
        AlarmKind.SPREAD,
        alert.part,
        None,
        work,
        alert.aspect,
        numbers,
        pressing=wants_remark(part, alert.aspect),
    )


def wants_remark(part: Part, key: str | None) -> bool:
    """Say whether the panel that speaks for a node wants marks given anew when they spread."""
    panel = part.panel
    for node in part.nodes:
        if isinstance(node, Section | Aspect) and node.panel is not None:
            inside = node.key == key or (isinstance(node, Section) and key in _keys(node))
            panel = node.panel if inside else panel
    return panel.on_spread == "remark"


def _keys(section: Section) -> set[str]:
    return {*section.flat_keys(), *(aspect.key for aspect in section.flat())}
