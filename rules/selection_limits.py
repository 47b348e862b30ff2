"""What stands against a round's publication, and what its publishers should know (R4.33-35)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rules.honours import HonourLevel
from rules.refusals import Refused
from rules.selection_conditions import Condition, Works
from rules.selection_rounds import Clause, RoundRules
from rules.selections import Post, Verb
from rules.texts import N_

LONGEST_NAME = 25
MOST_PERSONS = 150
USUAL_CYCLE = 5
USUAL_NOTICE = 5
OFFICIALS_PERCENT = Decimal(20)
# How many programmes of commendation a county or city may hold in a year (R4.33).
MOST_PROGRAMMES = {HonourLevel.COUNTY: 1, HonourLevel.CITY: 2}
_BELOW_PROVINCE = (HonourLevel.CITY, HonourLevel.COUNTY, HonourLevel.EMPLOYER)


@dataclass(frozen=True, slots=True)
class Approved:
    """What the approval fixed, and what was held before.

    ``last_year`` is that of the last published round, ``others`` counts the other commending
    programmes of the same level with a round in the same year.
    """

    title: str
    verb: Verb
    level: HonourLevel
    document: str
    cycle_years: int
    most_people: int | None
    year: int
    last_year: int | None = None
    others: int = 0


def blockers(rules: RoundRules, now: datetime) -> Iterator[Refused]:
    """Yield what must be mended before a round can be published."""
    if rules.closes_at <= now:
        yield Refused(N_("The deadline has passed."), "closes_at")
    known = {field.key for field in rules.form}
    for condition in _conditions(rules):
        if condition.kind == "declares" and condition.field not in known:
            text = N_("A condition asks for the answer “%(key)s”, but the form does not.")
            yield Refused(text, "form", key=condition.field)
    if rules.budget_line and rules.edition.line(rules.budget_line) is None:
        text = N_("The prizes are paid from %(code)s, which is no budget line of the round.")
        yield Refused(text, "budget_line", code=rules.budget_line)
    if rules.edition.tax_exempt and not rules.edition.tax_basis.strip():
        text = N_("Name the legal basis of the tax exemption, or leave the prizes taxable.")
        yield Refused(text, "tax_basis")
    yield from _floor_blockers(rules)


def _floor_blockers(rules: RoundRules) -> Iterator[Refused]:
    places = most_chosen(rules)
    for quota in rules.quotas:
        whole = quota.at_least is not None and quota.at_least.isdecimal()
        if whole and places is not None and int(quota.at_least or 0) > places:
            text = N_("The floor of “%(title)s” is higher than the number of places.")
            yield Refused(text, "quotas", title=quota.title)


def _conditions(rules: RoundRules) -> Iterator[Condition]:
    own = rules.eligibility
    clauses: tuple[Clause, ...] = (*own.basics, *own.routes, *own.exclusions)
    for clause in clauses:
        yield from clause.all_of
        for waiver in clause.waivers:
            yield from waiver.all_of
    for quota in rules.quotas:
        yield from quota.all_of
    for opinion in rules.opinions:
        yield from opinion.about


def most_chosen(rules: RoundRules) -> int | None:
    """Return how many people can be chosen at most; None if nothing limits it."""
    places = [tier.places for tier in rules.tiers]
    summed = None if None in places else sum(places_ or 0 for places_ in places)
    known = [limit for limit in (rules.places, summed) if limit is not None]
    return min(known) if known else None


def warnings(rules: RoundRules, approved: Approved) -> Iterator[Refused]:
    """Yield what the limits on honours say about a round; its publishers decide (R4.33-35)."""
    yield from _approval_warnings(approved)
    yield from _people_warnings(rules, approved)
    yield from _rule_warnings(rules)


def _approval_warnings(approved: Approved) -> Iterator[Refused]:
    if not approved.document.strip():
        yield Refused(N_("No document of approval is named."))
    if len(approved.title) > LONGEST_NAME:
        yield Refused(
            N_("The name has %(count)s characters; at most %(most)s are allowed."),
            count=len(approved.title),
            most=LONGEST_NAME,
        )
    due = None if approved.last_year is None else approved.last_year + approved.cycle_years
    if due is not None and approved.year < due:
        yield Refused(
            N_("The cycle of %(years)s years is not over: the next round is due in %(due)s."),
            years=approved.cycle_years,
            due=str(due),
        )
    if approved.verb is not Verb.COMMEND:
        return
    if approved.cycle_years < USUAL_CYCLE:
        yield Refused(
            N_("Commendations are usually held once in %(years)s years."), years=USUAL_CYCLE
        )
    most = MOST_PROGRAMMES.get(approved.level)
    if most is not None and approved.others + 1 > most:
        yield Refused(
            N_("Commendation number %(count)s of the year; %(most)s are allowed."),
            count=approved.others + 1,
            most=most,
        )


def _people_warnings(rules: RoundRules, approved: Approved) -> Iterator[Refused]:
    people = most_chosen(rules)
    if people is None:
        yield Refused(N_("Nothing limits how many people are chosen."))
        return
    if approved.most_people is not None and people > approved.most_people:
        yield Refused(
            N_("Up to %(count)s people can be chosen; the approval allows %(most)s."),
            count=people,
            most=approved.most_people,
        )
    if approved.level in _BELOW_PROVINCE and people > MOST_PERSONS:
        yield Refused(
            N_("Up to %(count)s people can be chosen; below province at most %(most)s."),
            count=people,
            most=MOST_PERSONS,
        )


def _rule_warnings(rules: RoundRules) -> Iterator[Refused]:
    if not _officials_limited(rules):
        yield Refused(
            N_("Nothing keeps officials to %(percent)s percent of the chosen."),
            percent=str(OFFICIALS_PERCENT),
        )
    if not any(quota.at_least for quota in rules.quotas):
        yield Refused(N_("No floor puts front-line workers or companies first."))
    if rules.edition.notice_working_days < USUAL_NOTICE:
        yield Refused(
            N_("The notice is shorter than the usual %(days)s working days."), days=USUAL_NOTICE
        )
    if not rules.contact.strip():
        yield Refused(N_("The call names nobody to ask."))


def _officials_limited(rules: RoundRules) -> bool:
    excluded = any(
        isinstance(one, Works) and Post.OFFICIAL in one.posts
        for clause in rules.eligibility.exclusions
        for one in clause.all_of
    )
    capped = any(
        isinstance(one, Works) and Post.OFFICIAL in one.posts and _small(quota.at_most)
        for quota in rules.quotas
        for one in quota.all_of
    )
    return excluded or capped


def _small(cap: str | None) -> bool:
    if cap is None or not cap.rstrip().endswith("%"):
        return cap is not None
    return Decimal(cap.replace("%", "").strip()) <= OFFICIALS_PERCENT
