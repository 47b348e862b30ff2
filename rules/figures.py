"""Questions to the registers as data (统计口径): what is counted, what is kept out, which parts.

A question names one register and asks it only for what that register knows: a condition or a part
that it does not know is refused, so that no number can leave out in silence what was asked for.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, Number, RuleData
from rules.refusals import Refused
from rules.texts import N_


class Source(StrEnum):
    """A register that can be asked."""

    CONTESTS = "contests"
    EVENTS = "events"
    ENTRIES = "entries"
    ENTRANTS = "entrants"
    AWARDS = "awards"
    HONOURS = "honours"
    LEVELS = "levels"
    LEVEL_GRANTS = "level_grants"
    CERTIFICATES = "certificates"
    WORKSHOPS = "workshops"
    MASTERS = "masters"
    GRANTS = "grants"
    MENTORSHIPS = "mentorships"
    PAYOUTS = "payouts"
    APPLICATIONS = "applications"
    HOLDERS = "holders"
    BENEFITS = "benefits"
    NOMINATIONS = "nominations"
    PROVINCIAL_EVENTS = "provincial_events"
    PROVINCIAL_ENTRANTS = "provincial_entrants"
    PROVINCIAL_RESULTS = "provincial_results"


class Counted(StrEnum):
    """What a number counts (R7.12): persons once each, person-times, money; the best place."""

    ROWS = "rows"
    PERSONS = "persons"
    TIMES = "times"
    EMPLOYERS = "employers"
    EVENTS = "events"
    SUM = "sum"
    TEAMS = "teams"
    BEST = "best"


class Part(StrEnum):
    """What a register knows of a row beside its name and its day: filtered and split by it."""

    TITLE = "title"
    LEVEL = "level"
    PROGRAMME = "programme"
    EVENT = "event"
    OCCUPATION = "occupation"
    DISTRICT = "district"
    EMPLOYER = "employer"
    KIND = "kind"
    VIA = "via"
    STATE = "state"
    TIER = "tier"
    HOST = "host"
    SEX = "sex"
    COMPANY = "company"
    YEAR = "year"
    AGE = "age"


class Sex(StrEnum):
    """What the register of people knows of somebody."""

    FEMALE = "F"
    MALE = "M"


class PairKind(StrEnum):
    """A pair of mentor and apprentice, or those whom a workshop taught before it was registered."""

    USUAL = "usual"
    NEW = "new"
    BEFORE = "before"


class LevelVia(StrEnum):
    """Whether a level came through a contest here."""

    CONTEST = "contest"
    ELSEWHERE = "elsewhere"


class EventSort(StrEnum):
    """An event of a superior's contest that counts, or one that only shows a trade."""

    USUAL = "usual"
    DEMONSTRATION = "demonstration"


class FigureKind(StrEnum):
    """Whether a figure is counted in a register, or typed from a document."""

    COUNTED = "counted"
    TYPED = "typed"


class ReplyState(StrEnum):
    """A reply kit: written, or kept as it was sent."""

    DRAFT = "draft"
    SENT = "sent"


REPLY_MOVES = {
    ReplyState.DRAFT: {ReplyState.SENT},
    ReplyState.SENT: set[ReplyState](),
}

# What the rows of a register have to be for their number to count, unless a question says so.
USUAL_STATES: Mapping[Source, tuple[str, ...]] = {
    Source.CONTESTS: ("published", "archived"),
    Source.ENTRIES: ("accepted",),
    Source.ENTRANTS: ("accepted",),
    Source.GRANTS: ("due", "ordered", "paid"),
    Source.APPLICATIONS: ("checking", "returned", "qualified", "refused", "chosen", "not_chosen"),
    Source.BENEFITS: ("given",),
    Source.NOMINATIONS: (
        "proposed", "returned", "checked", "ranked", "notice", "approved", "sent", "granted",
        "not_granted",
    ),
    Source.PROVINCIAL_ENTRANTS: ("entered", "competed", "absent"),
}  # fmt: skip

# Filled by fields of their own: years, ages, whether of a company.
SPAN_PARTS = frozenset({Part.YEAR, Part.AGE, Part.COMPANY})
_PERSONS = (Counted.PERSONS, Counted.TIMES)
_PERSON_PARTS = (Part.EMPLOYER, Part.DISTRICT, Part.SEX, Part.AGE)


class Known(RuleData):
    """What a register can be asked for."""

    counts: tuple[Counted, ...]
    parts: tuple[Part, ...]


def _known(counts: tuple[Counted, ...], *parts: Part) -> Known:
    return Known(counts=counts, parts=(*parts, Part.YEAR))


