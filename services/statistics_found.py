"""The editions that pages over several of them look at: those held here, and those of lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.statistics import Origin, Steps, Tally
from rules.statistics_series import series_of
from rules.statistics_told import ALL, MONEY, SEX, STAFF, Told, summed, together
from services.statistics import Counted, counted_many, list_editions
from services.statistics_histories import Past, count_past, list_past

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Wanted:
    """Which editions are looked at: by year, level and series."""

    since: int | None = None
    until: int | None = None
    level: str = ""
    series: str = ""

    def takes(self, one: Any) -> bool:
        """Say whether an edition of these years is among them."""
        return (not self.level or one.level == self.level) and (
            not self.series or series_of(one.title) == self.series
        )


@dataclass(frozen=True)
class Known:
    """The years, the latest first, and the series of which there are editions."""

    years: list[int]
    series: list[str]


@dataclass(frozen=True)
class Found:
    """An edition with what it came to, and what of that is known; `counted` where it was here."""

    title: str
    year: int
    tally: Tally
    held: frozenset[str]
    origin: Origin
    counted: Counted | None = None

    @property
    def whole(self) -> Told:
        """Return the steps of the whole edition."""
        return self.told(self.tally.whole)

    def told(self, steps: Steps) -> Told:
        """Return steps of it, as far as they are known."""
        return Told(((self.held, steps, self.origin),))

    @property
    def prizes(self) -> int | None:
        """Return how many persons got a prize (person-times)."""
        return self.whole.count("prized") if self.counted is None else self.tally.prizes

    @property
    def amount(self) -> Decimal | None:
        """Return the prize money that results gave."""
        return self.tally.amount if MONEY in self.held else None

    @property
    def women(self) -> int | None:
        """Return how many women were accepted, each once."""
        return self.tally.women if SEX in self.held else None

    @property
    def staff(self) -> int | None:
        """Return how many company staff were accepted, each once."""
        return self.tally.staff_persons if STAFF in self.held else None


def known() -> Known:
    """Return what editions can be chosen by."""
    editions = [(one.year, one.title) for one in list_editions()]
    editions += [(one.year, one.title) for one in list_past()]
    return Known(
        sorted({year for year, _title in editions}, reverse=True),
        sorted({series_of(title) for _year, title in editions}),
    )


def found_of(wanted: Wanted) -> list[Found]:
    """Return the editions that are looked at, with their counts, the oldest first."""
    years = (wanted.since, wanted.until)
    here = counted_many([one for one in list_editions(*years) if wanted.takes(one)])
    past = count_past([one for one in list_past(*years) if wanted.takes(one)])
    found = [*map(_of_list, past), *map(_of_here, here)]
    return sorted(found, key=lambda one: one.year)


def _of_here(one: Counted) -> Found:
    contest = one.contest
    return Found(contest.title, contest.year, one.tally, ALL, Origin(here=True), one)


def _of_list(one: Past) -> Found:
    return Found(one.title, one.year, one.tally, one.held, Origin(lists=one.lists))


def whole_of(found: Iterable[Found]) -> Told:
    """Return the steps of several editions together."""
    return together(one.whole for one in found)


def joined(found: Iterable[Found], axis: str) -> Mapping[str, Told]:
    """Take several editions together by what is counted by."""
    rows: dict[str, Told] = {}
    for one in found:
        for value, steps in one.tally.by.get(axis, {}).items():
            rows[value] = rows.get(value, Told()) + one.told(steps)
    return rows


def prizes_of(found: Iterable[Found]) -> int | None:
    """Add up the prizes of which is known."""
    return summed((one.prizes for one in found), 0)


def money_of(found: Iterable[Found]) -> Decimal | None:
    """Add up the prize money that results gave."""
    return summed((one.amount for one in found), NOTHING)


def counted_here(found: Iterable[Found]) -> Sequence[Counted]:
    """Return the counts of those that were held here."""
    return [one.counted for one in found if one.counted is not None]
