"""What one superior's contest decides, as data: who may start, changes, medals, prizes, forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.ages import age_on
from rules.data import InvalidRules, Number, RuleData
from rules.provincial import ChangeRule, EntrantStatus, EventFormat, Medal
from rules.refusals import Refused
from rules.texts import N_


class FormField(StrEnum):
    """What a column of an entry form may hold."""

    ORDER = "order"
    EVENT = "event"
    FORMAT = "format"
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMPLOYER = "employer"
    STATUS = "status"
    OCCUPATION = "occupation"
    LEVEL = "level"
    COACHES = "coaches"
    COACH_PHONES = "coach_phones"
    REFERENCE = "reference"
    REMARK = "remark"


class FormColumn(RuleData):
    """One column of the organiser's entry form, and whether it must be filled."""

    field: FormField
    heading: str = Field(min_length=1, max_length=40)
    needed: bool = False


DEFAULT_COLUMNS = (
    FormColumn(field=FormField.ORDER, heading="序号"),
    FormColumn(field=FormField.EVENT, heading="参赛项目", needed=True),
    FormColumn(field=FormField.NAME, heading="选手姓名", needed=True),
    FormColumn(field=FormField.SEX, heading="性别", needed=True),
    FormColumn(field=FormField.ID_NUMBER, heading="身份证号", needed=True),
    FormColumn(field=FormField.PHONE, heading="联系电话", needed=True),
    FormColumn(field=FormField.EMPLOYER, heading="工作单位", needed=True),
    FormColumn(field=FormField.STATUS, heading="组别", needed=True),
    FormColumn(field=FormField.COACHES, heading="教练（指导教师）"),
    FormColumn(field=FormField.REFERENCE, heading="参赛编号"),
)


class CityPrize(RuleData):
    """What the city pays for a result: by rank, by medal, or by the name of the prize (R1.33).

    The coach team gets ``coach_amount``; with ``coach_alike`` the same as the entrants (R4.05). The
    first prize of the list that fits a result counts.
    """

    key: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    title: str = Field(min_length=1, max_length=60)
    rank_from: int | None = Field(default=None, ge=1, le=999)
    rank_to: int | None = Field(default=None, ge=1, le=999)
    medal: Medal | None = None
    prize: str = Field(default="", max_length=40)
    formats: frozenset[EventFormat] = frozenset()
    amount: Number = Decimal(0)
    coach_alike: bool = False
    coach_amount: Number = Decimal(0)

    @property
    def for_coaches(self) -> Decimal:
        """Return what the coaches of an entry get together."""
        return self.amount if self.coach_alike else self.coach_amount


class ExternalHonour(RuleData):
    """A title that a place in the contest gives, such as 省技术能手, by format (R4.17)."""

    title: str = Field(min_length=1, max_length=60)
    granted_by: str = Field(default="", max_length=60)
    to_rank: Mapping[EventFormat, int] = Field(default_factory=dict)
    statuses: frozenset[EntrantStatus] = frozenset({EntrantStatus.STAFF, EntrantStatus.TEACHER})
    only_demonstration: bool = False


class ProvincialRules(RuleData):
    """The rules of one contest.

    ``former`` says what bars those who bear one of ``barred_titles``: nothing, being out of
    competition, or not starting at all (R1.26). ``training_days`` is how often somebody must have
    been at the training to be named. ``notice`` says whether the city's prizes are put up for
    objections before they are paid.
    """

    minimum_age: int = Field(default=16, ge=0, le=100)
    maximum_age: int | None = Field(default=None, ge=16, le=100)
    age_on: date | None = None
    statuses: frozenset[EntrantStatus] = frozenset(EntrantStatus)
    barred_titles: tuple[str, ...] = Field(default=(), max_length=30)
    former: Literal["start", "out_of_competition", "barred"] = "barred"
    most_events: int = Field(default=1, ge=1, le=10)
    most_coaches: int = Field(default=2, ge=0, le=10)
    training_days: int = Field(default=0, ge=0, le=200)
    changes_until: date | None = None
    changes_need_proof: bool = True
    changes_most: int | None = Field(default=None, ge=0, le=100)
    withdraw_always: bool = True
    short_teams: bool = False
    medal_points: Mapping[Medal, int] = Field(
        default_factory=lambda: {
            Medal.GOLD: 4,
            Medal.SILVER: 3,
            Medal.BRONZE: 2,
            Medal.MEDALLION: 1,
        }
    )
    prizes: tuple[CityPrize, ...] = Field(default=(), max_length=40)
    honours: tuple[ExternalHonour, ...] = Field(default=(), max_length=20)
    amount_basis: Literal["gross", "net"] = "gross"
    notice: bool = True
    columns: tuple[FormColumn, ...] = Field(default=DEFAULT_COLUMNS, min_length=1, max_length=30)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*rule_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    @property
    def change_rule(self) -> ChangeRule:
        """Return what the rules say about changes of an entry that was sent."""
        return ChangeRule(
            self.changes_until, self.changes_need_proof, self.changes_most, self.withdraw_always
        )


