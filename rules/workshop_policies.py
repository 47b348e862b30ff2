"""What a place has decided about its workshops, as dated data: hardly a number is national (R6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.data import Number, RuleData, plain
from rules.refusals import Refused
from rules.texts import N_
from rules.workshop_sheets import Sheet, hangzhou_sheet
from rules.workshops import GrantKind, WorkshopLevel

LEVEL_ONE = 1
# A day that every year has.
_DAY = r"^(02-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(0[1-9]|[12]\d|30)|(0[13578]|1[02])-31)$"
Levels = tuple[WorkshopLevel, ...]


class GrantLine(RuleData):
    """An amount for one kind of grant, for days from one to another; no level means every level."""

    kind: GrantKind
    level: WorkshopLevel | None = None
    from_level: WorkshopLevel | None = None
    amount: Number = Field(gt=0)
    from_on: date
    until: date | None = None
    basis: str = Field(default="", max_length=160)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.from_on:
            raise ValueError(N_("The last day lies before the first."))
        return self


class LeaderRule(RuleData):
    """Who may lead at these levels (no level: at all): any one of the conditions is enough."""

    levels: Levels = ()
    held_level: int | None = Field(default=LEVEL_ONE, ge=1, le=5)
    titles: tuple[str, ...] = ()
    renown: bool = True


class Duty(RuleData):
    """How many people a workshop must teach, in a year or in a whole term (R6.08)."""

    levels: Levels = ()
    span: Literal["year", "term"]
    counted: Literal["apprentices", "trained", "highly_skilled"]
    least: int = Field(ge=1, le=1000)


class Policy(RuleData):
    """All that is decided about workshops from a day on.

    A company's name needs ``company_masters`` qualified people (R6.01). Who applies has a room,
    equipment, own rules, a plan, and an agreement with each of ``least_apprentices`` or more
    apprentices (R6.03); applications come in between ``apply_from`` and ``apply_until`` of a year
    (month-day, empty: always; R6.02). A step up goes one level, ``step_up_months`` after the last,
    with all reports accepted.
    A term lasts ``term_years``; the report of a year is due on ``report_due`` of the next one, for
    years in which the workshop stood ``report_least_days``, and is looked at within
    ``report_check_days``. Grades are due on ``grades_due``; ``excellent_percent`` of those graded
    may be excellent, rounded down (R6.07). A term is assessed within ``assess_days`` of its last
    day and no earlier than ``assess_early_days`` before it. Who fails is barred ``bar_years``
    (R6.06): the leader, the host, or both. A leader who is gone is replaced within ``change_days``
    (R6.12). ``remind_days`` before a day people are reminded.
    """

    grants: tuple[GrantLine, ...] = Field(default=(), max_length=60)
    step_up_otherwise: Literal["nothing", "difference"] = "difference"
    leaders: tuple[LeaderRule, ...] = Field(default=(LeaderRule(),), min_length=1, max_length=8)
    company_masters: int = Field(default=2, ge=1, le=20)
    one_for_a_leader: bool = True
    least_apprentices: int = Field(default=1, ge=0, le=100)
    room: bool = True
    equipment: bool = True
    own_rules: bool = True
    plan: bool = True
    agreements: bool = True
    apply_from: str = Field(default="", pattern=rf"^$|{_DAY}")
    apply_until: str = Field(default="", pattern=rf"^$|{_DAY}")
    step_up_months: int = Field(default=12, ge=0, le=120)
    term_years: int = Field(default=3, ge=1, le=10)
    report_due: str = Field(default="01-31", pattern=_DAY)
    report_least_days: int = Field(default=90, ge=1, le=366)
    report_check_days: int = Field(default=30, ge=1, le=366)
    grades_due: str = Field(default="04-30", pattern=_DAY)
    excellent_percent: Number = Field(default=Decimal(20), ge=0, le=100)
    assess_days: int = Field(default=60, ge=1, le=366)
    assess_early_days: int = Field(default=60, ge=0, le=366)
    bar_years: int = Field(default=6, ge=0, le=20)
    bars: tuple[Literal["leader", "host"], ...] = ("leader", "host")
    change_days: int = Field(default=60, ge=1, le=366)
    notice_days: int = Field(default=5, ge=1, le=60)
    notice_counts_first_day: bool = False
    duties: tuple[Duty, ...] = Field(default=(), max_length=20)
    remind_days: tuple[int, ...] = Field(default=(30, 7), max_length=6)
    sheet: Sheet = Field(default_factory=hangzhou_sheet)


NATIONAL_TITLES = ("中华技能大奖", "全国技术能手", "享受国务院政府特殊津贴")
OTHER_TITLES = ("省技术能手", "浙江省技术能手", "工艺美术大师")
_2012, _2019 = date(2012, 1, 1), date(2019, 1, 1)
_COUNTY, _CITY, _PROVINCE, _NATION = tuple(WorkshopLevel)


def _grant(
    level: WorkshopLevel | None,
    amount: int,
    from_on: date = _2012,
    until: date | None = None,
    kind: GrantKind = GrantKind.FOUNDING,
    basis: str = "",
) -> GrantLine:
    return GrantLine(
        kind=kind, level=level, amount=Decimal(amount), from_on=from_on, until=until, basis=basis
    )


def shipped_policy() -> Policy:
    """Return the rules that ship: published amounts and duties, to be replaced by a place's own."""
    before = date(2018, 12, 31)
    return Policy(
        grants=(
            _grant(_COUNTY, 30_000, basis="桐庐县办法"),
            _grant(_CITY, 50_000, until=before, basis="厦门市2016年办法"),
            _grant(_CITY, 80_000, _2019, basis="厦门市2019年办法"),
            _grant(_PROVINCE, 100_000, until=before, basis="山西省、福建省办法"),
            _grant(_PROVINCE, 200_000, _2019, basis="三门峡市公布数"),
            _grant(_NATION, 100_000, until=before, basis="国家级技能大师工作室建设（2012—2013年）"),
            _grant(_NATION, 200_000, _2019, basis="山西省2019年办法"),
            _grant(_PROVINCE, 50_000, kind=GrantKind.STEP_UP, basis="义乌市办法"),
            _grant(_NATION, 200_000, kind=GrantKind.STEP_UP, basis="山西省2019年办法"),
            _grant(None, 10_000, kind=GrantKind.EXCELLENT, basis="桐庐县办法"),
        ),
        leaders=(
            LeaderRule(levels=(_NATION,), titles=NATIONAL_TITLES, renown=False),
            LeaderRule(titles=NATIONAL_TITLES + OTHER_TITLES),
        ),
        duties=(
            Duty(span="year", counted="apprentices", least=10),
            Duty(span="year", counted="highly_skilled", least=3),
            Duty(span="term", counted="highly_skilled", least=5),
        ),
    )


