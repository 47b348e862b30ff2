"""Conditions, clauses and quotas of selections said in words, the same for staff and public."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

import flask_babel
from flask_babel import lazy_gettext

from blueprints.labels import label, level_title
from rules import selection_conditions as conditions
from rules.data import plain
from rules.selection_conditions import Condition
from rules.selection_rounds import Quota, RoundRules
from rules.selections import Channel

gettext: Callable[..., str] = flask_babel.gettext
# What conditions can ask, as the choices of a form.
KINDS: Mapping[str, Any] = {
    "in_trade": lazy_gettext("Years in the trade"),
    "local": lazy_gettext("Months of work in the place"),
    "level": lazy_gettext("Skill level"),
    "age": lazy_gettext("Age"),
    "before_retirement": lazy_gettext("Years before retirement"),
    "works": lazy_gettext("Post and kind of unit"),
    "occupation": lazy_gettext("Occupation or field of work"),
    "bears": lazy_gettext("Titles of honour"),
    "placed": lazy_gettext("Places in contests"),
    "shows": lazy_gettext("Achievements"),
    "taught": lazy_gettext("Apprentices"),
    "supported": lazy_gettext("Agreement of the staff"),
    "declares": lazy_gettext("An answer of the form"),
    "sex": lazy_gettext("Woman or man"),
    "district": lazy_gettext("District"),
    "came": lazy_gettext("Way of application"),
    "barred": lazy_gettext("Running bars"),
    "holds": lazy_gettext("A title of a programme"),
}
SEXES = {"F": lazy_gettext("Women"), "M": lazy_gettext("Men")}


def joined(values: Iterable[Any]) -> str:
    """Join texts or coded values in the reader's language."""
    texts = (label(one) if isinstance(one, Enum) else str(one) for one in values)
    return str(gettext(", ")).join(texts)


def condition_text(condition: Condition, questions: Mapping[str, str] | None = None) -> str:
    """Say one condition in words; ``questions`` are those of the form by their keys."""
    if condition.kind == "declares" and questions:
        title = questions.get(condition.field, condition.field)
        condition = condition.model_copy(update={"field": title})
    return _SAID[condition.kind](condition)


def conditions_text(all_of: Iterable[Condition], questions: Mapping[str, str] | None = None) -> str:
    """Say several conditions that must all hold."""
    return gettext("; and ").join(condition_text(one, questions) for one in all_of)


def _in_trade(one: conditions.InTrade) -> str:
    return gettext("at least %(years)s years in the trade", years=one.years)


def _local(one: conditions.Local) -> str:
    return gettext("at least %(months)s months of full-time work in the place", months=one.months)


def _level(one: conditions.Level) -> str:
    return gettext("%(level)s or higher", level=level_title(one.level))


def _age(one: conditions.Age) -> str:
    on = "" if one.on is None else gettext(" on %(day)s", day=one.on.isoformat())
    if one.at_least is not None and one.at_most is not None:
        return gettext("age from %(low)s to %(high)s", low=one.at_least, high=one.at_most) + on
    if one.at_least is not None:
        return gettext("at least %(age)s years old", age=one.at_least) + on
    if one.at_most is not None:
        return gettext("at most %(age)s years old", age=one.at_most) + on
    return gettext("any age")


def _before_retirement(one: conditions.BeforeRetirement) -> str:
    return gettext("at least %(years)s years before the age of retirement", years=one.years)


def _works(one: conditions.Works) -> str:
    posts = gettext("post: %(posts)s", posts=joined(one.posts)) if one.posts else ""
    units = gettext("unit: %(units)s", units=joined(one.units)) if one.units else ""
    return gettext("; ").join(part for part in (posts, units) if part) or gettext("any post")


def _occupation(one: conditions.Occupation) -> str:
    return gettext("occupation or field: %(words)s", words=joined(one.words))


def _window(years: int | None) -> str:
    return "" if years is None else gettext(", within the last %(years)s years", years=years)


def _bears(one: conditions.Bears) -> str:
    if one.titles:
        text = gettext("one of these titles: %(titles)s", titles=joined(one.titles))
        level = gettext(" (%(level)s or higher)", level=label(one.level)) if one.level else ""
        return text + level + _window(one.within_years)
    if one.level is not None:
        text = gettext("a title of this level or higher: %(level)s", level=label(one.level))
        return text + _window(one.within_years)
    return gettext("any title of honour") + _window(one.within_years)


def _placed(one: conditions.Placed) -> str:
    text = gettext(
        "among the first %(rank)s in a contest of this level or higher: %(level)s",
        rank=one.rank,
        level=label(one.level),
    )
    return text + _window(one.within_years)


def _shows(one: conditions.Shows) -> str:
    text = gettext(
        "at least %(count)s of these achievements: %(kinds)s",
        count=one.count,
        kinds=joined(one.kinds),
    )
    level = gettext(" (%(level)s or higher)", level=label(one.level)) if one.level else ""
    return text + level + _window(one.within_years)


def _taught(one: conditions.Taught) -> str:
    text = (
        gettext("at least %(count)s apprentices who passed", count=one.persons)
        if one.passed
        else gettext("at least %(count)s apprentices", count=one.persons)
    )
    return text + _window(one.within_years)


def _supported(one: conditions.Supported) -> str:
    return gettext("agreed to by at least %(part)s percent of the staff", part=plain(one.percent))


def _declares(one: conditions.Declares) -> str:
    said = {"yes": gettext("Yes"), "no": gettext("No")}
    answers = joined(said.get(answer, answer) for answer in one.answers)
    return gettext("answer to “%(field)s”: %(answers)s", field=one.field, answers=answers)


def _sex(one: conditions.Sex) -> str:
    return str(SEXES[one.sex])


def _district(one: conditions.District) -> str:
    return gettext("district: %(names)s", names=joined(one.districts))


def _came(one: conditions.Came) -> str:
    known = {str(channel): label(channel) for channel in Channel}
    return gettext("by way of: %(ways)s", ways=joined(known.get(one, one) for one in one.channels))


def _barred(one: conditions.Barred) -> str:
    return gettext("a bar runs")


def _holds(one: conditions.Holds) -> str:
    programme = one.programme or gettext("this programme")
    text = gettext("holds a title of %(programme)s", programme=programme)
    tiers = gettext(" (%(tiers)s)", tiers=joined(one.tiers)) if one.tiers else ""
    years = gettext(", for at least %(years)s years", years=one.years) if one.years else ""
    return text + tiers + years


_SAID: Mapping[str, Callable[[Any], str]] = {
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


def quota_text(quota: Quota, rules: RoundRules) -> str:
    """Say a quota in words: who, how many at least and at most, and of which tiers."""
    limits = [
        gettext("at least %(amount)s", amount=quota.at_least) if quota.at_least else "",
        gettext("at most %(amount)s", amount=quota.at_most) if quota.at_most else "",
    ]
    tiers = tiers_text(quota.tiers, rules)
    said = gettext(", ").join(limit for limit in limits if limit)
    of_tiers = gettext(" (only %(tiers)s)", tiers=tiers) if quota.tiers else ""
    return gettext(
        "%(title)s%(tiers)s: %(limits)s of those chosen",
        title=quota.title,
        tiers=of_tiers,
        limits=said or gettext("no limit"),
    )


def tiers_text(keys: Iterable[str], rules: RoundRules) -> str:
    """Name tiers; all of them where none is named."""
    names = {tier.key: tier.name for tier in rules.tiers}
    return joined(names.get(key, key) for key in keys) or str(gettext("all tiers"))
