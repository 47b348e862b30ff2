"""The dry run of an award plan: who would get what on the present results; nothing is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.awards import Award, AwardShare
from models.contests import Division
from models.database import db
from models.entries import Entry
from models.people import Employer, Person
from models.results import Result, Revision
from rules.decisions import Decision
from rules.plans import EditionRules, EventPlan
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.texts import N_
from services import (
    awards_budget,
    awards_limits,
    contests,
    results_computing,
    results_inputs,
    results_lists,
)
from services.awards_budget import LineCost
from services.awards_trials_marks import KnownMark, MarkChange, changed, known_marks, mark_before
from services.people import chunks
from services.results_computing import Computed, Field, Rules

ZERO = Decimal("0.00")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ShareLine:
    """What one beneficiary would be paid."""

    name: str
    kind: str
    promised: Decimal
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """What an entry has: place, total, award, money of all shares, levels by person."""

    rank: int | None = None
    total: Decimal | None = None
    tier: str = ""
    money: Decimal = ZERO
    levels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class TrialLine:
    """One entry in a dry run: what it has in the revision, and what it would have."""

    entry_id: int
    code: str
    title: str
    division: str
    old: Standing
    new: Standing
    shares: Sequence[ShareLine] = ()
    honours: Sequence[tuple[str, str, str]] = ()

    @property
    def difference(self) -> Decimal:
        """Return how much more money the entry would get."""
        return self.new.money - self.old.money

    @property
    def is_moved(self) -> bool:
        """Say whether place, total, award, money or a level would be another one."""
        return self.old != self.new


@dataclass(frozen=True)
class Marks:
    """The kinds of marks that can be thought to be others, and what the changed one was."""

    scheme: Scheme
    known: Sequence[KnownMark]
    before: Decimal | None


@dataclass(frozen=True)
class Trial:
    """What a plan would give on the marks of a revision, beside what the revision gives."""

    revision: Revision
    lines: Sequence[TrialLine]
    tiers: Sequence[tuple[str, int, Decimal]]
    before: Decimal
    after: Decimal
    purses: Sequence[LineCost]
    affected: int = 0
    marks: Marks | None = None

    @property
    def given(self) -> list[TrialLine]:
        """Return the entries that would have an award."""
        return [line for line in self.lines if line.new.tier]

    @property
    def moved(self) -> list[TrialLine]:
        """Return the entries for which something would change."""
        return [line for line in self.lines if line.is_moved]


class Before(NamedTuple):
    """What a revision holds: standings and titles by entry, and each share with its entry."""

    standings: dict[int, Standing]
    titles: dict[int, tuple[str, str]]
    shares: list[tuple[int, Decimal]]


def try_plan(
    event_id: int,
    plan: EventPlan,
    edition: EditionRules | None = None,
    change: MarkChange | None = None,
) -> Trial:
    """Work out what a plan would give on the marks kept with the newest revision.

    Refused where there is no revision, or where the plan cannot be carried out on these marks.
    """
    revision = results_lists.find_newest(event_id)
    if revision is None or revision.decisions is None:
        raise Refused(N_("There are no results yet on which the plan could be tried."))
    scheme = Rules.of(revision.rule_version).scheme
    rules = Rules(scheme, plan, edition or contests.rules_of(revision.event.contest))
    results_computing.check_plan(rules)
    kept = kept_fields(revision.id)
    fields = kept if change is None else [*changed(kept, change, scheme)]
    computed = _computed(revision, rules, fields)
    # People may hold other levels by now: what the own rules would give today is the measure.
    own = Rules.of(revision.rule_version)._replace(edition=rules.edition)
    same = change is None and plan == own.plan
    levels = computed if same else _computed(revision, own, kept)
    marks = Marks(scheme, known_marks(kept), mark_before(kept, change))
    return replace(_trial(revision, rules, fields, computed, levels.grants), marks=marks)


def _computed(revision: Revision, rules: Rules, fields: Sequence[Field]) -> Computed:
    decisions = [*_decisions(revision, rules.plan)]
    found = results_computing.compute_fields(rules, fields, decisions)
    return results_computing.rows_of(revision.event_id, rules, fields, found)


def kept_fields(revision_id: int) -> list[Field]:
    """Read back what a revision was computed from, division by division."""
    query = (
        select(Result, Entry.division_id, Entry.code, Division.code)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .options(undefer(Result.inputs))
        .where(Result.revision_id == revision_id)
        .order_by(Entry.division_id, Result.entry_id)
    )
    fields = []
    for (division_id, division), rows in groupby(
        db.session.execute(query), key=lambda row: (row[1], row[3])
    ):
        listed = [(row[0].entry_id, row[0].inputs, row[2]) for row in rows]
        starters = [results_inputs.read(entry, inputs or {}) for entry, inputs, _ in listed]
        codes = {entry: code or "–" for entry, _, code in listed}
        fields.append(Field(division_id, starters, codes, division))
    return fields


def _decisions(revision: Revision, plan: EventPlan) -> Iterator[Decision]:
    """Yield the decisions of a revision; those about awards that are gone say nothing any more."""
    known = {"", *(tier.key for tier in plan.all_tiers)}
    for one in revision.decisions or ():
        decision = Decision.model_validate(one)
        if decision.kind not in ("award", "grant") or decision.about in known:
            yield decision


def _trial(
    revision: Revision,
    rules: Rules,
    fields: Sequence[Field],
    computed: Computed,
    levels: Sequence[Row],
) -> Trial:
    event = revision.event
    settled = awards_limits.foresee(event, rules.plan, rules.edition, computed.shares)
    shares = [
        share
        if place not in settled.own
        else share | {"amount": settled.own[place].amount, "reason": settled.own[place].reason}
        for place, share in enumerate(computed.shares)
    ]
    divisions = {entry: field.division for field in fields for entry in field.codes}
    amounts = [(divisions[share["entry_id"]], share["amount"]) for share in shares]
    after = awards_budget.costs_of(rules.plan, rules.edition, amounts)
    stored, own = _stored(revision.id, levels), Rules.of(revision.rule_version)
    held = ((divisions[entry], amount) for entry, amount in stored.shares)
    before = awards_budget.costs_of(own.plan, own.edition, held)
    purses = awards_budget.lines_of(event.contest_id, rules.edition, event.id, after)
    return Trial(
        revision,
        _lines(stored, fields, computed, shares),
        _tiers(rules.plan, computed, shares),
        sum(before.values(), ZERO),
        sum(after.values(), ZERO),
        purses,
        len(settled.others),
    )


def _tiers(
    plan: EventPlan, computed: Computed, shares: Sequence[Row]
) -> list[tuple[str, int, Decimal]]:
    money: dict[int, Decimal] = {}
    for share in shares:
        money[share["entry_id"]] = money.get(share["entry_id"], ZERO) + share["amount"]
    found: dict[str, tuple[int, Decimal]] = {tier.name: (0, ZERO) for tier in plan.all_tiers}
    for award in computed.awards:
        count, amount = found.get(award["tier_title"], (0, ZERO))
        found[award["tier_title"]] = (count + 1, amount + money.get(award["entry_id"], ZERO))
    return [(name, count, amount) for name, (count, amount) in found.items()]


def _lines(
    before: Before,
    fields: Sequence[Field],
    computed: Computed,
    shares: Sequence[Row],
) -> list[TrialLine]:
    old = before.standings
    new = _new(computed, shares)
    moved = [entry for entry, one in new.items() if one.tier or one != old.get(entry, Standing())]
    names = _names(shares, computed.honours)
    codes = {entry: code for field in fields for entry, code in field.codes.items()}
    own = _by_entry(shares)
    borne = _by_entry(computed.honours)
    lines = [
        TrialLine(
            entry,
            codes[entry],
            *before.titles[entry],
            old.get(entry, Standing()),
            new[entry],
            [_share_line(share, names) for share in own.get(entry, ())],
            [(names[0][h["person_id"]], h["title"], h["reason"]) for h in borne.get(entry, ())],
        )
        for entry in moved
    ]
    return sorted(lines, key=lambda one: (one.division, one.new.rank or 10**6, one.code))


def _by_entry(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["entry_id"], []).append(row)
    return found


def _new(computed: Computed, shares: Sequence[Row]) -> dict[int, Standing]:
    found = {row["entry_id"]: Standing(row["rank"], row["total"]) for row in computed.results}
    for award in computed.awards:
        entry = award["entry_id"]
        found[entry] = replace(found[entry], tier=award["tier_title"])
    for share in shares:
        entry = share["entry_id"]
        found[entry] = replace(found[entry], money=found[entry].money + share["amount"])
    return _with_levels(found, computed.grants)


def _with_levels(found: dict[int, Standing], rows: Iterable[Row]) -> dict[int, Standing]:
    grants = sorted((one["entry_id"], one["person_id"], one["level"]) for one in rows)
    for entry, person, level in grants:
        levels = (*found[entry].levels, (person, level))
        found[entry] = replace(found[entry], levels=levels)
    return found


def _stored(revision_id: int, levels: Iterable[Row]) -> Before:
    same = (Award.revision_id == Result.revision_id) & (Award.entry_id == Result.entry_id)
    query = (
        select(Result.entry_id, Result.rank, Result.total, Award.tier_title)
        .add_columns(Entry.title, Division.title)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .outerjoin(Award, same)
        .where(Result.revision_id == revision_id)
    )
    before = Before({}, {}, [])
    for entry, rank, total, tier, title, division in db.session.execute(query):
        before.standings[entry] = Standing(rank, total, tier or "")
        before.titles[entry] = (title, division)
    shares = select(AwardShare.entry_id, AwardShare.amount)
    for owner, amount in db.session.execute(shares.where(AwardShare.revision_id == revision_id)):
        if owner is not None:
            had = before.standings[owner]
            before.standings[owner] = replace(had, money=had.money + amount)
            before.shares.append((owner, amount))
    return before._replace(standings=_with_levels(before.standings, levels))


Names = tuple[dict[int, str], dict[int, str]]


def _names(shares: Sequence[Row], honours: Sequence[Row]) -> Names:
    people = {row["person_id"] for row in (*shares, *honours)} - {None}
    units = {row["employer_id"] for row in shares} - {None}
    return _named(Person.id, Person.name, people), _named(Employer.id, Employer.title, units)


def _named(key: Any, name: Any, wanted: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks(sorted(wanted)):
        found |= dict(db.session.execute(select(key, name).where(key.in_(chunk))).all())
    return found


def _share_line(share: Row, names: Names) -> ShareLine:
    person, unit = share["person_id"], share["employer_id"]
    name = names[0][person] if person is not None else names[1].get(unit or 0, "")
    kind, reason = share["kind"].value, share.get("reason", "")
    return ShareLine(name, kind, share["promised"], share["amount"], reason)