def add_years(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def term_end(policy: Policy, starts_on: date) -> date:
    """Return the last day of a term (R6.06: January 2019 to December 2021)."""
    return add_years(starts_on, policy.term_years) - timedelta(days=1)


def bar_end(policy: Policy, day: date) -> date:
    """Return the last day of a bar that begins on a day (R6.06)."""
    return add_years(day, policy.bar_years) - timedelta(days=1)


def on_day(year: int, month_day: str) -> date:
    """Return a month-day of a year."""
    return date.fromisoformat(f"{year}-{month_day}")


def leader_rule(policy: Policy, level: WorkshopLevel) -> LeaderRule:
    """Return the first rule for leaders that fits a level; with none, the last one."""
    fitting = (rule for rule in policy.leaders if not rule.levels or level in rule.levels)
    return next(fitting, policy.leaders[-1])


def duties_of(policy: Policy, level: WorkshopLevel) -> tuple[Duty, ...]:
    """Return the duties at a level."""
    return tuple(one for one in policy.duties if not one.levels or level in one.levels)


def excellent_places(policy: Policy, graded: int) -> int:
    """Return how many may be excellent: a share of those graded, rounded down (R6.07)."""
    return int(graded * policy.excellent_percent // 100)


class Amount(RuleData):
    """An amount with the line of the rules that gives it."""

    amount: Decimal
    basis: str


def grant_amount(
    policy: Policy,
    kind: GrantKind,
    level: WorkshopLevel,
    day: date,
    from_level: WorkshopLevel | None = None,
) -> Amount | None:
    """Return what a grant of this kind is on a day, or None where the rules give nothing (R6.04).

    Of lines that fit, one that names the level before counts first, then the one that began last.
    A step up without a line brings what the higher level is more than the lower, if it is said so.
    """
    fitting = [line for line in policy.grants if _fits(line, kind, level, day, from_level)]
    if fitting:
        best = max(fitting, key=lambda line: (line.from_level is not None, line.from_on))
        return Amount(amount=best.amount, basis=best.basis)
    if kind is GrantKind.STEP_UP and from_level and policy.step_up_otherwise == "difference":
        upper = grant_amount(policy, GrantKind.FOUNDING, level, day)
        lower = grant_amount(policy, GrantKind.FOUNDING, from_level, day)
        if upper and lower and upper.amount > lower.amount:
            text = f"{plain(upper.amount)} - {plain(lower.amount)}"
            return Amount(amount=upper.amount - lower.amount, basis=text)
    return None


def _fits(
    line: GrantLine,
    kind: GrantKind,
    level: WorkshopLevel,
    day: date,
    from_level: WorkshopLevel | None,
) -> bool:
    return (
        line.kind is kind
        and line.level in {None, level}
        and line.from_level in {None, from_level}
        and line.from_on <= day
        and (line.until is None or day <= line.until)
    )


def policy_problems(policy: Policy) -> Iterator[Refused]:
    """Yield why rules do not hold together: two amounts for the same day."""
    lines = policy.grants
    for place, one in enumerate(lines):
        for other in lines[place + 1 :]:
            if _same_place(one, other) and one.from_on == other.from_on:
                text = N_("Two amounts for the same grant begin on %(day)s.")
                yield Refused(text, "rules", day=one.from_on)
    if bool(policy.apply_from) != bool(policy.apply_until):
        yield Refused(N_("Give both days between which applications come in, or none."), "rules")


def _same_place(one: GrantLine, other: GrantLine) -> bool:
    return (one.kind, one.level, one.from_level) == (other.kind, other.level, other.from_level)


def window_problem(policy: Policy, today: date) -> Refused | None:
    """Say why no application can be handed in on this day of the year (R6.02)."""
    if not policy.apply_from:
        return None
    first, last = on_day(today.year, policy.apply_from), on_day(today.year, policy.apply_until)
    if first <= today <= last:
        return None
    return Refused(N_("Applications come in from %(first)s to %(last)s."), first=first, last=last)
