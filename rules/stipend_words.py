"""The words in which a line of a run says how its amount came about."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from rules.data import plain
from rules.stipend_items import Cut, Item, Trace
from rules.stipend_scales import Achievement, Part
from rules.texts import N_

# An item, what of it was settled before, and whether it was in a run before.
Told = tuple[Trace, Decimal, bool]


class Words(NamedTuple):
    """A text of the catalogue and its values."""

    text: str
    values: dict[str, str]


_MONTHS = N_(
    "%(months)s: %(count)s months × %(amount)s yuan × factor %(factor)s = %(sum)s yuan, by the "
    "scale “%(scale)s” valid from %(start)s."
)
_SUCCESSES = {
    Achievement.LEVEL: N_(
        "The apprentice reached level %(level)s on %(day)s: %(amount)s yuan × factor %(factor)s = "
        "%(sum)s yuan, by the scale “%(scale)s” valid from %(start)s."
    ),
    Achievement.RANK: N_(
        "The apprentice won a rank in a contest on %(day)s: %(amount)s yuan × factor %(factor)s = "
        "%(sum)s yuan, by the scale “%(scale)s” valid from %(start)s."
    ),
    Achievement.ACCEPTANCE: N_(
        "The acceptance check was passed on %(day)s: %(amount)s yuan × factor %(factor)s = "
        "%(sum)s yuan, by the scale “%(scale)s” valid from %(start)s."
    ),
}
_SUBSIDY = N_(
    "The apprenticeship was carried out by %(day)s: %(count)s years × %(amount)s yuan × factor "
    "%(factor)s = %(sum)s yuan, by the scale “%(scale)s” valid from %(start)s."
)
_ADVANCE = N_(
    "Advance from %(day)s: %(amount)s yuan, by the scale “%(scale)s” valid from %(start)s."
)
_CUTS = {
    Cut.BROKEN_OFF: N_("The pair was broken off: %(cut)s yuan fall away (%(items)s)."),
    Cut.CASE: N_("The pair was broken off; as decided, %(cut)s yuan fall away (%(items)s)."),
    Cut.VOID: N_("The agreement was cancelled: %(cut)s yuan fall away (%(items)s)."),
    Cut.TRAININGS: N_(
        "The apprentice had as many subsidised trainings in the year as are allowed: %(cut)s yuan "
        "fall away (%(items)s)."
    ),
    Cut.SAME_LEVEL: N_(
        "The same occupation and level was subsidised before: %(cut)s yuan fall away (%(items)s)."
    ),
    Cut.OTHER_KIND: N_(
        "Another subsidy for the same time stands against it: %(cut)s yuan fall away (%(items)s)."
    ),
    Cut.ONCE: N_(
        "A success of this apprentice was rewarded before: %(cut)s yuan fall away (%(items)s)."
    ),
    Cut.MAX: N_("The higher of months and success is paid: %(cut)s yuan fall away (%(items)s)."),
    Cut.PAIR_CAP: N_("The cap of %(limit)s yuan for a pair cuts off %(cut)s yuan (%(items)s)."),
    Cut.YEAR_CAP: N_(
        "The cap of %(limit)s yuan for a mentor and year cuts off %(cut)s yuan (%(items)s)."
    ),
    Cut.ENDED: N_("The pair has ended: the advance of %(cut)s yuan is settled."),
    Cut.EARNED: N_("%(cut)s yuan of the advance are earned by now."),
    Cut.LOST: N_("There is no valid evidence any more for %(items)s."),
}
_DIFFERENCE = N_(
    "%(item)s: %(before)s yuan were settled before, %(now)s yuan are due by now; difference "
    "%(difference)s yuan."
)


def words_of(told: Sequence[Told]) -> Iterator[Words]:
    """Yield how the items of a line came about, what cut them, and what was settled before."""
    items = [one[0] for one in told if isinstance(one[0], Item)]
    yield from _months([one for one in items if one.part is Part.MONTH])
    yield from (_single(one) for one in items if one.part is not Part.MONTH)
    yield from _cuts([one[0] for one in told])
    for item, before, known in told:
        if known:
            difference = f"{item.amount - before:+.2f}"
            values = {"item": when(item), "before": f"{before:.2f}", "now": f"{item.amount:.2f}"}
            yield Words(_DIFFERENCE, values | {"difference": difference})


def when(item: Trace) -> str:
    """Return the month, or the year, of an item."""
    return item.key.split("/")[1]


def _scale(item: Item) -> dict[str, str]:
    return {"scale": item.scale.title, "start": item.scale.starts_on.isoformat()}


def _months(items: Sequence[Item]) -> Iterator[Words]:
    def alike(item: Item) -> tuple[str, Decimal, Decimal, str]:
        return item.scale.starts_on.isoformat(), item.base, item.factor, item.scale.title

    for _key, group in groupby(items, key=alike):
        rows = [*group]
        first = rows[0]
        yield Words(
            _MONTHS,
            {
                "months": _named(rows),
                "count": str(len(rows)),
                "amount": f"{first.base:.2f}",
                "factor": plain(first.factor),
                "sum": f"{sum((one.full for one in rows), Decimal(0)):.2f}",
                **_scale(first),
            },
        )


def _single(item: Item) -> Words:
    values = {
        "day": item.day.isoformat(),
        "amount": f"{item.base:.2f}",
        "factor": plain(item.factor),
        "sum": f"{item.full:.2f}",
        **_scale(item),
    }
    if item.reached is not None:
        return Words(_SUCCESSES[item.reached.kind], values | {"level": str(item.reached.level)})
    if item.part is Part.SUBSIDY:
        return Words(_SUBSIDY, values | {"count": str(item.years)})
    return Words(_ADVANCE, values)


def _cuts(items: Iterable[Trace]) -> Iterator[Words]:
    found: dict[tuple[Cut, Decimal | None], list[tuple[Trace, Decimal]]] = {}
    for item in items:
        for reason, amount, limit in item.cuts:
            found.setdefault((reason, limit), []).append((item, amount))
    for (reason, limit), rows in found.items():
        values = {
            "cut": f"{sum((amount for _item, amount in rows), Decimal(0)):.2f}",
            "items": _named([item for item, _amount in rows]),
            "limit": "" if limit is None else f"{limit:.2f}",
        }
        yield Words(_CUTS[reason], values)


def _named(items: Sequence[Trace]) -> str:
    return ", ".join(when(item) for item in items)
