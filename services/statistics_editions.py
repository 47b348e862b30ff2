"""The report of an edition, and of one of its events, from the counts that are kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import load_only

from models.contests import Contest, Event
from models.database import db
from rules.plans import EditionRules
from rules.states import EventState
from rules.statistics import (
    EventDetails,
    Marks,
    Steps,
    Tally,
    largest,
    share,
)
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
from services.payouts_budget import read_purses
from services.statistics import Counted, counted
from services.statistics_words import (
    Voice,
    ages,
    by_values,
    funnel,
    money_head,
    of_when,
    people_sections,
    rate,
    step_columns,
    step_row,
)

BAND = 10
_TEXT, _PERCENT, _MONEY = ColumnKind.TEXT, ColumnKind.PERCENT, ColumnKind.MONEY
_DECIMAL = ColumnKind.DECIMAL


def edition_report(contest: Contest, voice: Voice, whole: bool = False) -> Report:
    """Return the report of an edition; whole: with the items of every event, as papers have it."""
    found = counted(contest)
    events = _events(contest.id)
    sections = [
        funnel(voice, found.tally.whole),
        _by_event(voice, events, found.tally),
        marks_section(voice, found.tally.marks.values()),
        *_prizes(voice, found.tally),
        *_people(voice, found),
        _employers(voice, found.tally),
        _cost(voice, contest),
        _marking(voice, events, found.details.events),
    ]
    if whole:
        for event in events:
            details = found.details.events.get(event.id)
            if details is not None and details.items:
                sections.append(items_section(voice, details, f"items-{event.id}", event.title))
    return Report(
        title=voice.say(N_("Report of the edition")),
        about=contest.title,
        heads=_heads(voice, found.tally),
        sections=tuple(section for section in sections if section.rows),
        note=of_when(voice, [found]),
    )


def event_report(event: Event, voice: Voice) -> Report:
    """Return the report of an event: its steps, marks, items and panels."""
    found = counted(event.contest)
    steps = found.tally.by.get("event", {}).get(str(event.id), Steps())
    marks = found.tally.marks.get(event.id, Marks())
    details = found.details.events.get(event.id, EventDetails())
    sections = (
        funnel(voice, steps),
        marks_section(voice, [marks]),
        items_section(voice, details),
        _marking(voice, [event], found.details.events),
    )
    heads = (
        Headline(voice.say(N_("Accepted people")), steps.accepted),
        Headline(voice.say(N_("Pass rate")), rate(share(steps.passed, steps.competed))),
        Headline(voice.say(N_("Mean mark")), marks.mean),
        Headline(voice.say(N_("Items of the scheme")), len(details.items)),
    )
    return Report(
        title=voice.say(N_("Report of the event")),
        about=event.title,
        heads=heads,
        sections=tuple(section for section in sections if section.rows),
        note=of_when(voice, [found]),
    )


def _events(contest_id: int) -> Sequence[Event]:
    columns = load_only(Event.id, Event.title, Event.contest_id)
    query = (
        select(Event)
        .options(columns)
        .where(Event.contest_id == contest_id, Event.state != EventState.CANCELLED)
    )
    return db.session.scalars(query.order_by(Event.position, Event.id)).all()


def _heads(voice: Voice, tally: Tally) -> tuple[Headline, ...]:
    steps = tally.whole
    each = None if not steps.accepted else (tally.amount / steps.accepted).quantize(Decimal(1))
    return (
        Headline(
            voice.say(N_("Accepted people")),
            steps.accepted,
            note=voice.say(N_("%(count)s persons, each once"), count=tally.persons),
        ),
        Headline(
            voice.say(N_("Employers that took part")),
            tally.employers,
        ),
        Headline(
            voice.say(N_("Pass rate")),
            rate(share(steps.passed, steps.competed)),
            note=voice.say(N_("%(count)s passed"), count=steps.passed),
        ),
        Headline(voice.say(N_("Prizes (persons)")), tally.prizes),
        money_head(
            voice,
            tally.amount,
            voice.say(N_("%(amount)s yuan for each who was accepted"), amount=f"{each:,}")
            if each is not None
            else "",
        ),
    )


def _by_event(voice: Voice, events: Sequence[Event], tally: Tally) -> Section:
    found = tally.by.get("event", {})
    rows = []
    for event in events:
        marks = tally.marks.get(event.id, Marks())
        row = step_row(event.title, found.get(str(event.id), Steps()))
        rows.append((*row, marks.mean, marks.lowest, marks.highest))
    return Section(
        key="events",
        title=voice.say(N_("By event")),
        columns=(
            *step_columns(voice, N_("Event")),
            Column("mean", voice.say(N_("Mean mark")), _DECIMAL),
            Column("lowest", voice.say(N_("Lowest total")), _DECIMAL),
            Column("highest", voice.say(N_("Highest total")), _DECIMAL),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.BARS, ("accepted", "passed"), most=20),
        links={place: str(event.id) for place, event in enumerate(events)},
    )


def marks_section(voice: Voice, many: Iterable[Marks]) -> Section:
    """Return how the totals are distributed over bands of ten marks."""
    bands: dict[int, int] = {}
    for marks in many:
        for band, count in marks.bands.items():
            bands[band] = bands.get(band, 0) + count
    whole = sum(bands.values())
    # 100 belongs to the last band of marks on the usual scale.
    if set(bands) <= set(range(11)) and 10 in bands:
        bands[9] = bands.get(9, 0) + bands.pop(10)
    listed = range(min(0, *bands), max(9, *bands) + 1) if len(bands) > 1 else sorted(bands)
    rows = tuple(
        (_band(band), bands.get(band, 0), share(bands.get(band, 0), whole)) for band in listed
    )
    return Section(
        key="marks",
        title=voice.say(N_("Distribution of marks")),
        columns=(
            Column("name", voice.say(N_("Total mark")), _TEXT),
            Column("count", voice.say(N_("Entries with it"))),
            Column("share", voice.say(N_("Share of all")), _PERCENT),
        ),
        rows=rows,
        chart=Chart(ChartKind.COLUMNS, ("count",), most=40),
        note=voice.say(N_("By signed results; teams count once.")),
    )


def _band(band: int) -> str:
    last = "100" if band == BAND - 1 else f"{band * BAND + BAND - 1}"
    return f"{band * BAND}–{last}"


def _prizes(voice: Voice, tally: Tally) -> list[Section]:
    levels = sorted(tally.levels.items(), reverse=True)
    return [
        Section(
            key="prizes",
            title=voice.say(N_("Prizes by tier")),
            columns=(
                Column("name", voice.say(N_("Tier")), _TEXT),
                Column("entries", voice.say(N_("Entries with it"))),
                Column("persons", voice.say(N_("Person-times"))),
                Column("amount", voice.say(N_("Prize money (yuan)")), _MONEY),
            ),
            rows=tuple((t.title, t.entries, t.persons, t.amount) for t in tally.tiers),
            chart=Chart(ChartKind.BARS, ("persons",)),
        ),
        Section(
            key="levels",
            title=voice.say(N_("Levels earned")),
            columns=(
                Column("name", voice.say(N_("Skill level")), _TEXT),
                Column("persons", voice.say(N_("Person-times"))),
            ),
            rows=tuple((voice.level(level), count) for level, count in levels),
            chart=Chart(ChartKind.BARS, ("persons",)),
        ),
    ]


def _people(voice: Voice, found: Counted) -> list[Section]:
    by = found.tally.by
    two = Chart(ChartKind.BARS, ("accepted", "prized"))
    since = found.since
    note = "" if since is None or found.fresh else voice.say(N_("Ages are of an earlier count."))
    shown = ages(voice, found.details.ages)
    age = by_values(
        voice, "ages", N_("By age on the first day"), N_("Age"), shown,
        Chart(ChartKind.COLUMNS, ("accepted", "prized")), note=note,
    )  # fmt: skip
    sex, *others = people_sections(voice, lambda name: by.get(name, {}), two)
    return [sex, age, *others]


def _employers(voice: Voice, tally: Tally) -> Section:
    rows = dict(largest(tally.by.get("employer", {}), 20))
    chart = Chart(ChartKind.BARS, ("accepted", "prized"), most=12)
    return by_values(
        voice, "employers", N_("Employers with most people"), N_("Employer"), rows, chart,
        note=N_("At most twenty employers are shown."),
    )  # fmt: skip


def _cost(voice: Voice, contest: Contest) -> Section:
    purses = read_purses(contest.id, EditionRules.model_validate(contest.rules))
    rows: list[tuple[Cell, ...]] = []
    for purse in purses.values():
        title = purse.title or voice.say(N_("Without a budget line"))
        left = None if purse.ceiling is None else purse.ceiling - purse.reserved - purse.spent
        rows.append((title, purse.ceiling, purse.reserved, purse.spent, left))
    return Section(
        key="cost",
        title=voice.say(N_("Cost")),
        columns=(
            Column("name", voice.say(N_("Budget line")), _TEXT),
            Column("ceiling", voice.say(N_("Ceiling (yuan)")), _MONEY),
            Column("reserved", voice.say(N_("Ordered (yuan)")), _MONEY),
            Column("spent", voice.say(N_("Paid (yuan)")), _MONEY),
            Column("left", voice.say(N_("Left (yuan)")), _MONEY),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.BARS, ("ceiling", "spent")),
    )


def _marking(voice: Voice, events: Sequence[Event], details: Mapping[int, EventDetails]) -> Section:
    """Return by event and part how reliable its marks are and how far its judges agree."""
    rows: list[tuple[Cell, ...]] = []
    for event in events:
        one = details.get(event.id, EventDetails())
        for panel in one.panels:
            reliable = one.reliability.get(panel.part)
            rows.append(
                (
                    f"{event.title} · {panel.part}", panel.works, panel.judges, reliable,
                    panel.single, panel.panel, panel.apart, panel.widest,
                )
            )  # fmt: skip
    return Section(
        key="marking",
        title=voice.say(N_("Agreement of panels")),
        columns=(
            Column("name", voice.say(N_("Event and part")), _TEXT),
            Column("works", voice.say(N_("Works marked"))),
            Column("judges", voice.say(N_("Judges of the panel"))),
            Column("alpha", voice.say(N_("Reliability (alpha)")), _DECIMAL),
            Column("single", voice.say(N_("Agreement of one judge")), _DECIMAL),
            Column("panel", voice.say(N_("Agreement of the panel")), _DECIMAL),
            Column("apart", voice.say(N_("Usually apart")), _DECIMAL),
            Column("widest", voice.say(N_("Farthest apart")), _DECIMAL),
        ),
        rows=tuple(rows),
        chart=Chart(ChartKind.BARS, ("single", "panel"), most=20),
        note=voice.say(
            N_(
                "Reliability is Cronbach's alpha over the items; agreement is the intraclass"
                " correlation ICC(2,1) and ICC(2,k). Above 0.8 both are good. Apart: the highest"
                " total of a judge less the lowest, in marks."
            )
        ),
    )


def items_section(
    voice: Voice, details: EventDetails, key: str = "items", event: str = ""
) -> Section:
    """Return how each item of the scheme did."""
    title = voice.say(N_("Difficulty of items"))
    parts = {item.part for item in details.items}
    rows = tuple(
        (
            item.title if len(parts) < 2 else f"{item.part} · {item.title}",
            item.maximum,
            item.count,
            _percent(item.difficulty),
            _percent(item.discrimination),
        )
        for item in details.items
    )
    return Section(
        key=key,
        title=f"{title} · {event}" if event else title,
        columns=(
            Column("name", voice.say(N_("Item")), _TEXT),
            Column("maximum", voice.say(N_("Highest mark possible")), _DECIMAL),
            Column("count", voice.say(N_("Marks given"))),
            Column("difficulty", voice.say(N_("Share awarded")), _PERCENT),
            Column("discrimination", voice.say(N_("Discrimination")), _PERCENT),
        ),
        rows=rows,
        chart=Chart(ChartKind.BARS, ("difficulty", "discrimination"), most=40),
        note=voice.say(
            N_(
                "Share awarded: the mean share of the item's marks; the lower, the harder."
                " Discrimination: that share among the best 27 in 100 less that among the last 27;"
                " below 20 percent an item hardly parts good from weak."
            )
        ),
    )


def _percent(value: Decimal | None) -> Decimal | None:
    return None if value is None else (value * 100).quantize(Decimal("0.1"))
