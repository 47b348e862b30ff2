"""The form of an application, built from the round's data: what it asks, and how it is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rules.data import plain
from rules.refusals import Refused
from rules.selection_conditions import Condition
from rules.selection_eligibility import Verdict
from rules.selection_rounds import FormField, RoundRules
from rules.selections import Channel, EvidenceKind, Post, UnitKind
from rules.texts import N_

# Which questions about the candidate are asked for the sake of which conditions.
_FOR = {
    "in_trade": "trade_since",
    "local": "local_since",
    "before_retirement": "retires_on",
    "supported": "support_percent",
}
ALWAYS = ("tier", "district", "occupation", "post", "unit_kind")
DATES = ("trade_since", "local_since", "retires_on")
NEEDED = ("occupation", "post", "unit_kind")
YES_NO = ("yes", "no")
LONGEST = {"district": 40, "occupation": 60}
ANSWER = "answer_"  # what names of inputs of the round's own questions begin with
MOST_NOMINATORS, LONGEST_NOMINATOR = 10, 120
TITLES = {
    "tier": N_("Tier"),
    "district": N_("District"),
    "occupation": N_("Occupation"),
    "post": N_("Post"),
    "unit_kind": N_("Kind of unit"),
    "trade_since": N_("In the trade since"),
    "local_since": N_("Works here without a break since"),
    "retires_on": N_("Statutory day of retirement"),
    "support_percent": N_("Staff that agreed, percent"),
    "nominators": N_("Nominated by"),
}


def conditions_of(rules: RoundRules) -> Iterator[Condition]:
    """Yield every condition that a round asks for anywhere."""
    own = rules.eligibility
    for clause in (*own.basics, *own.routes, *own.exclusions):
        yield from clause.all_of
        for waiver in clause.waivers:
            yield from waiver.all_of
    for quota in rules.quotas:
        yield from quota.all_of
    for opinion in rules.opinions:
        yield from opinion.about


def basics_of(rules: RoundRules) -> tuple[str, ...]:
    """Return the questions about the candidate that a round asks; no more than it needs (R9.01)."""
    kinds = {one.kind for one in conditions_of(rules)}
    asked = [name for kind, name in _FOR.items() if kind in kinds]
    first = ALWAYS if len(rules.tiers) > 1 else ALWAYS[1:]
    return (*first, *asked)


def names_of(rules: RoundRules, channel: Channel) -> tuple[str, ...]:
    """Return the names of all inputs of the form, in their order."""
    said = ("nominators",) if channel in (Channel.ASSOCIATION, Channel.EXPERT) else ()
    return (*basics_of(rules), *said, *(ANSWER + one.key for one in rules.form))


def title_of(rules: RoundRules, name: str) -> str:
    """Return what an input is called, the round's own questions as the call puts them."""
    if name.startswith(ANSWER):
        return next(one.title for one in rules.form if ANSWER + one.key == name)
    return TITLES[name]


def read_input(rules: RoundRules, name: str, text: str) -> str:
    """Return what was typed in its one form; refuse what is no answer; empty texts are allowed."""
    clean = text.strip()
    if not clean:
        return ""
    if name.startswith(ANSWER):
        found = {ANSWER + one.key: one for one in rules.form}.get(name)
        if found is None:
            raise Refused(N_("This question is not asked."), name)
        return _answer(found, clean, name)
    return _BASICS.get(name, _date)(rules, name, clean)


def _answer(asked: FormField, text: str, name: str) -> str:
    if asked.kind == "date":
        return _read_date(text, name)
    if asked.kind == "number":
        return _number(text, name)
    if asked.kind in ("choice", "yes_no"):
        return _one_of(text, asked.choices if asked.kind == "choice" else YES_NO, name)
    if len(text) > asked.longest:
        problem = N_("At most %(most)s characters; there are %(count)s.")
        raise Refused(problem, name, most=asked.longest, count=len(text))
    return text


def _number(text: str, name: str) -> str:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise Refused(N_("Enter a number."), name) from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise Refused(N_("Enter a number."), name)
    return plain(value)


def _read_date(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(N_("Enter a day, such as 2026-11-29."), name) from None


def _one_of(text: str, known: Iterable[str], name: str) -> str:
    if text not in known:
        raise Refused(N_("Choose one of the answers."), name)
    return text


def _date(rules: RoundRules, name: str, text: str) -> str:
    if name not in DATES:
        raise Refused(N_("This question is not asked."), name)
    return _read_date(text, name)


def _percent(rules: RoundRules, name: str, text: str) -> str:
    found = _number(text.rstrip("% "), name)
    if not 0 <= Decimal(found) <= 100:
        raise Refused(N_("Enter a number from 0 to 100."), name)
    return plain(round(Decimal(found), 2))


def _text(rules: RoundRules, name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        problem = N_("At most %(most)s characters; there are %(count)s.")
        raise Refused(problem, name, most=LONGEST[name], count=len(text))
    return text


def _nominators(rules: RoundRules, name: str, text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_NOMINATORS or any(len(one) > LONGEST_NOMINATOR for one in lines):
        raise Refused(N_("One line for each, and at most ten."), name)
    return "\n".join(lines)


_BASICS: Mapping[str, Callable[[RoundRules, str, str], str]] = {
    "tier": lambda rules, name, text: _one_of(text, (one.key for one in rules.tiers), name),
    "post": lambda rules, name, text: _one_of(text, _values(Post), name),
    "unit_kind": lambda rules, name, text: _one_of(text, _values(UnitKind), name),
    "district": _text,
    "occupation": _text,
    "support_percent": _percent,
    "nominators": _nominators,
}


def _values(kind: type[StrEnum]) -> list[str]:
    return [one.value for one in kind]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of evidence, as far as submitting asks for it."""

    kind: EvidenceKind
    title: str
    on: date | None
    typed: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """An application as it would be submitted now."""

    channel: Channel
    values: Mapping[str, str]
    lines: Sequence[Listed]
    files: Mapping[str, int]  # how many by the key of the rule
    verdict: Verdict


def missing_of(rules: RoundRules, filled: Filled) -> Iterator[Refused]:
    """Yield everything that keeps an application from being submitted, all of it at once."""
    yield from _missing_answers(rules, filled)
    for line in filled.lines:
        if line.typed and line.on is None:
            text = N_("“%(title)s” has no date yet; each achievement needs one.")
            yield Refused(text, "evidence", title=line.title)
    for rule in rules.files:
        if rule.needed and not filled.files.get(rule.key):
            yield Refused(N_("The file “%(title)s” is missing."), "files", title=rule.title)
    for reason in filled.verdict.blocking:
        for word in reason.words or (Refused(N_("Excluded by the call.")),):
            text = N_("%(number)s %(clause)s: %(words)s")
            yield Refused(
                text, word.field, number=reason.number, clause=Refused(reason.text), words=word
            )


def _missing_answers(rules: RoundRules, filled: Filled) -> Iterator[Refused]:
    needed = [*NEEDED, *(ANSWER + one.key for one in rules.form if one.needed)]
    for name in needed:
        if not filled.values.get(name):
            title = Refused(title_of(rules, name))
            yield Refused(N_("“%(title)s” is not filled in yet."), name, title=title)
    people = len([line for line in filled.values.get("nominators", "").splitlines() if line])
    if filled.channel is Channel.ASSOCIATION and not people:
        yield Refused(N_("Name the association that recommends."), "nominators")
    if filled.channel is Channel.EXPERT and people < rules.experts_needed:
        text = N_("At least %(least)s experts nominate, each on a line of its own.")
        yield Refused(text, "nominators", least=rules.experts_needed)
