"""Who may be nominated, in which order, and whether a pack is whole: every reason at once (R8)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.nomination_rules import CallList, CallRules
from rules.nominations import Nominee
from rules.refusals import Refused
from rules.selection_eligibility import Facts, Group, Reason, ReasonState, Verdict, evaluate
from rules.selection_holding import Known
from rules.texts import N_

CENTRAL, WINNER, ROUTE = "central", "winner", "route"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of somebody who might be nominated.

    ``central`` says whether the unit belongs to a central enterprise; ``routes`` are other calls in
    which a nomination is under way.
    """

    name: str
    facts: Facts
    unit: str = ""
    central: bool | None = None
    routes: tuple[str, ...] = ()


def judge(rules: CallRules, one: CallList, candidate: Candidate) -> Verdict:
    """Return every clause for a candidate of a list, those of each call before the list's own."""
    found = evaluate(one, candidate.facts, rules.counts_on)
    built = (*_central(rules, one, candidate), *_winner(rules, one, candidate), *_routes(candidate))
    return Verdict((*built, *found.reasons), found.routes_needed, found.routes_found)


def _central(rules: CallRules, one: CallList, candidate: Candidate) -> Iterator[Reason]:
    if not rules.bars_central:
        return
    text = N_("Staff of central enterprises are nominated by their own group.")
    if one.of is Nominee.EMPLOYER:
        text = N_("Central enterprises are nominated by their own group.")
    if candidate.central is None:
        words: tuple[Refused, ...] = (
            Refused(N_("Say whether the unit belongs to a central enterprise."), "central"),
        )
        named = central_word(rules.central_names, candidate.unit)
        if named:
            words = (Refused(N_("The name of the unit says “%(word)s”."), "central", word=named),)
        yield Reason(CENTRAL, Group.EXCLUSION, "", text, ReasonState.UNKNOWN, words)
        return
    state = ReasonState.EXCLUDED if candidate.central else ReasonState.OK
    yield Reason(CENTRAL, Group.EXCLUSION, "", text, state)


def central_word(words: Collection[str], unit: str) -> str:
    """Return the word in a unit's name that marks a central enterprise, or nothing."""
    return next((word for word in words if word in unit), "")


def _winner(rules: CallRules, one: CallList, candidate: Candidate) -> Iterator[Reason]:
    if not rules.bars_winners or one.of is Nominee.EMPLOYER:
        return
    borne = [borne for borne in candidate.facts.honours if borne.title == one.title]
    text = N_("Whoever bears the title already is not nominated for it again.")
    words = tuple(
        Refused(
            N_("Bears “%(title)s” since %(day)s."),
            title=row.title,
            day="" if row.granted_on is None else row.granted_on.isoformat(),
        )
        for row in borne
    )
    state = ReasonState.EXCLUDED if borne else ReasonState.OK
    yield Reason(WINNER, Group.EXCLUSION, "", text, state, words)


def _routes(candidate: Candidate) -> Iterator[Reason]:
    text = N_("A candidate has one route.")
    words = tuple(
        Refused(N_("Is nominated already: %(call)s."), call=call) for call in candidate.routes
    )
    state = ReasonState.EXCLUDED if words else ReasonState.OK
    yield Reason(ROUTE, Group.EXCLUSION, "", text, state, words)


def is_preferred(rules: CallRules, facts: Facts) -> bool:
    """Say whether a place in a contest puts a candidate before others: no automatism (R8.06)."""
    return any(
        one.rank is not None and one.rank <= rules.preferred_rank and one.level is not None
        for one in facts.placings
    )


def reason_problems(verdict: Verdict) -> Iterator[Refused]:
    """Yield what stands in a candidate's way: the clause first, then what is missing."""
    for reason in verdict.blocking:
        text = Refused(reason.text)
        if not reason.words:
            yield text
        for word in reason.words:
            yield Refused(N_("%(clause)s %(missing)s"), word.field, clause=text, missing=word)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in the order of a list; ``fixed`` ones stay in it, though places may move."""

    key: int
    name: str
    rank: int | None
    fixed: bool = False


def ranking_problems(places: int, rows: Sequence[Ranked]) -> Iterator[Refused]:
    """Yield what is wrong with an order: ties, gaps, more than the quota (R5.06, R8.04)."""
    ranked = [row for row in rows if row.rank is not None]
    if len(ranked) > places:
        text = N_("The list has %(places)s places; %(count)s candidates are ranked.")
        yield Refused(text, "ranks", places=places, count=len(ranked))
    for rank in sorted({row.rank for row in ranked if row.rank is not None}):
        names = [row.name for row in ranked if row.rank == rank]
        if len(names) > 1:
            yield Refused(
                N_("The rank %(rank)s is given twice: %(names)s."),
                "ranks",
                rank=rank,
                names="、".join(names),
            )
    given = {row.rank for row in ranked if row.rank is not None}
    gaps = [number for number in range(1, max(given, default=0) or 1) if number not in given]
    if gaps:
        yield Refused(
            N_("These ranks are missing: %(gaps)s."), "ranks", gaps="、".join(map(str, gaps))
        )
    for row in rows:
        if row.fixed and row.rank is None:
            yield Refused(
                N_("%(name)s stands in a notice or is approved, and keeps a rank."),
                "ranks",
                name=row.name,
            )


@dataclass(frozen=True, slots=True)
class Pack:
    """What there is of one candidate's papers: files by material, pages in all, forms approved."""

    name: str
    reasons: str
    merits: str
    materials: Mapping[str, int]
    pages: int | None
    forms: Collection[str]


def pack_problems(one: CallList, pack: Pack) -> Iterator[Refused]:
    """Yield what a pack lacks; nothing is repaired once the superior has it (R8.03)."""
    if not pack.reasons.strip():
        yield Refused(N_("%(name)s: write why this one is recommended."), name=pack.name)
    if not pack.merits.strip():
        yield Refused(N_("%(name)s: write the merits."), name=pack.name)
    yield from _material_problems(one, pack)
    for form in one.forms:
        if form.key not in pack.forms:
            text = N_("%(name)s: the form “%(form)s” has no approved version.")
            yield Refused(text, name=pack.name, form=form.title)
    if one.pages is not None and pack.pages is not None and pack.pages > one.pages:
        text = N_("%(name)s: the pack has %(pages)s pages; at most %(most)s are taken.")
        yield Refused(text, name=pack.name, pages=pack.pages, most=one.pages)


def _material_problems(one: CallList, pack: Pack) -> Iterator[Refused]:
    for material in one.materials:
        count = pack.materials.get(material.key, 0)
        if material.needed and not count:
            text = N_("%(name)s: “%(material)s” is missing.")
            yield Refused(text, name=pack.name, material=material.title)
        if count > material.most:
            text = N_("%(name)s: of “%(material)s” at most %(most)s files are taken.")
            yield Refused(text, name=pack.name, material=material.title, most=material.most)


def time_problem(until: date, day: date) -> Refused | None:
    """Return the refusal of what comes after a deadline."""
    if day <= until:
        return None
    return Refused(N_("The deadline was %(day)s."), day=until.isoformat())


__all__ = [
    "Candidate",
    "Known",
    "Pack",
    "Ranked",
    "central_word",
    "is_preferred",
    "judge",
    "pack_problems",
    "ranking_problems",
    "reason_problems",
    "time_problem",
]
