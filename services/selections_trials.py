"""A dry run of a round's rules: what they would say of last time's applicants, or of an example."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionRound
from rules.selection_allocation import QuotaOutcome, choose
from rules.selection_eligibility import Facts, Verdict, evaluate, tiers_open
from rules.selection_rounds import RoundRules
from rules.selections import ApplicationState, ProposalState
from services.selection_applications_facts import facts_of
from services.selection_reviews_pools import Placed, pool_for
from services.selections import read_rules

MOST = 500
_LEFT_OUT = (ApplicationState.DRAFT, ApplicationState.MERGED, ApplicationState.WITHDRAWN)


@dataclass(frozen=True)
class Tried:
    """What the rules say of one candidate: for each tier, and what stands in the way."""

    name: str
    state: ApplicationState | None
    tiers: dict[str, bool | None]
    verdict: Verdict


def find_last(row: SelectionRound) -> SelectionRound | None:
    """Return the round with applicants to try rules on: the copied one, or the last before."""
    if row.copied_from_id is not None:
        return db.session.get(SelectionRound, row.copied_from_id)
    query = (
        select(SelectionRound)
        .where(
            SelectionRound.programme_id == row.programme_id,
            SelectionRound.id != row.id,
            SelectionRound.published_at.is_not(None),
        )
        .order_by(SelectionRound.year.desc(), SelectionRound.id.desc())
    )
    return db.session.scalar(query.limit(1))


def try_on_last(row: SelectionRound, rules: RoundRules) -> Sequence[Tried]:
    """Try rules on the applicants of the last round; nothing is written."""
    last = find_last(row)
    if last is None:
        return []
    query = (
        select(SelectionApplication.id, SelectionApplication.state, Person.name)
        .join(Person, Person.id == SelectionApplication.person_id)
        .where(
            SelectionApplication.round_id == last.id,
            SelectionApplication.state.not_in(_LEFT_OUT),
        )
        .order_by(SelectionApplication.number, SelectionApplication.id)
    )
    rows = db.session.execute(query.limit(MOST)).all()
    known = facts_of(key for key, _state, _name in rows)
    return [try_one(rules, known[key], name, state) for key, state, name in rows]


@dataclass(frozen=True)
class Moved:
    """Somebody who would have another tier; empty: none."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class TriedChoice:
    """Whom rules would choose among the candidates of the last review, in its order."""

    given: dict[str, int]
    quotas: tuple[QuotaOutcome, ...]
    moved: list[Moved]


def choose_on_last(row: SelectionRound, rules: RoundRules) -> TriedChoice | None:
    """Choose by rules among those of the last approved proposal; None where there is none.

    Those who share a place are parted by their numbers here: it is a trial, and decides nothing.
    """
    last = find_last(row)
    lines = [] if last is None else _lines(last.id)
    if last is None or not lines:
        return None
    placed = [Placed(one.application_id, one.rank or 0, _score(one.score)) for one, _ in lines]
    choice = choose(pool_for(rules, placed), by_row=True)
    before = {tier.key: tier.title for tier in read_rules(last.rules).tiers}
    now = {tier.key: tier.title for tier in rules.tiers}
    moved = []
    for line, name in lines:
        pair = before.get(line.tier, ""), now.get(choice.tiers.get(line.application_id, ""), "")
        if pair[0] != pair[1]:
            moved.append(Moved(name, *pair))
    counted = Counter(choice.tiers.values())
    return TriedChoice({key: counted[key] for key in now}, choice.quotas, moved)


def _lines(round_id: int) -> Sequence[tuple[SelectionLine, str]]:
    newest = (
        select(SelectionProposal.id)
        .where(
            SelectionProposal.round_id == round_id,
            SelectionProposal.state == ProposalState.APPROVED,
        )
        .order_by(SelectionProposal.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(SelectionLine, Person.name)
        .join(SelectionApplication, SelectionApplication.id == SelectionLine.application_id)
        .join(Person, Person.id == SelectionApplication.person_id)
        .where(SelectionLine.proposal_id == newest)
        .order_by(SelectionLine.position)
    )
    return [(line, name) for line, name in db.session.execute(query)]


def _score(text: str) -> Fraction | None:
    """Return a score that is a number; a ballot says it in other words."""
    try:
        return Fraction(text) if text else None
    except ValueError:
        return None


def try_one(
    rules: RoundRules, facts: Facts, name: str = "", state: ApplicationState | None = None
) -> Tried:
    """Try rules on what is known of one candidate."""
    day = rules.counts_on
    open_ = tiers_open(rules, facts, day)
    best = next((key for key, may in open_.items() if may), rules.tiers[-1].key)
    return Tried(name, state, dict(open_), evaluate(rules, facts, day, best))
