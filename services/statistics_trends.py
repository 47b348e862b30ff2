"""Several editions together: trends over the years, districts and industries compared."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Select, func, select

from models.database import db
from models.honours import Honour
from models.payouts import PayoutLine, PayoutOrder
from rules.honours import HonourSource
from rules.payouts import SPENT
from rules.states import HonourState
from rules.statistics import share
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
from rules.statistics_told import EVERYBODY, Told, summed
from rules.texts import N_
from services.payouts_budget import COUNTING
from services.statistics import within
from services.statistics_found import (
    NOTHING,
    Found,
    Wanted,
    counted_here,
    found_of,
    joined,
    money_of,
    prizes_of,
    whole_of,
)
from services.statistics_words import (
    OF_LISTS,
    Voice,
    by_values,
    districts,
    editions_head,
    funnel,
    industries,
    marked,
    money_head,
    note_of,
    rate,
)

_TEXT, _PERCENT, _MONEY = ColumnKind.TEXT, ColumnKind.PERCENT, ColumnKind.MONEY
# Of fewer people rates say little.
_FEWEST = 10


def trends_report(wanted: Wanted, voice: Voice) -> Report:
    """Return how entries, prizes, money and honours went over the years."""
    found = found_of(wanted)
    years: _Years = defaultdict(list)
    for one in found:
        years[one.year].append(one)
    span = range(min(years), max(years) + 1) if years else range(0)
    sections = (
        _entries_by_year(voice, years, span),
        _shares_by_year(voice, years, span),
        _prizes_by_year(voice, years, span),
        _honours_by_year(voice, wanted, span),
        editions_section(voice, found),
    )
    whole = whole_of(found)
    return Report(
        title=voice.say(N_("Trends over the years")),
        about=wanted.series or voice.say(N_("All contests of our own")),
        heads=(
            editions_head(voice, found),
            Headline(voice.say(N_("Accepted people")), whole.count("accepted")),
            Headline(voice.say(N_("Prizes (persons)")), prizes_of(found)),
            money_head(voice, money_of(found)),
        ),
        sections=tuple(one for one in sections if one.rows),
        note=note_of(voice, found),
    )


_Years = dict[int, list[Found]]


def _by_year(voice: Voice, years: _Years, span: Sequence[int], section: Section) -> Section:
    """Say of each year where its numbers come from."""
    return marked(voice, section, [whole_of(years.get(year, ())).origin for year in span])


def _entries_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for year in span:
        many = years.get(year, [])
        if not many:
            # Of such a year nothing is known: perhaps its list was not brought in yet.
            rows.append((str(year), 0, *[None] * 5))
            continue
        whole = whole_of(many)
        events = sum(len(one.tally.by.get("event", ())) for one in many)
        counts = (whole.count(stage) for stage in ("accepted", "competed", "passed", "levelled"))
        rows.append((str(year), len(many), events, *counts))
    section = Section(
        key="entries",
        title=voice.say(N_("Editions and people by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            Column("editions", voice.say(N_("Editions"))),
            Column("events", voice.say(N_("Events"))),
            Column("accepted", voice.say(N_("Accepted people"))),
            Column("competed", voice.say(N_("Competed"))),
            Column("passed", voice.say(N_("Passed"))),
            Column("levelled", voice.say(N_("Earned a level"))),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.LINES, ("accepted", "passed", "levelled"), most=60),
    )
    return _by_year(voice, years, span, section)


def _shares_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    section = Section(
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
        rows=tuple(_shares(year, years.get(year, [])) for year in span),
        chart=Chart(ChartKind.LINES, ("women_share", "staff_share", "pass_rate"), most=60),
        note=voice.say(N_("Each person once in an edition; percentages of persons.")),
    )
    return _by_year(voice, years, span, section)


def _shares(year: int, many: Sequence[Found]) -> tuple[Cell, ...]:
    if not many:
        return (str(year), *[None] * 6)
    return (
        str(year),
        sum(one.tally.persons for one in many),
        summed((one.women for one in many), 0),
        _share_of_persons([(one, one.women) for one in many]),
        summed((one.staff for one in many), 0),
        _share_of_persons([(one, one.staff) for one in many]),
        whole_of(many).rate("passed", "competed"),
    )


def _share_of_persons(many: Sequence[tuple[Found, int | None]]) -> Decimal | None:
    """Return a percentage of the persons of those editions that tell it and name everybody."""
    told = [
        (part, one.tally.persons)
        for one, part in many
        if part is not None and EVERYBODY in one.held
    ]
    return share(sum(part for part, _all in told), sum(persons for _part, persons in told))


def _prizes_by_year(voice: Voice, years: _Years, span: Sequence[int]) -> Section:
    here = counted_here(one for many in years.values() for one in many)
    paid = _paid([one.contest.id for one in here])
    section = Section(
        key="prizes",
        title=voice.say(N_("Prizes and money by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            Column("prizes", voice.say(N_("Prizes (persons)"))),
            Column("amount", voice.say(N_("Prize money (yuan)")), _MONEY),
            Column("paid", voice.say(N_("Paid (yuan)")), _MONEY),
        ),
        rows=tuple(_prizes(year, years.get(year, []), paid) for year in span),
        chart=Chart(ChartKind.COLUMNS, ("amount", "paid"), most=60),
        note=voice.say(N_("Prize money is what results gave; paid is what reached the payees.")),
    )
    return _by_year(voice, years, span, section)


def _prizes(year: int, many: Sequence[Found], paid: dict[int, Decimal]) -> tuple[Cell, ...]:
    if not many:
        return (str(year), None, None, None)
    spent = (
        None if one.counted is None else paid.get(one.counted.contest.id, NOTHING) for one in many
    )
    return (str(year), prizes_of(many), money_of(many), summed(spent, NOTHING))


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


def _honours_by_year(voice: Voice, wanted: Wanted, span: Sequence[int]) -> Section:
    """Count the honours that stand by the year and the level of who granted them."""
    found: dict[int, Counter[Any]] = defaultdict(Counter)
    for year, level, source, count in db.session.execute(_honours(wanted, span)):
        found[year][level] += count
        found[year]["lists"] += count if source is HonourSource.HISTORY else 0
    levels = sorted({key for one in found.values() for key in one if key != "lists"}, key=rank_of)
    has_lists = any(one["lists"] for one in found.values())
    years = [*span, *found]
    return Section(
        key="honours",
        title=voice.say(N_("Honours of the register by year")),
        columns=(
            Column("name", voice.say(N_("Year")), _TEXT),
            *(Column(str(level), voice.label(level)) for level in levels),
            Column("whole", voice.say(N_("Together"))),
            *((Column("lists", voice.say(OF_LISTS)),) if has_lists else ()),
        ),
        rows=tuple(
            (
                str(year), *(found[year][level] for level in levels),
                sum(found[year][level] for level in levels),
                *((found[year]["lists"],) if has_lists else ()),
            )
            for year in range(min(years), max(years) + 1)
        )
        if levels
        else (),
        chart=Chart(ChartKind.STACKED, tuple(str(level) for level in levels), most=60),
        note=voice.say(N_("Honours of all contests and selections, one for each person.")),
    )  # fmt: skip


def _honours(wanted: Wanted, span: Sequence[int]) -> Select[Any]:
    """Select the honours of the years looked at; beside chosen editions those of their years."""
    between = within(Honour.year, wanted.since, wanted.until)
    if wanted.level or wanted.series:
        between = [Honour.year.in_(span)]
    keys: tuple[Any, ...] = (Honour.year, Honour.level, Honour.source)
    query = select(*keys, func.count()).group_by(*keys)
    return query.where(Honour.state == HonourState.STANDING, *between)


def rank_of(level: Enum) -> int:
    """Return the place of a coded value among its kind."""
    return [*type(level)].index(level)


def editions_section(voice: Voice, found: Sequence[Found]) -> Section:
    """Return the editions one by one, each with the way to its report or its lists."""
    rows = tuple(
        (
            one.title, str(one.year), one.whole.count("accepted"), one.whole.count("passed"),
            one.whole.rate("passed", "competed"), one.prizes, one.amount,
        )
        for one in found
    )  # fmt: skip
    section = Section(
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
        rows=rows,
        links={
            place: str(one.counted.contest.id)
            for place, one in enumerate(found)
            if one.counted is not None
        },
    )
    return marked(voice, section, [one.origin for one in found])


def comparison_report(wanted: Wanted, voice: Voice) -> Report:
    """Compare districts and industries by who came, passed and won."""
    found = found_of(wanted)
    whole = whole_of(found)
    by_district = districts(voice, joined(found, "district"))
    by_industry = industries(voice, joined(found, "industry"))
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
            editions_head(voice, found),
            Headline(voice.say(N_("Accepted people")), whole.count("accepted")),
            Headline(voice.say(N_("Pass rate")), rate(whole.rate("passed", "competed"))),
            Headline(voice.say(N_("Districts with people")), _with_people(by_district)),
        ),
        sections=tuple(one for one in sections if one.rows),
        note=note_of(voice, found),
    )


def _with_people(rows: dict[str, Told]) -> int:
    return sum(bool(steps.count("accepted")) for steps in rows.values())


def _compared(voice: Voice, key: str, title: str, rows: dict[str, Told]) -> Section:
    first = N_("Town or district") if key == "districts" else N_("Industry")
    chart = Chart(ChartKind.BARS, ("accepted", "prized"), most=20)
    return by_values(voice, key, title, first, rows, chart)


def _rates(voice: Voice, key: str, title: str, rows: dict[str, Told]) -> Section:
    """Return the rates alone, the best prize rate first; of very few people they say nothing."""
    listed = []
    for name, steps in rows.items():
        prizes = steps.rate("prized", "accepted")
        if steps.of("prized", "accepted", EVERYBODY).accepted >= _FEWEST and prizes is not None:
            row = (name, steps.count("accepted"), steps.rate("passed", "competed"), prizes)
            listed.append((-prizes, name, row))
    listed.sort(key=lambda one: one[:2])
    first = N_("Town or district") if key == "district_rates" else N_("Industry")
    section = Section(
        key=key,
        title=voice.say(title),
        columns=(
            Column("name", voice.say(first), _TEXT),
            Column("accepted", voice.say(N_("Accepted people"))),
            Column("pass_rate", voice.say(N_("Pass rate")), _PERCENT),
            Column("prize_rate", voice.say(N_("Prize rate")), _PERCENT),
        ),
        rows=tuple(row for _prizes, _name, row in listed),
        chart=Chart(ChartKind.BARS, ("pass_rate", "prize_rate"), most=20),
        note=voice.say(N_("Those with fewer than ten people are left out.")),
    )
    return marked(voice, section, [rows[name].origin for _prizes, name, _row in listed])
