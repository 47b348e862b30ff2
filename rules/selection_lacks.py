"""What a candidate lacks for a condition: what is asked for, and what there is so far."""

from collections.abc import Callable
from datetime import date
from typing import Any

from rules import selection_conditions as conditions
from rules.ages import age_on
from rules.data import plain
from rules.refusals import Refused
from rules.selection_conditions import Condition
from rules.selection_facts import Facts
from rules.selection_holding import full_months, holds, taught
from rules.texts import N_


def lacks(condition: Condition, facts: Facts, day: date) -> Refused:
    """Say what is missing for a condition that does not hold, or is not known yet."""
    return _LACKS[condition.kind](condition, facts, day)


def leans_on_typed(condition: Condition, facts: Facts, day: date) -> bool:
    """Say whether a condition that holds would not hold without what was only typed."""
    return not holds(condition, facts.verified(), day)


def _in_trade(asked: conditions.InTrade, facts: Facts, day: date) -> Refused:
    if facts.trade_since is None:
        return Refused(N_("Enter since when the trade is practised."), "trade_since")
    years, months = divmod(max(0, full_months(facts.trade_since, day)), 12)
    return Refused(
        N_("Needs %(wanted)s years in the trade; %(years)s years and %(months)s months so far."),
        "trade_since",
        wanted=asked.years,
        years=years,
        months=months,
    )


def _local(asked: conditions.Local, facts: Facts, day: date) -> Refused:
    if facts.local_since is None:
        return Refused(N_("Enter since when the work here goes on without a break."), "local_since")
    return Refused(
        N_("Needs %(wanted)s months of work here; %(months)s so far."),
        "local_since",
        wanted=asked.months,
        months=max(0, full_months(facts.local_since, day)),
    )


def _level(asked: conditions.Level, facts: Facts, day: date) -> Refused:
    wanted = _skill(asked.level)
    if facts.level is None:
        text = N_("Needs “%(wanted)s” or higher; no skill level is known. Add the certificate.")
        return Refused(text, "evidence", wanted=wanted)
    text = N_("Needs “%(wanted)s” or higher; the highest known is “%(held)s”.")
    return Refused(text, "evidence", wanted=wanted, held=_skill(facts.level))


_SKILLS = {
    1: N_("Level 1, senior technician"),
    2: N_("Level 2, technician"),
    3: N_("Level 3, senior worker"),
    4: N_("Level 4, intermediate worker"),
    5: N_("Level 5, junior worker"),
}


def _skill(level: int) -> Refused:
    return Refused(_SKILLS[level])


def _age(asked: conditions.Age, facts: Facts, day: date) -> Refused:
    if facts.birth_date is None:
        return Refused(N_("The register of people has no birth date."))
    on = asked.on or day
    params: dict[str, Any] = {"age": age_on(facts.birth_date, on), "day": on.isoformat()}
    if asked.at_most is None:
        text = N_("Needs an age of at least %(least)s on %(day)s; it is %(age)s.")
        return Refused(text, least=asked.at_least, **params)
    if asked.at_least is None:
        text = N_("Needs an age of at most %(most)s on %(day)s; it is %(age)s.")
        return Refused(text, most=asked.at_most, **params)
    text = N_("Needs an age of %(least)s to %(most)s on %(day)s; it is %(age)s.")
    return Refused(text, least=asked.at_least, most=asked.at_most, **params)


def _before_retirement(asked: conditions.BeforeRetirement, facts: Facts, day: date) -> Refused:
    if facts.retires_on is None:
        return Refused(N_("Enter the statutory day of retirement."), "retires_on")
    months = max(0, full_months(day, facts.retires_on))
    return Refused(
        N_(
            "Needs %(wanted)s years before retirement; "
            "%(years)s years and %(months)s months are left."
        ),
        "retires_on",
        wanted=asked.years,
        years=months // 12,
        months=months % 12,
    )


def _works(asked: conditions.Works, facts: Facts, day: date) -> Refused:
    if asked.posts and facts.post is None:
        return Refused(N_("Choose the post."), "post")
    if asked.units and facts.unit_kind is None:
        return Refused(N_("Choose the kind of unit."), "unit_kind")
    if asked.posts and facts.post not in asked.posts:
        text = N_("Needs one of these posts: %(wanted)s; it is “%(held)s”.")
        return Refused(text, "post", wanted=asked.posts, held=facts.post)
    text = N_("Needs a unit of this kind: %(wanted)s; it is “%(held)s”.")
    return Refused(text, "unit_kind", wanted=asked.units, held=facts.unit_kind)


def _occupation(asked: conditions.Occupation, facts: Facts, day: date) -> Refused:
    if not facts.occupation.strip():
        return Refused(N_("Enter the occupation."), "occupation")
    text = N_("Needs an occupation of these fields: %(wanted)s; it is “%(held)s”.")
    return Refused(text, "occupation", wanted=asked.words, held=facts.occupation)