_P = Part
KNOWN: Mapping[Source, Known] = {
    Source.CONTESTS: _known((Counted.ROWS,), _P.TITLE, _P.LEVEL, _P.STATE),
    Source.EVENTS: _known(
        (Counted.ROWS,), _P.TITLE, _P.PROGRAMME, _P.OCCUPATION, _P.LEVEL, _P.STATE
    ),
    Source.ENTRIES: _known(
        (Counted.ROWS, Counted.EMPLOYERS, Counted.EVENTS),
        _P.EVENT, _P.PROGRAMME, _P.OCCUPATION, _P.LEVEL, _P.TIER, _P.EMPLOYER, _P.DISTRICT,
        _P.COMPANY, _P.STATE,
    ),
    Source.ENTRANTS: _known(
        (*_PERSONS, Counted.EMPLOYERS, Counted.EVENTS),
        _P.EVENT, _P.PROGRAMME, _P.OCCUPATION, _P.LEVEL, _P.TIER, _P.COMPANY, _P.STATE,
        *_PERSON_PARTS,
    ),
    Source.AWARDS: _known(
        (*_PERSONS, Counted.EMPLOYERS, Counted.EVENTS),
        _P.TITLE, _P.EVENT, _P.PROGRAMME, _P.OCCUPATION, _P.LEVEL, _P.TIER, _P.COMPANY,
        *_PERSON_PARTS,
    ),
    Source.HONOURS: _known(
        (*_PERSONS, Counted.EMPLOYERS),
        _P.TITLE, _P.LEVEL, _P.PROGRAMME, _P.EVENT, _P.KIND, _P.VIA, _P.COMPANY, *_PERSON_PARTS,
    ),
    Source.LEVELS: _known(
        _PERSONS, _P.LEVEL, _P.OCCUPATION, _P.VIA, _P.PROGRAMME, *_PERSON_PARTS
    ),
    Source.LEVEL_GRANTS: _known(
        (*_PERSONS, Counted.EVENTS),
        _P.LEVEL, _P.EVENT, _P.PROGRAMME, _P.OCCUPATION, _P.COMPANY, *_PERSON_PARTS,
    ),
    Source.CERTIFICATES: _known(
        (Counted.ROWS, Counted.PERSONS), _P.KIND, _P.PROGRAMME, _P.EVENT
    ),
    Source.WORKSHOPS: _known(
        (Counted.ROWS, Counted.EMPLOYERS),
        _P.LEVEL, _P.TITLE, _P.KIND, _P.HOST, _P.OCCUPATION, _P.EMPLOYER, _P.DISTRICT, _P.COMPANY,
    ),
    Source.MASTERS: _known(
        _PERSONS, _P.LEVEL, _P.KIND, _P.HOST, _P.OCCUPATION, _P.COMPANY, *_PERSON_PARTS
    ),
    Source.GRANTS: _known(
        (Counted.ROWS, Counted.SUM, Counted.EMPLOYERS),
        _P.LEVEL, _P.KIND, _P.HOST, _P.STATE, _P.EMPLOYER, _P.DISTRICT, _P.COMPANY,
    ),
    Source.MENTORSHIPS: _known(
        (*_PERSONS, Counted.EMPLOYERS), _P.OCCUPATION, _P.KIND, _P.STATE, *_PERSON_PARTS
    ),
    Source.PAYOUTS: _known(
        (Counted.ROWS, Counted.SUM, Counted.PERSONS, Counted.EMPLOYERS),
        _P.TITLE, _P.PROGRAMME, _P.KIND, _P.EVENT, _P.EMPLOYER,
    ),
    Source.APPLICATIONS: _known(
        (*_PERSONS, Counted.EMPLOYERS),
        _P.PROGRAMME, _P.TIER, _P.OCCUPATION, _P.STATE, _P.HOST, _P.COMPANY, *_PERSON_PARTS,
    ),
    Source.HOLDERS: _known(
        _PERSONS, _P.TITLE, _P.PROGRAMME, _P.TIER, _P.COMPANY, *_PERSON_PARTS
    ),
    Source.BENEFITS: _known(
        (Counted.ROWS, Counted.SUM, Counted.PERSONS),
        _P.TITLE, _P.PROGRAMME, _P.TIER, _P.KIND, _P.STATE, *_PERSON_PARTS,
    ),
    Source.NOMINATIONS: _known(
        (Counted.ROWS, Counted.PERSONS), _P.TITLE, _P.LEVEL, _P.PROGRAMME, _P.STATE, _P.EMPLOYER
    ),
    Source.PROVINCIAL_EVENTS: _known(
        (Counted.ROWS, Counted.TEAMS), _P.LEVEL, _P.PROGRAMME, _P.EVENT, _P.OCCUPATION, _P.KIND
    ),
    Source.PROVINCIAL_ENTRANTS: _known(
        (*_PERSONS, Counted.EVENTS, Counted.EMPLOYERS),
        _P.LEVEL, _P.PROGRAMME, _P.EVENT, _P.OCCUPATION, _P.KIND, _P.STATE, _P.TIER, _P.COMPANY,
        *_PERSON_PARTS,
    ),
    Source.PROVINCIAL_RESULTS: _known(
        (*_PERSONS, Counted.EVENTS, Counted.EMPLOYERS, Counted.BEST),
        _P.LEVEL, _P.PROGRAMME, _P.EVENT, _P.OCCUPATION, _P.KIND, _P.TITLE, _P.TIER, _P.COMPANY,
        *_PERSON_PARTS,
    ),
}  # fmt: skip

