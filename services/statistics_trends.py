"""Several editions together: trends over the years, districts and industries compared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.honours import Honour
from models.payouts import PayoutLine, PayoutOrder
from rules.payouts import SPENT
from rules.states import HonourState
from rules.statistics import Steps, added, joined, share
from rules.statistics_sections import (
    Cell,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Headline,
    Report,
    Section,
)
from rules.statistics_series import series_of
from rules.texts import N_
from services.payouts_budget import COUNTING
from services.statistics import Counted, counted_many, list_editions
from services.statistics_words import (
    Voice,
    by_values,
    districts,
    funnel,
    industries,
    money_head,
    of_when,
    rate,
)

_TEXT, _PERCENT, _MONEY = ColumnKind.TEXT, ColumnKind.PERCENT, ColumnKind.MONEY
NOTHING = Decimal(0)
# Of fewer people rates say little.
_FEWEST = 10


@dataclass(frozen=True)
class Wanted:
    """Which editions are looked at: by year, level and series."""

    since: int | None = None
    until: int | None = None
    level: str = ""
    series: str = ""

    def takes(self, one: Any) -> bool:
        """Say whether an edition is among them."""
        return (
            (self.since is None or one.year >= self.since)
            and (self.until is None or one.year <= self.until)
            and (not self.level or one.level == self.level)
            and (not self.series or series_of(one.title) == self.series)
        )


@dataclass(frozen=True)
class Known:
    """The years, the latest first, and the series of which there are editions."""

    years: list[int]
    series: list[str]


def known() -> Known:
    """Return what editions can be chosen by."""
    editions = list_editions()
    return Known(
        sorted({one.year for one in editions}, reverse=True),
        sorted({series_of(one.title) for one in editions}),
    )


def found_of(wanted: Wanted) -> list[Counted]:
    """Return the editions that are looked at, with their counts."""
    return counted_many([one for one in list_editions() if wanted.takes(one)])


def trends_report(wanted: Wanted, voice: Voice) -> Report:
    """Return how entries, prizes, money and honours went over the years."""
    found = found_of(wanted)
    years: dict[int, list[Counted]] = defaultdict(list)
    for one in found:
        years[one.contest.year].append(one)
    span = range(min(years), max(years) + 1) if years else range(0)
    sections = (
        _entries_by_year(voice, years, span),
        _shares_by_year(voice, years, span),
        _prizes_by_year(voice, years, span),
        _honours_by_year(voice, span),
        editions_section(voice, found),
    )
    whole = added(one.tally.whole for one in found)
    return Report(
        title=voice.say(N_("Trends over the years")),
        about=wanted.series or voice.say(N_("All contests of our own")),
        heads=(
            Headline(voice.say(N_("Editions")), len(found)),
            Headline(voice.say(N_("Accepted people")), whole.accepted),
            Headline(voice.say(N_("Prizes (persons)")), sum(one.tally.prizes for one in found)),
            money_head(voice, money_of(found)),
        ),
        sections=tuple(one for one in sections if one.rows),
        note=of_when(voice, found),
    )


def money_of(found: Sequence[Counted]) -> Decimal:
    """Add up the prize money that results gave."""
    return sum((one.tally.amount for one in found), NOTHING)


_Years = dict[int, list[Counted]]


def _entries_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    rows = []
    for year in span:
        steps = added(one.tally.whole for one in years.get(year, ()))
        counts = (steps.accepted, steps.competed, steps.passed, steps.levelled)
        rows.append((str(year), len(years.get(year, ())), *counts))
    return Section(
        key="entries",
        title=voice.say(N_("Editions and people by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            Column("editions", voice.say(N_("Editions"))),
            Column("accepted", voice.say(N_("Accepted people"))),
            Column("competed", voice.say(N_("Competed"))),
            Column("passed", voice.say(N_("Passed"))),
            Column("levelled", voice.say(N_("Earned a level"))),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.LINES, ("accepted", "passed", "levelled"), most=60),
    )


def _shares_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for year in span:
        tallies = [one.tally for one in years.get(year, ())]
        persons = sum(one.persons for one in tallies)
        women, staffed = (
            sum(one.women for one in tallies),
            sum(one.staff_persons for one in tallies),
        )
        whole = added(one.whole for one in tallies)
        rows.append(
            (
                str(year), persons, women, share(women, persons), staffed,
                share(staffed, persons), share(whole.passed, whole.competed),
            )
        )  # fmt: skip
    return Section(
        key="shares",
        title=voice.say(N_("Women, company staff and pass rate by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            Column("persons", voice.say(N_("Persons"))),
            Column("women", voice.say(N_("Women"))),
            Column("women_share", voice.say(N_("Share of women")), _PERCENT),
            Column("staff", voice.say(N_("Company staff"))),
            Column("staff_share", voice.say(N_("Share of company staff")), _PERCENT),
            Column("pass_rate", voice.say(N_("Pass rate")), _PERCENT),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.LINES, ("women_share", "staff_share", "pass_rate"), most=60),
        note=voice.say(N_("Each person once in an edition; percentages of persons.")),
    )


def _prizes_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    paid = _paid([one.contest.id for many in years.values() for one in many])
    rows = []
    for year in span:
        found = years.get(year, [])
        spent = sum((paid.get(one.contest.id, NOTHING) for one in found), NOTHING)
        rows.append((str(year), sum(one.tally.prizes for one in found), money_of(found), spent))
    return Section(
        key="prizes",
        title=voice.say(N_("Prizes and money by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            Column("prizes", voice.say(N_("Prizes (persons)"))),
            Column("amount", voice.say(N_("Prize money (yuan)")), _MONEY),
            Column("paid", voice.say(N_("Paid (yuan)")), _MONEY),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.COLUMNS, ("amount", "paid"), most=60),
        note=voice.say(N_("Prize money is what results gave; paid is what reached the payees.")),
    )


def _paid(contest_ids: Sequence[int]) -> dict[int, Decimal]:
    """Add up by edition what payees have got."""
    query = (
        select(PayoutOrder.contest_id, func.sum(PayoutLine.gross))
        .join(PayoutLine, PayoutLine.order_id == PayoutOrder.id)
        .where(
            PayoutOrder.contest_id.in_(contest_ids),
            PayoutOrder.state.in_(COUNTING),
            PayoutLine.live,
            PayoutLine.state.in_(SPENT),
        )
        .group_by(PayoutOrder.contest_id)
    )
    return {key: amount for key, amount in db.session.execute(query) if key is not None}


def _honours_by_year(voice: Voice, span: Sequence[int]) -> Section:
    """Count the honours that stand by the year and the level of who granted them."""
    found: dict[int, dict[Any, int]] = defaultdict(dict)
    if span:
        query = (
            select(Honour.year, Honour.level, func.count())
            .where(Honour.state == HonourState.STANDING, Honour.year.between(span[0], span[-1]))
            .group_by(Honour.year, Honour.level)
        )
        for year, level, count in db.session.execute(query):
            found[year][level] = count
    levels = sorted({level for one in found.values() for level in one}, key=rank_of)
    return Section(
        key="honours",
        title=voice.say(N_("Honours of the register by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            *(Column(str(level), voice.label(level)) for level in levels),
            Column("whole", voice.say(N_("Together"))),
        ),
        rows=tuple(
            (str(year), *(found[year].get(level, 0) for level in levels), sum(found[year].values()))
            for year in span
        )
        if levels
        else (),
        chart=Chart(ChartKind.STACKED, tuple(str(level) for level in levels), most=60),
        note=voice.say(N_("Honours of all contests and selections, one for each person.")),
    )


def rank_of(level: Enum) -> int:
    """Return the place of a coded value among its kind."""
    return [*type(level)].index(level)


def editions_section(voice: Voice, found: Sequence[Counted]) -> Section:
    """Return the editions one by one, each with the way to its report."""
    rows = []
    for one in found:
        steps = one.tally.whole
        rows.append(
            (
                one.contest.title, str(one.contest.year), steps.accepted, steps.passed,
                share(steps.passed, steps.competed), one.tally.prizes, one.tally.amount,
            )
        )  # fmt: skip
    return Section(
        key="editions",
        title=voice.say(N_("Edition by edition")),
        columns=(
            Column("name", voice.say(N_("Edition")), _TEXT),
            Column("year", voice.say(N_("Year")), _TEXT),
            Column("accepted", voice.say(N_("Accepted people"))),
            Column("passed", voice.say(N_("Passed"))),
            Column("pass_rate", voice.say(N_("Pass rate")), _PERCENT),
            Column("prizes", voice.say(N_("Prizes (persons)"))),
            Column("amount", voice.say(N_("Prize money (yuan)")), _MONEY),
        ),
        rows=tuple(rows),
        chart=None,
        links={place: str(one.contest.id) for place, one in enumerate(found)},
    )


def comparison_report(wanted: Wanted, voice: Voice) -> Report:
    """Compare districts and industries by who came, passed and won."""
    found = found_of(wanted)
    tallies = [one.tally for one in found]
    whole = added(one.whole for one in tallies)
    by_district = districts(voice, joined(tallies, "district"))
    by_industry = industries(voice, joined(tallies, "industry"))
    sections = (
        _compared(voice, "districts", N_("Districts compared"), by_district),
        _rates(voice, "district_rates", N_("Pass and prize rates of districts"), by_district),
        _compared(voice, "industries", N_("Industries compared"), by_industry),
        _rates(voice, "industry_rates", N_("Pass and prize rates of industries"), by_industry),
        funnel(voice, whole),
    )
    return Report(
        title=voice.say(N_("Districts and industries")),
        about=wanted.series or voice.say(N_("All contests of our own")),
        heads=(
            Headline(voice.say(N_("Editions")), len(found)),
            Headline(voice.say(N_("Accepted people")), whole.accepted),
            Headline(voice.say(N_("Pass rate")), rate(share(whole.passed, whole.competed))),
            Headline(voice.say(N_("Districts with people")), _with_people(by_district)),
        ),
        sections=tuple(one for one in sections if one.rows),
        note=of_when(voice, found),
    )


def _with_people(rows: dict[str, Steps]) -> int:
    return sum(bool(steps.accepted) for steps in rows.values())


def _compared(voice: Voice, key: str, title: str, rows: dict[str, Steps]) -> Section:
    first = N_("Town or district") if key == "districts" else N_("Industry")
    chart = Chart(ChartKind.BARS, ("accepted", "prized"), most=20)
    return by_values(voice, key, title, first, rows, chart)


def _rates(voice: Voice, key: str, title: str, rows: dict[str, Steps]) -> Section:
    """Return the rates alone, the best prize rate first; of very few people they say nothing."""
    listed = []
    for name, steps in rows.items():
        prizes = share(steps.prized, steps.accepted)
        if steps.accepted >= _FEWEST and prizes is not None:
            passing = share(steps.passed, steps.competed)
            listed.append((-prizes, name, (name, steps.accepted, passing, prizes)))
    first = N_("Town or district") if key == "district_rates" else N_("Industry")
    return Section(
        key=key,
        title=voice.say(title),
        columns=(
            Column("name", voice.say(first), _TEXT),
            Column("accepted", voice.say(N_("Accepted people"))),
            Column("pass_rate", voice.say(N_("Pass rate")), _PERCENT),
            Column("prize_rate", voice.say(N_("Prize rate")), _PERCENT),
        ),
        rows=tuple(row for _prizes, _name, row in sorted(listed, key=lambda one: one[:2])),
        chart=Chart(ChartKind.BARS, ("pass_rate", "prize_rate"), most=20),
        note=voice.say(N_("Those with fewer than ten people are left out.")),
    )
