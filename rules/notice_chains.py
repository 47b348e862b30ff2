"""The chain of notices through which a list goes: own unit, county, city (R3.07)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from rules.data import RuleData
from rules.refusals import Refused
from rules.texts import N_
from rules.workdays import Calendar, notice_end

MOST_LEVELS = 6


class NoticeLevel(RuleData):
    """One notice of the chain: posted here, or proven by a document of whoever posted it.

    ``proof`` says of whom a proof is asked: of each employer with somebody on the list, of each
    district, or one for the whole list.
    """

    code: str = Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z._-]+$")
    title: str = Field(min_length=1, max_length=40)
    working_days: int = Field(default=5, ge=1, le=60)
    count_first_day: bool = False
    posted: Literal["here", "outside"] = "here"
    proof: Literal["employer", "district", "whole"] = "whole"


def chain_problems(levels: Sequence[NoticeLevel]) -> Iterator[Refused]:
    """Yield what contradicts itself in a chain."""
    codes = [level.code for level in levels]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refused(N_("Two levels have the code %(code)s."), "notice_levels", code=code)
    if levels and levels[-1].posted != "here":
        yield Refused(
            N_("The last level is posted here: it makes the results final."), "notice_levels"
        )
    if len(levels) > MOST_LEVELS:
        yield Refused(N_("A chain has at most %(most)s levels."), "notice_levels", most=MOST_LEVELS)


class Standing(StrEnum):
    """Where a list stands at one level of its chain."""

    DONE = "done"
    RUNNING = "running"
    OBJECTED = "objected"
    PROOFS = "proofs"
    WAITING = "waiting"


@dataclass(frozen=True)
class Span:
    """First and last day of a notice."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Posted(Span):
    """A notice that was posted here."""

    is_closed: bool = False
    objections: tuple[int, ...] = ()


@dataclass(frozen=True)
class LevelFacts:
    """What is known of one list at one level: who owes a proof, which came, what was posted."""

    required: Mapping[str, str] = field(default_factory=dict)
    proofs: Mapping[str, Span] = field(default_factory=dict)
    notice: Posted | None = None


@dataclass(frozen=True)
class LevelStanding:
    """How far a list is at one level; who owes a proof, and whose is missing, by their titles."""

    level: NoticeLevel
    standing: Standing
    span: Span | None = None
    owed: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    objections: tuple[int, ...] = ()


def standings(
    levels: Sequence[NoticeLevel], facts: Mapping[str, LevelFacts]
) -> list[LevelStanding]:
    """Say for each level of a chain how far a list is; facts go by the code of the level."""
    return [_standing(level, facts.get(level.code, LevelFacts())) for level in levels]


def _standing(level: NoticeLevel, facts: LevelFacts) -> LevelStanding:
    if level.posted == "outside":
        missing = {key: text for key, text in facts.required.items() if key not in facts.proofs}
        came = [facts.proofs[key] for key in facts.required if key in facts.proofs]
        span = Span(min(s.starts_on for s in came), max(s.ends_on for s in came)) if came else None
        standing = Standing.PROOFS if missing else Standing.DONE
        return LevelStanding(level, standing, span, facts.required, missing)
    notice = facts.notice
    if notice is None:
        return LevelStanding(level, Standing.WAITING)
    standing = Standing.RUNNING
    if notice.is_closed:
        standing = Standing.OBJECTED if notice.objections else Standing.DONE
    return LevelStanding(level, standing, notice, objections=notice.objections)


def next_posted(chain: Sequence[LevelStanding]) -> NoticeLevel | None:
    """Return the level that is to be posted here next; None when all of them were."""
    return next((one.level for one in chain if one.standing is Standing.WAITING), None)


def posting_problems(chain: Sequence[LevelStanding], code: str, starts_on: date) -> list[Refused]:
    """List everything that keeps a list from being posted at this level on this day."""
    problems: list[Refused] = []
    for one in chain:
        if one.level.code == code:
            break
        problems += _open_problems(one)
        if one.span is not None and starts_on <= one.span.ends_on:
            problems.append(
                Refused(
                    N_("%(level)s stands until %(day)s; the next notice starts after it."),
                    "starts_on",
                    level=one.level.title,
                    day=one.span.ends_on,
                )
            )
    return problems


def _open_problems(one: LevelStanding) -> Iterator[Refused]:
    title = one.level.title
    if one.standing is Standing.PROOFS:
        yield Refused(
            N_("%(level)s: the proof is missing of %(who)s."),
            "revision_ids",
            level=title,
            who="、".join(text for text in one.missing.values() if text) or title,
        )
    elif one.standing is Standing.OBJECTED:
        yield Refused(
            N_("%(level)s: these objections are open: %(numbers)s."),
            "revision_ids",
            level=title,
            numbers="、".join(map(str, one.objections)),
        )
    elif one.standing is Standing.WAITING:
        yield Refused(N_("%(level)s was not posted yet."), "revision_ids", level=title)
    elif one.standing is Standing.RUNNING:
        yield Refused(N_("%(level)s is not closed yet."), "revision_ids", level=title)


def proof_problems(
    level: NoticeLevel,
    span: Span,
    earlier: Sequence[LevelStanding],
    today: date,
    calendar: Calendar,
) -> Iterator[Refused]:
    """Yield what is wrong with the days of a notice that was posted elsewhere (R3.01, R3.02)."""
    if span.ends_on < span.starts_on:
        yield Refused(N_("The last day lies before the first."), "ends_on")
        return
    if span.ends_on >= today:
        yield Refused(N_("A notice is proven after its last day."), "ends_on")
    yield from _too_short(level, span, calendar)
    ends = [one.span.ends_on for one in earlier if one.span is not None]
    if ends and span.starts_on <= max(ends):
        yield Refused(N_("The level before ended on %(day)s only."), "starts_on", day=max(ends))


def _too_short(level: NoticeLevel, span: Span, calendar: Calendar) -> Iterator[Refused]:
    days, counts = level.working_days, level.count_first_day
    try:
        last = notice_end(span.starts_on, days, counts, calendar)
    except Refused as refusal:
        yield Refused(refusal.message, "starts_on", **refusal.params)
        return
    if span.ends_on < last:
        yield Refused(
            N_("From %(first)s on it had to stand until %(last)s: %(days)s working days."),
            "ends_on",
            first=span.starts_on,
            last=last,
            days=days,
        )


def due_days(chain: Sequence[LevelStanding], today: date, calendar: Calendar) -> dict[str, date]:
    """Return when each open level can be over at the earliest, one after the other from tomorrow.

    From the first year without data on there are no days: none is better than a guess.
    """
    found: dict[str, date] = {}
    free = today
    for one in chain:
        if one.standing in (Standing.WAITING, Standing.PROOFS):
            days, counts = one.level.working_days, one.level.count_first_day
            try:
                free = notice_end(free + timedelta(days=1), days, counts, calendar)
            except Refused:
                break
            found[one.level.code] = free
        elif one.span is not None:
            free = max(free, one.span.ends_on)
    return found
