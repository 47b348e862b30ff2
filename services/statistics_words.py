"""The words of reports, and the columns that come up again and again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from rules.industries import INDUSTRIES
from rules.statistics import AGES, STAGES, Origin
from rules.statistics_sections import (
    Cell,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Headline,
    Section,
)
from rules.statistics_told import Way
from rules.texts import N_
from services.acting import ZONE
from services.statistics import Counted
from services.statistics_found import Found, counted_here
from services.statistics_histories import UNSAID

STAGE_WORDS = {
    "registered": N_("Entered (person-times)"),
    "accepted": N_("Accepted (person-times)"),
    "competed": N_("Competed (person-times)"),
    "passed": N_("Passed (person-times)"),
    "prized": N_("Won a prize (person-times)"),
    "levelled": N_("Earned a level (person-times)"),
}
SHORT_WORDS = {
    "accepted": N_("Accepted people"),
    "competed": N_("Competed"),
    "passed": N_("Passed"),
    "prized": N_("Won a prize"),
    "levelled": N_("Earned a level"),
}
UNKNOWN = N_("Not recorded")
SEXES = {"F": N_("Women"), "M": N_("Men"), "": UNKNOWN}
STAFF_WORDS = {"staff": N_("Company staff"), "": N_("Students and others"), UNSAID: UNKNOWN}
SILENT = N_(
    "Editions from lists are counted as far as the list tells: – stands where it does not. Where "
    "editions differ in what they tell, numbers and rates are of those that tell it; a list that "
    "names winners only gives no rates."
)
OF_LISTS = N_("Of these from lists")
AnyWay = TypeVar("AnyWay", bound=Way)


@dataclass(frozen=True)
class Voice:
    """How texts, coded values and levels are said in the reader's language."""

    say: Callable[..., str]
    level: Callable[[int | None], str]
    label: Callable[[Enum], str]


def step_columns(voice: Voice, first: str) -> tuple[Column, ...]:
    """Return the columns of a table by steps, with the rates of passing and of prizes."""
    names = STAGES[1:]
    return (
        Column("name", voice.say(first), ColumnKind.TEXT),
        *(Column(name, voice.say(SHORT_WORDS[name]), ColumnKind.PERSONS) for name in names),
        Column("pass_rate", voice.say(N_("Pass rate")), ColumnKind.PERCENT),
        Column("prize_rate", voice.say(N_("Prize rate")), ColumnKind.PERCENT),
    )


def step_row(name: str, steps: Way) -> tuple[Cell, ...]:
    """Return a row of such a table."""
    return (
        name,
        *(steps.count(stage) for stage in STAGES[1:]),
        steps.rate("passed", "competed"),
        steps.rate("prized", "accepted"),
    )


def marked(voice: Voice, section: Section, origins: Sequence[Origin]) -> Section:
    """Say of each row where it comes from, where anything of the section comes from lists."""
    if not any(one.lists for one in origins):
        return section
    rows = zip(section.rows, origins, strict=True)
    return replace(
        section,
        columns=(*section.columns, Column("origin", voice.say(N_("Data from")), ColumnKind.TEXT)),
        rows=tuple((*row, _origin(voice, origin)) for row, origin in rows),
        origins=tuple(origins),
    )


def _origin(voice: Voice, origin: Origin) -> str:
    found = [voice.say(N_("Held here"))] if origin.here else []
    found += [voice.say(N_("List no. %(number)s"), number=key) for key in origin.named]
    if origin.lists and not origin.named:
        found.append(voice.say(N_("From %(count)s lists"), count=len(origin.lists)))
    return " · ".join(found)


def by_values(
    voice: Voice,
    key: str,
    title: str,
    first: str,
    rows: Mapping[str, Way],
    chart: Chart,
    note: str = "",
) -> Section:
    """Return a table by the values of one thing, in the order in which they are given."""
    section = Section(
        key=key,
        title=voice.say(title),
        columns=step_columns(voice, first),
        rows=tuple(step_row(name, steps) for name, steps in rows.items()),
        chart=chart,
        guarded=True,
        note=voice.say(note) if note else "",
    )
    return marked(voice, section, [steps.origin for steps in rows.values()])


# Which step the step of a way is measured by.
_BEFORE = {
    "accepted": "registered",
    "competed": "accepted",
    "passed": "competed",
    "prized": "competed",
    "levelled": "competed",
}


def funnel(voice: Voice, steps: Way) -> Section:
    """Return how many came how far, with their share of the step before and of all."""
    rows = tuple(
        (
            voice.say(STAGE_WORDS[stage]),
            steps.count(stage),
            steps.rate(stage, _BEFORE[stage]) if stage in _BEFORE else None,
            steps.rate(stage, "registered"),
        )
        for stage in STAGES
    )
    section = Section(
        key="funnel",
        title=voice.say(N_("From the entry to the level")),
        columns=(
            Column("name", voice.say(N_("Step of the way")), ColumnKind.TEXT),
            Column("count", voice.say(N_("Person-times"))),
            Column("step_rate", voice.say(N_("Of the step before")), ColumnKind.PERCENT),
            Column("whole_rate", voice.say(N_("Of all who entered")), ColumnKind.PERCENT),
        ),
        rows=rows,
        chart=Chart(ChartKind.BARS, ("count",)),
        note=voice.say(N_("Passing, prizes and levels are measured by those who competed.")),
    )
    return marked(voice, section, [steps.origin_of(stage) for stage in STAGES])


