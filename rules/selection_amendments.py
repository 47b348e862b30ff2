"""What of a published round may still change, and why the rest may not (R4.34, R5.01)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.refusals import Refused
from rules.selection_rounds import RoundRules
from rules.selections import RoundState
from rules.texts import N_


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a round has come: its state, how many applications there are, and the instant."""

    state: RoundState
    applications: int
    now: datetime


def amendment_problems(old: RoundRules, new: RoundRules, at: Standing) -> Iterator[Refused]:
    """Yield every change of published rules that is refused, with the reason."""
    if at.state in (RoundState.DECIDED, RoundState.CANCELLED):
        yield Refused(N_("This round is over; its rules stay as they are."))
        return
    yield from _date_problems(old, new, at)
    if at.applications:
        for check in _WITH_APPLICATIONS:
            yield from check(old, new)
    if at.state is not RoundState.OPEN:
        yield from _review_problems(old, new, at.state)


def _date_problems(old: RoundRules, new: RoundRules, at: Standing) -> Iterator[Refused]:
    if new.opens_at != old.opens_at and at.now >= old.opens_at:
        yield Refused(N_("Applications come in already; the opening stays."), "opens_at")
    if new.closes_at < old.closes_at:
        text = N_("A published deadline may be put off, never brought forward.")
        yield Refused(text, "closes_at")
    elif new.closes_at != old.closes_at:
        if at.state is not RoundState.OPEN:
            yield Refused(N_("The review has begun; the deadline stays."), "closes_at")
        elif new.closes_at <= at.now:
            yield Refused(N_("The new deadline lies in the past."), "closes_at")


def _same_day(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    if old.counts_on != new.counts_on:
        text = N_("There are applications already, judged by this day; it stays.")
        yield Refused(text, "counts_on")


def _same_conditions(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    if old.eligibility != new.eligibility:
        text = N_("There are applications already, made under these conditions; they stay.")
        yield Refused(text, "eligibility")


def _tiers_stay(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    left = {tier.key: tier.title for tier in new.tiers}
    for tier in old.tiers:
        if left.get(tier.key) != tier.title:
            text = N_("There are applications already; the tier %(tier)s stays.")
            yield Refused(text, "tiers", tier=tier.name)


def _form_grows(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    """Questions may be added and reworded; answers that were given keep their question."""
    kinds = {one.key: one.kind for one in new.form}
    needed = {one.key for one in old.form if one.needed}
    for field in old.form:
        if kinds.get(field.key) != field.kind:
            text = N_("There are applications already; the question “%(title)s” stays.")
            yield Refused(text, "form", title=field.title)
        elif not set(field.choices) <= set(_choices(new, field.key)):
            text = N_("There are applications already; the choices of “%(title)s” stay.")
            yield Refused(text, "form", title=field.title)
    for field in new.form:
        if field.needed and field.key not in needed:
            text = N_("There are applications already; “%(title)s” can be asked, not demanded.")
            yield Refused(text, "form", title=field.title)


def _choices(rules: RoundRules, key: str) -> tuple[str, ...]:
    return next((one.choices for one in rules.form if one.key == key), ())


def _papers_stay(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    kept = {(rule.key, rule.needed) for rule in new.files}
    for rule in old.files:
        if (rule.key, rule.needed) not in kept and (rule.key, False) not in kept:
            text = N_("There are applications already; the attachment “%(title)s” stays.")
            yield Refused(text, "files", title=rule.title)
    old_needed = {rule.key for rule in old.files if rule.needed}
    for rule in new.files:
        if rule.needed and rule.key not in old_needed:
            text = N_("There are applications already; “%(title)s” can be asked, not demanded.")
            yield Refused(text, "files", title=rule.title)
    if not {rule.kind for rule in old.evidence} <= {rule.kind for rule in new.evidence}:
        text = N_("There are applications already; their kinds of achievements stay.")
        yield Refused(text, "evidence")


def _chain_stays(old: RoundRules, new: RoundRules) -> Iterator[Refused]:
    steps = [(step.key, step.body, step.channels) for step in old.chain]
    if steps != [(step.key, step.body, step.channels) for step in new.chain]:
        yield Refused(N_("There are applications on the way; the chain of checks stays."), "chain")
    if not set(old.channels) <= set(new.channels):
        text = N_("There are applications already; the ways by which they came stay.")
        yield Refused(text, "channels")
    if new.unit_quota is not None and (old.unit_quota is None or new.unit_quota < old.unit_quota):
        text = N_("There are applications already; a unit may not recommend fewer now.")
        yield Refused(text, "unit_quota")


_WITH_APPLICATIONS: tuple[Callable[[RoundRules, RoundRules], Iterator[Refused]], ...] = (
    _same_day,
    _same_conditions,
    _tiers_stay,
    _form_grows,
    _papers_stay,
    _chain_stays,
)
# What the panel works by, and what a proposed list was made by.
_OF_REVIEW = ("review", "tiers", "places", "quotas")
_OF_PROPOSAL = ("amount_basis", "budget_line", "edition", "after")


def _review_problems(old: RoundRules, new: RoundRules, state: RoundState) -> Iterator[Refused]:
    for name in _OF_REVIEW:
        if getattr(old, name) != getattr(new, name):
            text = N_("The review has begun; what candidates are chosen by stays.")
            yield Refused(text, name)
    if state is not RoundState.PROPOSED:
        return
    for name in _OF_PROPOSAL:
        if getattr(old, name) != getattr(new, name):
            yield Refused(N_("A list is proposed already; what it was made by stays."), name)