def _window(years: int | None, day: date) -> Refused:
    if years is None:
        return Refused(N_("at any time"))
    return Refused(N_("within %(years)s years before %(day)s"), years=years, day=day.isoformat())


def _bears(asked: conditions.Bears, facts: Facts, day: date) -> Refused:
    if holds(asked, facts, day) is None:
        return Refused(N_("A title that was entered has no date or no level yet."), "evidence")
    window = _window(asked.within_years, day)
    params: dict[str, object] = {"window": window, "wanted": asked.titles}
    if asked.level is None:
        text = N_("Needs one of these titles: %(wanted)s (%(window)s).")
        return Refused(text, "evidence", **params)
    params["level"] = asked.level
    if not asked.titles:
        text = N_("Needs a title of this level or higher: %(level)s (%(window)s).")
        return Refused(text, "evidence", **params)
    text = N_(
        "Needs one of these titles: %(wanted)s, of this level or higher: %(level)s (%(window)s)."
    )
    return Refused(text, "evidence", **params)


def _placed(asked: conditions.Placed, facts: Facts, day: date) -> Refused:
    if holds(asked, facts, day) is None:
        text = N_("A contest that was entered has no date, level or place yet.")
        return Refused(text, "evidence")
    text = N_(
        "Needs a place among the first %(rank)s of a contest of this level or higher: "
        "%(level)s (%(window)s)."
    )
    window = _window(asked.within_years, day)
    return Refused(text, "evidence", rank=asked.rank, level=asked.level, window=window)


def _shows(asked: conditions.Shows, facts: Facts, day: date) -> Refused:
    if holds(asked, facts, day) is None:
        return Refused(N_("An achievement that was entered has no date or no level."), "evidence")
    one = asked.model_copy(update={"count": 1})
    count = sum(
        bool(holds(one, Facts(evidence=(proof,)), day))
        for proof in facts.evidence
        if proof.kind in asked.kinds
    )
    params: dict[str, object] = {"wanted": asked.count, "kinds": asked.kinds, "count": count}
    window = _window(asked.within_years, day)
    if asked.level is None:
        text = N_("Needs %(wanted)s of these: %(kinds)s (%(window)s); %(count)s so far.")
        return Refused(text, "evidence", window=window, **params)
    text = N_(
        "Needs %(wanted)s of these: %(kinds)s, of this level or higher: %(level)s (%(window)s); "
        "%(count)s so far."
    )
    return Refused(text, "evidence", window=window, level=asked.level, **params)


def _taught(asked: conditions.Taught, facts: Facts, day: date) -> Refused:
    text = (
        N_("Needs %(wanted)s apprentices who passed (%(window)s); the register knows %(count)s.")
        if asked.passed
        else N_("Needs %(wanted)s apprentices (%(window)s); the register knows %(count)s.")
    )
    window, count = _window(asked.within_years, day), taught(asked, facts, day)
    return Refused(text, wanted=asked.persons, window=window, count=count)


def _supported(asked: conditions.Supported, facts: Facts, day: date) -> Refused:
    if facts.support_percent is None:
        return Refused(N_("Enter how many percent of the staff agreed."), "support_percent")
    text = N_("Needs the agreement of %(wanted)s of the staff; %(held)s agreed.")
    wanted, held = f"{plain(asked.percent)} %", f"{plain(facts.support_percent)} %"
    return Refused(text, "support_percent", wanted=wanted, held=held)


def _declares(asked: conditions.Declares, facts: Facts, day: date) -> Refused:
    if not facts.answers.get(asked.field, ""):
        return Refused(N_("A question of the form is not answered yet."), f"answer_{asked.field}")
    text = N_("Needs another answer to a question of the form: %(wanted)s.")
    return Refused(text, f"answer_{asked.field}", wanted=asked.answers)


def _sex(asked: conditions.Sex, facts: Facts, day: date) -> Refused:
    if facts.sex is None:
        return Refused(N_("The register of people does not say the sex."))
    return Refused(N_("Is meant for women.") if asked.sex == "F" else N_("Is meant for men."))


def _district(asked: conditions.District, facts: Facts, day: date) -> Refused:
    if not facts.district:
        return Refused(N_("Choose the district."), "district")
    text = N_("Is meant for these districts: %(wanted)s.")
    return Refused(text, "district", wanted=asked.districts)


def _came(asked: conditions.Came, facts: Facts, day: date) -> Refused:
    return Refused(N_("Comes in by another channel."))


def _barred(asked: conditions.Barred, facts: Facts, day: date) -> Refused:
    return Refused(N_("No bar runs."))


def _holds(asked: conditions.Holds, facts: Facts, day: date) -> Refused:
    if asked.years:
        text = N_("Needs a title of the programme that has been borne for %(years)s years.")
        return Refused(text, years=asked.years)
    return Refused(N_("Needs a title of the programme that stands in the register."))


_LACKS: dict[str, Callable[[Any, Facts, date], Refused]] = {
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