def sexes(voice: Voice, rows: Mapping[str, AnyWay]) -> dict[str, AnyWay]:
    """Name the rows by sex."""
    return {voice.say(word): rows[key] for key, word in SEXES.items() if key in rows}


def staff(voice: Voice, rows: Mapping[str, AnyWay]) -> dict[str, AnyWay]:
    """Name the rows by company staff and others."""
    return {voice.say(word): rows[key] for key, word in STAFF_WORDS.items() if key in rows}


def ages(voice: Voice, rows: Mapping[str, AnyWay]) -> dict[str, AnyWay]:
    """Name the bands of ages, the youngest first."""
    starts = (0, *AGES)
    found = {}
    for start, following in zip(starts, (*AGES, None), strict=True):
        if str(start) in rows:
            found[_band(voice, start, following)] = rows[str(start)]
    if "" in rows:
        found[voice.say(UNKNOWN)] = rows[""]
    return found


def _band(voice: Voice, start: int, following: int | None) -> str:
    if not start:
        return voice.say(N_("Under %(age)s"), age=following)
    if following is None:
        return voice.say(N_("%(age)s and over"), age=start)
    return f"{start}–{following - 1}"


def districts(voice: Voice, rows: Mapping[str, AnyWay]) -> dict[str, AnyWay]:
    """Put the districts with most people first, those not known last."""
    return _most_first({key or voice.say(UNKNOWN): one for key, one in rows.items()}, voice)


def industries(voice: Voice, rows: Mapping[str, AnyWay]) -> dict[str, AnyWay]:
    """Name the industries, those with most people first, those not known last."""
    named = {
        voice.say(INDUSTRIES[key]) if key in INDUSTRIES else voice.say(UNKNOWN): one
        for key, one in rows.items()
    }
    return _most_first(named, voice)


def _most_first(rows: Mapping[str, AnyWay], voice: Voice) -> dict[str, AnyWay]:
    last = voice.say(UNKNOWN)
    ordered = sorted(rows.items(), key=lambda row: (row[0] == last, -_accepted(row[1]), row[0]))
    return dict(ordered)


def _accepted(steps: Way) -> int:
    return steps.count("accepted") or 0


def people_sections(
    voice: Voice, by: Callable[[str], Mapping[str, Way]], chart: Chart
) -> tuple[Section, ...]:
    """Return the tables by sex, group, district and industry of the counts asked for by name."""
    return (
        by_values(voice, "sexes", N_("By sex"), N_("Sex"), sexes(voice, by("sex")), chart),
        by_values(
            voice, "staff", N_("Company staff and others"), N_("Group of people"),
            staff(voice, by("staff")), chart,
        ),
        by_values(
            voice, "districts", N_("By district of the employer"), N_("Town or district"),
            districts(voice, by("district")), chart,
        ),
        by_values(
            voice, "industries", N_("By industry of the employer"), N_("Industry"),
            industries(voice, by("industry")), chart,
        ),
    )  # fmt: skip


def money_head(voice: Voice, amount: Decimal | None, note: str = "") -> Headline:
    """Return the prize money as a single number."""
    shown = None if amount is None else f"{amount:,.0f}"
    unit = "" if amount is None else voice.say(N_("yuan"))
    return Headline(voice.say(N_("Prize money")), shown, unit, note)


def editions_head(voice: Voice, found: Sequence[Found]) -> Headline:
    """Return how many editions there are, and how many of them are known from lists."""
    told = sum(bool(one.origin.lists) for one in found)
    note = voice.say(N_("%(count)s of them from lists"), count=told) if told else ""
    return Headline(voice.say(N_("Editions")), len(found), note=note)


def rate(value: Decimal | None) -> str:
    """Write a percentage for a headline."""
    return "–" if value is None else f"{value}%"


def of_when(voice: Voice, found: Sequence[Counted]) -> str:
    """Say of when the counts are where something changed since."""
    old = [one.since for one in found if one.since is not None and not (one.fresh or one.live)]
    if not old:
        return ""
    time = min(old).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    return voice.say(N_("Counted at %(time)s; what changed since follows in minutes."), time=time)


def note_of(voice: Voice, found: Sequence[Found]) -> str:
    """Say of when the counts are, and what lists do not tell."""
    silent = voice.say(SILENT) if any(one.origin.lists for one in found) else ""
    return " ".join(filter(None, (of_when(voice, counted_here(found)), silent)))
