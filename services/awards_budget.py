"""What awards cost by budget line, tax included, and whether a ceiling holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.awards import AwardShare
from models.contests import Division, Event, RuleVersion
from models.database import db
from models.entries import Entry
from models.results import Revision
from rules.data import plain
from rules.plans import BudgetLine, EditionRules, EventPlan
from rules.refusals import Refused
from rules.states import RevisionState
from rules.taxes import tax_on
from rules.texts import N_

Costs = dict[str, Decimal]
_OVER = N_("%(line)s: the awards cost %(total)s yuan, but the ceiling is %(ceiling)s.")
PRESENT = (RevisionState.DRAFT, RevisionState.SIGNED)


@dataclass(frozen=True)
class LineCost:
    """A budget line: what an event costs there, what the other events do, and the ceiling."""

    line: BudgetLine
    here: Decimal
    elsewhere: Decimal

    @property
    def total(self) -> Decimal:
        """Return what is spent altogether."""
        return self.here + self.elsewhere

    @property
    def is_over(self) -> bool:
        """Say whether more is spent than the line holds."""
        return self.line.ceiling is not None and self.total > self.line.ceiling

    @property
    def problem(self) -> Refused | None:
        """Say what is wrong with the line, or nothing."""
        if not self.is_over or self.line.ceiling is None:
            return None
        total, ceiling = plain(self.total), plain(self.line.ceiling)
        return Refused(_OVER, line=self.line.title, total=total, ceiling=ceiling)


def costs_of(
    plan: EventPlan, edition: EditionRules, amounts: Iterable[tuple[str, Decimal]]
) -> Costs:
    """Add up amounts of divisions by budget line, tax included (R4.31)."""
    found: Costs = {}
    lines: dict[str, str] = {}
    basis, exempt = plan.awards.amount_basis, edition.tax_exempt
    for division, amount in amounts:
        if division not in lines:
            lines[division] = plan.for_division(division).awards.budget_line
        line = lines[division]
        found[line] = found.get(line, Decimal(0)) + tax_on(amount, basis, exempt).gross
    return found


def lines_of(
    contest_id: int,
    rules: EditionRules,
    event_id: int,
    here: Mapping[str, Decimal],
    states: tuple[RevisionState, ...] = PRESENT,
) -> list[LineCost]:
    """Compare what an event costs, with all other events, to each budget line's ceiling."""
    if not rules.budget_lines:
        return []
    elsewhere = _spent(contest_id, event_id, states)
    for code, amount in _employers(contest_id, rules).items():
        elsewhere[code] = elsewhere.get(code, Decimal(0)) + amount
    nothing = Decimal(0)
    return [
        LineCost(line, here.get(line.code, nothing), elsewhere.get(line.code, nothing))
        for line in rules.budget_lines
    ]


def signing_problem(event: Event, revision: Revision) -> Refused | None:
    """Say which ceiling the awards of a revision break, those signed already counted in."""
    rules = EditionRules.model_validate(event.contest.rules)
    costs = revision_costs(revision.id)
    found = lines_of(event.contest_id, rules, event.id, costs, (RevisionState.SIGNED,))
    return next((one.problem for one in found if one.here and one.problem), None)


def revision_costs(revision_id: int) -> Costs:
    """Add up what the shares of a revision cost by budget line."""
    return _added(_rows(Revision.id == revision_id))


def _spent(contest_id: int, but_event: int, states: tuple[RevisionState, ...]) -> Costs:
    return _added(
        _rows(Event.contest_id == contest_id, Event.id != but_event, Revision.state.in_(states))
    )


def _rows(*where: Any) -> dict[int, list[tuple[str, Decimal]]]:
    query = (
        select(Revision.rule_version_id, Division.code, AwardShare.amount)
        .select_from(AwardShare)
        .join(Revision, Revision.id == AwardShare.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .join(Entry, Entry.id == AwardShare.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .where(*where, AwardShare.amount > 0)
    )
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for version, division, amount in db.session.execute(query):
        found.setdefault(version, []).append((division, amount))
    return found


def _added(rows: Mapping[int, list[tuple[str, Decimal]]]) -> Costs:
    query = select(RuleVersion.id, RuleVersion.plan, RuleVersion.edition)
    total: Costs = {}
    for key, plan, edition in db.session.execute(query.where(RuleVersion.id.in_(rows))):
        rules = (EventPlan.model_validate(plan), EditionRules.model_validate(edition))
        for code, amount in costs_of(*rules, rows[key]).items():
            total[code] = total.get(code, Decimal(0)) + amount
    return total


def _employers(contest_id: int, rules: EditionRules) -> Costs:
    """Add up the prizes of employers that are given, or that the rules promise."""
    lines = {prize.title: prize.budget_line for prize in rules.organisation_prizes}
    query = select(AwardShare.title, AwardShare.amount).where(AwardShare.contest_id == contest_id)
    given = [(lines.get(title, ""), amount) for title, amount in db.session.execute(query)]
    if not given:
        given = [(p.budget_line, p.amount * p.winners) for p in rules.organisation_prizes]
    found: Costs = {}
    for code, amount in given:
        found[code] = found.get(code, Decimal(0)) + amount
    return found