def rule_problems(rules: ProvincialRules) -> Iterator[Refused]:
    """Yield what contradicts itself in the rules of a superior's contest."""
    if rules.maximum_age is not None and rules.maximum_age < rules.minimum_age:
        yield Refused(N_("The highest age must not lie below the minimum age."), "maximum_age")
    keys = [one.key for one in rules.prizes]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Refused(N_("The key %(key)s stands twice in one list."), "prizes", key=key)
    for one in rules.prizes:
        yield from _prize_problems(one)
    if any(points < 0 for points in rules.medal_points.values()):
        yield Refused(N_("Medal points cannot be below 0."), "medal_points")


def _prize_problems(one: CityPrize) -> Iterator[Refused]:
    if one.amount < 0 or one.coach_amount < 0:
        text = N_("The amount of %(tier)s cannot be below 0.")
        yield Refused(text, "prizes", tier=one.title)
    if one.rank_from is None and one.rank_to is None and one.medal is None and not one.prize:
        text = N_("%(title)s: say for which ranks, medal or prize it is paid.")
        yield Refused(text, "prizes", title=one.title)
    if one.rank_to is not None and one.rank_to < (one.rank_from or 1):
        yield Refused(N_("%(title)s: the last rank lies before the first."), "prizes",
                      title=one.title)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result as far as prizes and titles are concerned."""

    format: EventFormat
    rank: int | None = None
    medal: Medal | None = None
    prize: str = ""
    is_demonstration: bool = False


def prize_of(rules: ProvincialRules, outcome: Outcome) -> CityPrize | None:
    """Return the city's prize for a result, or None (R1.33)."""
    return next((one for one in rules.prizes if _fits(one, outcome)), None)


def _fits(one: CityPrize, outcome: Outcome) -> bool:
    if one.formats and outcome.format not in one.formats:
        return False
    if one.medal is not None and one.medal is not outcome.medal:
        return False
    if one.prize and one.prize != outcome.prize:
        return False
    if one.rank_from is None and one.rank_to is None:
        return True
    first, last = one.rank_from or 1, one.rank_to or 10**6
    return outcome.rank is not None and first <= outcome.rank <= last


def titles_of(
    rules: ProvincialRules, outcome: Outcome, status: EntrantStatus
) -> list[ExternalHonour]:
    """Return the titles that a result gives to somebody of this status (R4.17)."""
    return [
        one
        for one in rules.honours
        if status in one.statuses
        and outcome.rank is not None
        and outcome.rank <= one.to_rank.get(outcome.format, 0)
        and (not one.only_demonstration or outcome.is_demonstration)
    ]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person of a slot, as far as eligibility and forms ask for it."""

    name: str
    birth_date: date | None
    status: EntrantStatus
    titles: frozenset[str] = frozenset()
    events: int = 1
    values: Mapping[FormField, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A person or team in an event, as it stands before a form is sent."""

    event: str
    format: EventFormat
    entrants: Sequence[Entrant]
    coaches: int = 0
    division: EntrantStatus | None = None


def entrant_problems(
    rules: ProvincialRules, entrant: Entrant, division: EntrantStatus | None, today: date
) -> Iterator[Refused]:
    """Yield why somebody may not start (R1.24, R1.26), each reason once."""
    yield from _age_problems(rules, entrant, rules.age_on or today)
    if entrant.status not in rules.statuses or division not in (None, entrant.status):
        yield Refused(N_("%(name)s is not of the division of this event."), name=entrant.name)
    barred = sorted(entrant.titles & {*rules.barred_titles})
    if barred and rules.former == "barred":
        text = N_("%(name)s bears the title %(title)s already and may not start again.")
        yield Refused(text, name=entrant.name, title="、".join(barred))
    if entrant.events > rules.most_events:
        text = N_("%(name)s stands in %(count)s events; %(most)s are allowed.")
        yield Refused(text, name=entrant.name, count=entrant.events, most=rules.most_events)


def _age_problems(rules: ProvincialRules, entrant: Entrant, day: date) -> Iterator[Refused]:
    if entrant.birth_date is None:
        yield Refused(N_("The birth date of %(name)s is not known."), name=entrant.name)
        return
    age = age_on(entrant.birth_date, day)
    if age < rules.minimum_age or (rules.maximum_age is not None and age > rules.maximum_age):
        text = N_("%(name)s is %(age)s years old on %(day)s, outside the ages of this contest.")
        yield Refused(text, name=entrant.name, age=age, day=day.isoformat())


def out_of_competition(rules: ProvincialRules, entrant: Entrant) -> bool:
    """Say whether a former winner starts without getting anything (R1.26)."""
    return rules.former == "out_of_competition" and bool(entrant.titles & {*rules.barred_titles})


def place_problems(
    rules: ProvincialRules, place: Place, size: int, today: date
) -> Iterator[Refused]:
    """Yield everything that is lacking in one place of the form, not only the first."""
    count = len(place.entrants)
    if count > size or (count < size and not (rules.short_teams and count)):
        text = N_("%(event)s: %(count)s of %(size)s members are there.")
        yield Refused(text, event=place.event, count=count, size=size)
    if place.coaches > rules.most_coaches:
        text = N_("%(event)s: %(count)s coaches, at most %(most)s are allowed.")
        yield Refused(text, event=place.event, count=place.coaches, most=rules.most_coaches)
    for entrant in place.entrants:
        yield from entrant_problems(rules, entrant, place.division, today)
        for column in rules.columns:
            if column.needed and not entrant.values.get(column.field, "").strip():
                text = N_("%(event)s, %(name)s: %(column)s is missing.")
                yield Refused(text, event=place.event, name=entrant.name, column=column.heading)