MOST_VALUES = 200
Words = Annotated[str, Field(min_length=1, max_length=160)]
Values = Annotated[tuple[Words, ...], Field(max_length=MOST_VALUES)]
Age = Annotated[int, Field(ge=0, le=120)]
Year = Annotated[int, Field(ge=1949, le=2200)]

NOT_COUNTED = N_("This register does not count that.")
NOT_ASKED = N_("This register does not know “%(part)s”, so it cannot be asked for it.")
YEARS = N_("The first year comes after the last one.")
DAYS = N_("The first day comes after the last one.")
AGES = N_("The lowest age is above the highest one.")
TWICE = N_("A part is named twice.")
EMPTY = N_("A condition names no value.")


class Question(RuleData):
    """What is asked of a register: the same question gives the same number of the same data.

    ``only`` keeps rows whose part is one of the values; a row whose day lies before ``from_on`` or
    after ``to_on`` is left out. With ``as_of`` the register is asked how it stood on that day: what
    came later does not count yet, and what ended later still does.
    """

    title: Annotated[str, Field(min_length=1, max_length=120)]
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    source: Source
    counted: Counted
    only: dict[Part, Values] = Field(default_factory=dict)
    from_year: Year | None = None
    to_year: Year | None = None
    from_on: date | None = None
    to_on: date | None = None
    from_age: Age | None = None
    to_age: Age | None = None
    company: bool | None = None
    splits: tuple[Part, ...] = ()
    as_of: date | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise InvalidRules(problems)
        return self

    def _problems(self) -> Iterator[Refused]:
        known = KNOWN[self.source]
        if self.counted not in known.counts:
            yield Refused(NOT_COUNTED, "counted")
        for part in self.asked():
            if part not in known.parts:
                yield Refused(NOT_ASKED, _field(part), part=part.value)
        pairs: tuple[tuple[Any, Any, str, str], ...] = (
            (self.from_year, self.to_year, YEARS, "from_year"),
            (self.from_on, self.to_on, DAYS, "from_on"),
            (self.from_age, self.to_age, AGES, "from_age"),
        )
        for first, last, message, field in pairs:
            if first is not None and last is not None and first > last:
                yield Refused(message, field)
        if len(set(self.splits)) < len(self.splits):
            yield Refused(TWICE, "splits")
        if any(not values for values in self.only.values()) or SPAN_PARTS & {*self.only}:
            yield Refused(EMPTY, "only")

    def asked(self) -> list[Part]:
        """List the parts that the question asks for, in conditions or splits."""
        found = [*self.only, *self.splits]
        if self.from_age is not None or self.to_age is not None:
            found.append(Part.AGE)
        if self.company is not None:
            found.append(Part.COMPANY)
        if self.from_year is not None or self.to_year is not None:
            found.append(Part.YEAR)
        return list(dict.fromkeys(found))

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states that count, or none where all do."""
        return self.only.get(Part.STATE) or USUAL_STATES.get(self.source, ())

    @property
    def needs_ages(self) -> bool:
        """Say whether birth dates must be read, which are encrypted."""
        return Part.AGE in self.asked()

    def on(self, day: date) -> "Question":
        """Return the question about how things stood on a day, unless it names one itself."""
        return self if self.as_of is not None else self.model_copy(update={"as_of": day})


def _field(part: Part) -> str:
    return {Part.COMPANY: "company", Part.AGE: "from_age", Part.YEAR: "from_year"}.get(
        part, part.value
    )


class Bound(StrEnum):
    """What a typed number says: just so many, at least, at most, more than, about."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    ABOUT = "about"


class TypedPart(RuleData):
    """An of-which number of a typed figure."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    number: Number


class Typed(RuleData):
    """A number that no register holds, such as a plan or a rate: always shown as typed."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    number: Number
    bound: Bound = Bound.EXACTLY
    parts: Annotated[tuple[TypedPart, ...], Field(max_length=20)] = ()
    # The paper that says so, and the day that it speaks of.
    document: Annotated[str, Field(min_length=1, max_length=200)]
    as_of: date | None = None


Asked = Question | Typed


def kind_of(asked: Asked) -> FigureKind:
    """Say whether something is counted or typed."""
    return FigureKind.COUNTED if isinstance(asked, Question) else FigureKind.TYPED


def read_asked(kind: FigureKind, data: Mapping[str, Any]) -> Asked:
    """Return a stored question or typed figure; raise for what is neither."""
    model: type[Asked] = Question if kind is FigureKind.COUNTED else Typed
    return model.model_validate(dict(data))


def shown_number(value: Decimal) -> str:
    """Write a number as replies do: whole numbers plainly, money with the fen that it has."""
    text = format(value.quantize(Decimal("0.01")), "f")
    return text.removesuffix(".00")
