"""All of a year in pictures: contests, honours, workshops, mentorships, contests above the city."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, func, or_, select

from models.database import db
from models.honours import Honour
from models.mentorships import Mentorship
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from models.workshops import Workshop
from rules.honours import HonourSource
from rules.provincial import ENTRANTS, ResultState
from rules.states import HonourState
from rules.statistics_sections import (
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Headline,
    Report,
    Section,
)
from rules.statistics_told import Told
from rules.texts import N_
from rules.workshops import WorkshopState
from services.generations import was_taught
from services.statistics_found import (
    Found,
    Wanted,
    found_of,
    joined,
    money_of,
    prizes_of,
    whole_of,
)
from services.statistics_trends import editions_section, rank_of
from services.statistics_words import (
    OF_LISTS,
    UNKNOWN,
    Voice,
    editions_head,
    funnel,
    money_head,
    note_of,
    people_sections,
)

_TEXT = ColumnKind.TEXT


def year_report(year: int, voice: Voice) -> Report:
    """Return all of a year in pictures."""
    found = found_of(Wanted(year, year))
    whole = whole_of(found)
    bars = Chart(ChartKind.BARS, ("accepted", "prized"))
    sections = (
        editions_section(voice, found),
        funnel(voice, whole),
        *people_sections(voice, lambda name: joined(found, name), bars),
        _titles(voice, year),
        _workshops(voice),
        _pairs(voice, year),
        _above(voice, year),
    )  # fmt: skip
    return Report(
        title=voice.say(N_("The year in pictures")),
        about=str(year),
        heads=_year_heads(voice, found, whole, year),
        sections=tuple(one for one in sections if one.rows and not _says_nothing(voice, one)),
        note=note_of(voice, found),
    )


def _says_nothing(voice: Voice, section: Section) -> bool:
    """Say whether all that a table knows is that nothing was recorded, as of lists of names."""
    return [row[0] for row in section.rows] == [voice.say(UNKNOWN)]


def _year_heads(
    voice: Voice, found: Sequence[Found], whole: Told, year: int
) -> tuple[Headline, ...]:
    honours = select(func.count()).where(Honour.year == year, Honour.state == HonourState.STANDING)
    return (
        editions_head(voice, found),
        Headline(voice.say(N_("Accepted people")), whole.count("accepted")),
        Headline(voice.say(N_("Earned a level")), whole.count("levelled")),
        Headline(voice.say(N_("Prizes (persons)")), prizes_of(found)),
        money_head(voice, money_of(found)),
        Headline(voice.say(N_("Honours of the register")), db.session.scalar(honours) or 0),
    )  # fmt: skip


def _titles(voice: Voice, year: int) -> Section:
    told = func.count(case((Honour.source == HonourSource.HISTORY, 1)))
    query = (
        select(Honour.title, func.count(func.distinct(Honour.person_id)), func.count(), told)
        .where(Honour.year == year, Honour.state == HonourState.STANDING)
        .group_by(Honour.title)
        .order_by(func.count().desc(), Honour.title)
        .limit(15)
    )
    rows = db.session.execute(query).all()
    section = _counts(
        voice, "titles", N_("Honours of the year"), N_("Title of honour"), [row[:3] for row in rows]
    )
    if not any(row[3] for row in rows):
        return section
    return replace(
        section,
        columns=(*section.columns, Column("lists", voice.say(OF_LISTS))),
        rows=tuple((str(name), *counts) for name, *counts in rows),
    )


def _counts(voice: Voice, key: str, title: str, first: str, rows: Any) -> Section:
    return Section(
        key=key,
        title=voice.say(title),
        columns=(
            Column("name", voice.say(first), _TEXT),
            Column("persons", voice.say(N_("Persons"))),
            Column("count", voice.say(N_("Person-times"))),
        ),
        rows=tuple((str(name), persons, count) for name, persons, count in rows),
        chart=Chart(ChartKind.BARS, ("count",)),
    )


def _workshops(voice: Voice) -> Section:
    query = (
        select(Workshop.level, func.count())
        .where(Workshop.state == WorkshopState.STANDING)
        .group_by(Workshop.level)
    )
    found = {level: count for level, count in db.session.execute(query)}
    return Section(
        key="workshops",
        title=voice.say(N_("Workshops that stand today")),
        columns=(
            Column("name", voice.say(N_("Level of the workshop")), _TEXT),
            Column("count", voice.say(N_("Workshops"))),
        ),
        rows=tuple((voice.label(level), found[level]) for level in sorted(found, key=rank_of)),
        chart=Chart(ChartKind.BARS, ("count",)),
    )


def _pairs(voice: Voice, year: int) -> Section:
    """Count the pairs that began in each month of the year."""
    month = func.substr(cast(Mentorship.starts_on, String), 6, 2)
    query = (
        select(month, func.count(func.distinct(Mentorship.apprentice_id)), func.count())
        .where(
            was_taught(),
            Mentorship.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(month)
    )
    found = {int(one): (persons, count) for one, persons, count in db.session.execute(query)}
    if not found:
        return _counts(voice, "pairs", N_("Mentorships begun"), N_("Month"), ())
    rows = [(str(one), *found.get(one, (0, 0))) for one in range(1, 13)]
    made = _counts(voice, "pairs", N_("Mentorships begun"), N_("Month"), rows)
    return Section(
        made.key, made.title, made.columns, made.rows, Chart(ChartKind.COLUMNS, ("count",))
    )


def _above(voice: Voice, year: int) -> Section:
    """Count who went to contests above the city's, and the places that won something."""
    won = and_(
        ProvincialResult.state == ResultState.CONFIRMED,
        or_(ProvincialResult.prize != "", ProvincialResult.medal.is_not(None)),
    )
    query = (
        select(
            ProvincialContest.title,
            func.count(func.distinct(ProvincialSlotMember.id)),
            func.count(func.distinct(ProvincialEvent.id)),
            func.count(func.distinct(case((won, ProvincialSlot.id)))),
        )
        .join(ProvincialEvent, ProvincialEvent.contest_id == ProvincialContest.id)
        .join(ProvincialSlot, ProvincialSlot.event_id == ProvincialEvent.id)
        .outerjoin(ProvincialSlotMember, ProvincialSlotMember.slot_id == ProvincialSlot.id)
        .outerjoin(ProvincialResult, ProvincialResult.slot_id == ProvincialSlot.id)
        .where(ProvincialContest.year == year, ProvincialSlot.state.in_(ENTRANTS))
        .group_by(ProvincialContest.id, ProvincialContest.title)
        .order_by(ProvincialContest.id)
    )
    return Section(
        key="above",
        title=voice.say(N_("Contests above the city")),
        columns=(
            Column("name", voice.say(N_("Contest")), _TEXT),
            Column("entrants", voice.say(N_("Entrants sent"))),
            Column("events", voice.say(N_("Events entered"))),
            Column("prizes", voice.say(N_("Prizes won there"))),
        ),
        rows=tuple(tuple(row) for row in db.session.execute(query)),
        chart=Chart(ChartKind.BARS, ("entrants", "prizes")),
    )
