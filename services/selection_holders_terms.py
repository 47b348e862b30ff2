"""Terms of titles: begun by a decision, benefits laid out year by year, ended by the clock."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.honours import Honour
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selections import SelectionRound
from rules.selection_holders import HOLDER_MOVES, benefits_due, term_end
from rules.selection_rounds import After, RoundRules
from rules.selections import BenefitState, HolderState, RoundState
from rules.states import HonourState, moved
from rules.texts import N_
from services import audits, selections
from services.acting import Actor

CORRECTED = N_("The list was corrected.")
OVER = N_("The term is over.")


def follow(by: Actor, contest_id: int) -> int:
    """Part: begin the terms of whom a decided round honours; return how many are new.

    After a correction who is still on the list keeps the term, with the honour of the new list;
    the term of everybody else ends.
    """
    row = db.session.scalar(select(SelectionRound).where(SelectionRound.contest_id == contest_id))
    if row is None or row.state is not RoundState.DECIDED or row.decided_on is None:
        return 0
    rules = selections.rules_of(row)
    own = {one.person_id: one for one in _of_round(row.id)}
    standing = {one.person_id: one for one in _honours(contest_id)}
    fresh = [_taken(row, rules, own.get(key), honour) for key, honour in standing.items()]
    for key, holder in own.items():
        gone = key not in standing and holder.honour.state is HonourState.SUPERSEDED
        if gone and holder.state is HolderState.RUNNING:
            end(holder, row.decided_on, CORRECTED)
    db.session.flush()
    lay_out([one for one in fresh if one is not None], rules.after, by.today)
    return sum(one is not None for one in fresh)


def _of_round(round_id: int) -> Sequence[SelectionHolder]:
    query = select(SelectionHolder).options(joinedload(SelectionHolder.honour))
    return db.session.scalars(query.where(SelectionHolder.round_id == round_id)).all()


def _honours(contest_id: int) -> Sequence[Honour]:
    query = select(Honour).join(Event, Event.id == Honour.event_id)
    query = query.where(Event.contest_id == contest_id, Honour.state == HonourState.STANDING)
    return db.session.scalars(query.order_by(Honour.id)).all()


def _taken(
    row: SelectionRound, rules: RoundRules, holder: SelectionHolder | None, honour: Honour
) -> SelectionHolder | None:
    """Let a holder bear the honour of the present list; return who is new or bears another tier."""
    assert row.decided_on is not None
    tier = next((one.key for one in rules.tiers if one.title == honour.title), "")
    if holder is not None and holder.honour_id == honour.id:
        return None
    if holder is None:
        holder = SelectionHolder(programme_id=row.programme_id, round_id=row.id)
        holder.person_id, holder.year, holder.tier = honour.person_id, row.year, tier
        holder.starts_on = row.decided_on
        holder.ends_on = term_end(row.decided_on, rules.after)
        db.session.add(holder)
    changed = holder.tier != tier
    holder.honour, holder.tier, holder.state = honour, tier, HolderState.RUNNING
    holder.ended_on, holder.reason = None, ""
    return holder if holder.id is None or changed else None


def lay_out(holders: Iterable[SelectionHolder], after: After, until: date) -> int:
    """Part: write down the benefits of these terms up to the year of a day; each once."""
    rows = list(holders)
    if not rows or not after.benefits:
        return 0
    query = select(SelectionBenefit.holder_id, SelectionBenefit.key, SelectionBenefit.year)
    query = query.where(SelectionBenefit.holder_id.in_([one.id for one in rows]))
    known = {(row[0], row[1], row[2]) for row in db.session.execute(query)}
    year_end = until.replace(month=12, day=31)
    made = [
        SelectionBenefit(
            holder_id=one.id,
            key=due.benefit.key,
            title=due.benefit.title,
            kind=due.benefit.kind,
            year=due.year,
            due_on=due.due_on,
            amount=due.benefit.amount,
        )
        for one in rows
        for due in benefits_due(one.tier, one.starts_on, one.ends_on, after, year_end)
        if (one.id, due.benefit.key, due.year) not in known
    ]
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def end(holder: SelectionHolder, day: date, reason: str, revoked: bool = False) -> None:
    """Part: end a term; what was not given or ordered yet falls away."""
    state = HolderState.REVOKED if revoked else HolderState.ENDED
    holder.state = moved(HOLDER_MOVES, holder.state, state)
    holder.ended_on, holder.reason = day, reason
    falls = select(SelectionBenefit).where(
        SelectionBenefit.holder_id == holder.id,
        SelectionBenefit.state == BenefitState.DUE,
        SelectionBenefit.due_on > day if not revoked else SelectionBenefit.id > 0,
    )
    for one in db.session.scalars(falls.with_for_update()):
        one.state, one.note = BenefitState.CANCELLED, reason


def end_due(by: Actor) -> int:
    """Part: end the terms whose last day is over; return how many."""
    query = (
        select(SelectionHolder)
        .where(SelectionHolder.state == HolderState.RUNNING, SelectionHolder.ends_on < by.today)
        .order_by(SelectionHolder.id)
        .with_for_update()
    )
    rows = db.session.scalars(query).all()
    for holder in rows:
        assert holder.ends_on is not None
        end(holder, holder.ends_on, OVER)
        audits.record(by, "end_term", "selection_holder", holder.id, after={"state": holder.state})
    return len(rows)
