"""An edition while it runs, for its organizer: entries by day and event, and how far marking is."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import load_only

from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.judging import Sheet
from rules.states import EntryState, EventState, SheetState
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
from rules.texts import N_
from services.reports_sources import china_day
from services.statistics_words import Voice, rate

_TEXT, _PERCENT = ColumnKind.TEXT, ColumnKind.PERCENT
_STATES = (EntryState.ACCEPTED, EntryState.SUBMITTED, EntryState.RETURNED)


def running_report(contest: Contest, voice: Voice) -> Report:
    """Return how an edition stands at this moment."""
    states, days = _counted(contest.id)
    rows: _Rows = [(event, states.get(event.id, {})) for event in _events(contest.id)]
    sheets = _sheets(contest.id)
    signed = sum(one[0] for one in sheets.values())
    whole = sum(sum(one) for one in sheets.values())
    heads = (
        Headline(voice.say(N_("Accepted entries")), _sum(rows, EntryState.ACCEPTED)),
        Headline(voice.say(N_("To be reviewed")), _sum(rows, EntryState.SUBMITTED)),
        Headline(voice.say(N_("Returned")), _sum(rows, EntryState.RETURNED)),
        Headline(
            voice.say(N_("Sheets signed")),
            rate(share(signed, whole)),
            note=voice.say(N_("%(signed)s of %(whole)s"), signed=signed, whole=whole),
        ),
    )
    sections = (_days(voice, days), _entries(voice, rows), _marking(voice, rows, sheets))
    return Report(
        title=voice.say(N_("The edition at a glance")),
        about=contest.title,
        heads=heads,
        sections=tuple(one for one in sections if one.rows),
    )


_Rows = list[tuple[Event, dict[EntryState, int]]]


def _counted(contest_id: int) -> tuple[dict[int, dict[EntryState, int]], Counter[date]]:
    """Count the entries by event and state, and by day, in one statement."""
    day: Any = china_day(Entry.submitted_at)
    query = (
        select(Entry.event_id, Entry.state, day, func.count())
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id == contest_id)
        .group_by(Entry.event_id, Entry.state, day)
    )
    states: dict[int, dict[EntryState, int]] = defaultdict(lambda: defaultdict(int))
    days: Counter[date] = Counter()
    for event_id, state, one, count in db.session.execute(query):
        states[event_id][state] += count
        days[one] += count
    return states, days


def _events(contest_id: int) -> list[Event]:
    """Return the events; schemes and plans are long, and not asked for here."""
    query = (
        select(Event)
        .options(load_only(Event.id, Event.title, Event.state))
        .where(Event.contest_id == contest_id, Event.state != EventState.CANCELLED)
        .order_by(Event.position, Event.id)
    )
    return list(db.session.scalars(query))


def _sum(rows: _Rows, state: EntryState) -> int:
    return sum(counts.get(state, 0) for _event, counts in rows)


def _sheets(contest_id: int) -> dict[int, tuple[int, int]]:
    """Count by event the sheets that are signed, and those that are open."""
    done = Sheet.state == SheetState.SIGNED
    query = (
        select(
            Sheet.event_id,
            func.count(case((done, 1))),
            func.count(case((Sheet.state == SheetState.OPEN, 1))),
        )
        .join(Event, Event.id == Sheet.event_id)
        .where(Event.contest_id == contest_id)
        .group_by(Sheet.event_id)
    )
    return {key: (signed, left) for key, signed, left in db.session.execute(query)}


def _days(voice: Voice, days: Counter[date]) -> Section:
    rows, together = [], 0
    for one, count in sorted(days.items()):
        together += count
        rows.append((one.isoformat(), count, together))
    return Section(
        key="days",
        title=voice.say(N_("Entries by day")),
        columns=(
            Column("name", voice.say(N_("Day")), _TEXT),
            Column("count", voice.say(N_("Entries of the day"))),
            Column("together", voice.say(N_("Up to then"))),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.LINES, ("count", "together"), most=120),
    )


def _entries(voice: Voice, rows: _Rows) -> Section:
    return Section(
        key="entries",
        title=voice.say(N_("Entries by event")),
        columns=(
            Column("name", voice.say(N_("Event")), _TEXT),
            Column("state", voice.say(N_("State")), _TEXT),
            *(Column(state.value, voice.label(state)) for state in _STATES),
            Column("gone", voice.say(N_("Rejected or withdrawn"))),
        ),
        rows=tuple(_entry_row(voice, event, counts) for event, counts in rows),
        chart=Chart(ChartKind.BARS, ("accepted", "submitted"), most=20),
        links={place: str(event.id) for place, (event, _counts) in enumerate(rows)},
    )


def _entry_row(voice: Voice, event: Event, counts: dict[EntryState, int]) -> tuple[Cell, ...]:
    gone = sum(count for state, count in counts.items() if state not in _STATES)
    return (
        event.title,
        voice.label(event.state),
        *(counts.get(state, 0) for state in _STATES),
        gone,
    )


def _marking(voice: Voice, rows: _Rows, sheets: dict[int, tuple[int, int]]) -> Section:
    found = [(event, *sheets[event.id]) for event, _counts in rows if event.id in sheets]
    return Section(
        key="marking",
        title=voice.say(N_("How far marking is")),
        columns=(
            Column("name", voice.say(N_("Event")), _TEXT),
            Column("signed", voice.say(N_("Sheets that are signed"))),
            Column("open", voice.say(N_("Sheets that are open"))),
            Column("rate", voice.say(N_("Share signed")), _PERCENT),
        ),
        rows=tuple(
            (event.title, signed, left, share(signed, signed + left))
            for event, signed, left in found
        ),
        chart=Chart(ChartKind.BARS, ("signed", "open"), most=20),
    )
