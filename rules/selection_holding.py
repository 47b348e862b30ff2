"""Whether a candidate fulfils a condition: yes, no, or not known yet (R5.07, R5.08, R5.14)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from rules import selection_conditions as conditions
from rules.ages import age_on
from rules.honours import HonourLevel, is_at_least
from rules.selection_conditions import Condition
from rules.selection_facts import Facts

# Yes, no, or not known yet.
Known = bool | None


def holds(condition: Condition, facts: Facts, day: date) -> Known:
    """Say whether a candidate fulfils a condition on a day; None: not known yet."""
    return _ASKED[condition.kind](condition, facts, day)


def all_hold(asked: Iterable[Condition], facts: Facts, day: date) -> Known:
    """Say whether all conditions hold: one that fails decides, then one that is not known."""
    return all_of([holds(one, facts, day) for one in asked])


def all_of(found: Sequence[Known]) -> Known:
    """Return what several answers are together, if all must be yes."""
    return False if False in found else None if None in found else True


def any_of(found: Sequence[Known]) -> Known:
    """Return what several answers are together, if one yes is enough."""
    return True if True in found else None if None in found else False


def years_before(day: date, years: int) -> date:
    """Return the same day so many years before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def full_months(since: date, day: date) -> int:
    """Return the full months from a day to another; 31 January to 28 February is one."""
    months = (day.year - since.year) * 12 + day.month - since.month
    tomorrow_is_next = (day.toordinal() + 1, 1) == (_next_month(day).toordinal(), 1)
    return months - (day.day < since.day and not tomorrow_is_next)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def in_window(on: date | None, years: int | None, day: date) -> Known:
    """Say whether something dated counts on a day: not after it, and within so many years (R5.14).

    What happened on the same day so many years before still counts.
    """
    if on is None:
        return True if years is None else None
    return on <= day and (years is None or on >= years_before(day, years))


def reaches(level: HonourLevel | None, wanted: HonourLevel | None) -> Known:
    """Say whether a level is high enough; one that was not entered is not known."""
    if wanted is None:
        return True
    return None if level is None else is_at_least(level, wanted)


def _in_trade(asked: conditions.InTrade, facts: Facts, day: date) -> Known:
    return None if facts.trade_since is None else age_on(facts.trade_since, day) >= asked.years


def _local(asked: conditions.Local, facts: Facts, day: date) -> Known:
    return (
        None if facts.local_since is None else full_months(facts.local_since, day) >= asked.months
    )


def _level(asked: conditions.Level, facts: Facts, day: date) -> Known:
    return None if facts.level is None else facts.level <= asked.level


def _age(asked: conditions.Age, facts: Facts, day: date) -> Known:
    if facts.birth_date is None:
        return None
    age = age_on(facts.birth_date, asked.on or day)
    least, most = asked.at_least, asked.at_most
    return (least is None or age >= least) and (most is None or age <= most)


def _before_retirement(asked: conditions.BeforeRetirement, facts: Facts, day: date) -> Known:
    if facts.retires_on is None:
        return None
    return years_before(facts.retires_on, asked.years) >= day


def _works(asked: conditions.Works, facts: Facts, day: date) -> Known:
    return all_of([_among(facts.post, asked.posts), _among(facts.unit_kind, asked.units)])


def _among(value: Any, wanted: Sequence[Any]) -> Known:
    if not wanted:
        return True
    return None if value is None else value in wanted


def _occupation(asked: conditions.Occupation, facts: Facts, day: date) -> Known:
    if not facts.occupation.strip():
        return None
    return any(word in facts.occupation for word in asked.words)


def _bears(asked: conditions.Bears, facts: Facts, day: date) -> Known:
    return any_of(
        [
            all_of(
                [
                    not asked.titles or one.title in asked.titles,
                    reaches(one.level, asked.level),
                    in_window(one.granted_on, asked.within_years, day),
                ]
            )
            for one in facts.honours
        ]
    )


def _placed(asked: conditions.Placed, facts: Facts, day: date) -> Known:
    return any_of(
        [
            all_of(
                [
                    reaches(one.level, asked.level),
                    None if one.rank is None else one.rank <= asked.rank,
                    in_window(one.on, asked.within_years, day),
                ]
            )
            for one in facts.placings
        ]
    )


def _shows(asked: conditions.Shows, facts: Facts, day: date) -> Known:
    answers = [
        all_of([reaches(one.level, asked.level), in_window(one.on, asked.within_years, day)])
        for one in facts.evidence
        if one.kind in asked.kinds
    ]
    return _enough(answers, asked.count)


def _enough(answers: Sequence[Known], wanted: int) -> Known:
    sure = answers.count(True)
    if sure >= wanted:
        return True
    return None if sure + answers.count(None) >= wanted else False


def taught(asked: conditions.Taught, facts: Facts, day: date) -> int:
    """Count the distinct people that somebody taught, as a condition asks for them."""
    return len(
        {
            one.person_id
            for one in facts.apprentices
            if (one.passed or not asked.passed) and in_window(one.on, asked.within_years, day)
        }
    )


def _taught(asked: conditions.Taught, facts: Facts, day: date) -> Known:
    return taught(asked, facts, day) >= asked.persons


def _supported(asked: conditions.Supported, facts: Facts, day: date) -> Known:
    return None if facts.support_percent is None else facts.support_percent >= asked.percent


def _declares(asked: conditions.Declares, facts: Facts, day: date) -> Known:
    answer = facts.answers.get(asked.field, "")
    return answer in asked.answers if answer else None


def _sex(asked: conditions.Sex, facts: Facts, day: date) -> Known:
    return None if facts.sex is None else facts.sex == asked.sex


def _district(asked: conditions.District, facts: Facts, day: date) -> Known:
    return facts.district in asked.districts if facts.district else None


def _came(asked: conditions.Came, facts: Facts, day: date) -> Known:
    return None if facts.channel is None else facts.channel in asked.channels


def _barred(asked: conditions.Barred, facts: Facts, day: date) -> Known:
    return any(bar.until >= day for bar in facts.bars)


def _holds(asked: conditions.Holds, facts: Facts, day: date) -> Known:
    programme = asked.programme or facts.programme
    return any(
        one.programme == programme
        and (not asked.tiers or one.tier in asked.tiers)
        and one.since <= years_before(day, asked.years)
        for one in facts.tiers
    )


_ASKED: dict[str, Callable[[Any, Facts, date], Known]] = {
    "in_trade": _in_trade,
    "local": _local,
    "level": _level,
    "age": _age,
    "before_retirement": _before_retirement,
    "works": _works,
    "occupation": _occupation,
    "bears": _bears,
    "placed": _placed,
    "shows": _shows,
    "taught": _taught,
    "supported": _supported,
    "declares": _declares,
    "sex": _sex,
    "district": _district,
    "came": _came,
    "barred": _barred,
    "holds": _holds,
}
