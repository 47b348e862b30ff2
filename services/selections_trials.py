"""A dry run of a round's rules: what they would say of last time's applicants, or of an example."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selection_eligibility import Facts, Verdict, evaluate, tiers_open
from rules.selection_rounds import RoundRules
from rules.selections import ApplicationState
from services.selection_applications_facts import facts_of

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


def try_one(
    rules: RoundRules, facts: Facts, name: str = "", state: ApplicationState | None = None
) -> Tried:
    """Try rules on what is known of one candidate."""
    day = rules.counts_on
    open_ = tiers_open(rules, facts, day)
    best = next((key for key, may in open_.items() if may), rules.tiers[-1].key)
    return Tried(name, state, dict(open_), evaluate(rules, facts, day, best))
