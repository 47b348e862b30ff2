"""One prize a person over all events of an edition: shares that a higher one takes away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from models.awards import AwardShare
from models.contests import Contest, Event, RuleVersion
from models.database import db
from models.results import Revision
from rules.award_shares import Claim, Settled, ShareKind, settle
from rules.plans import EditionRules, EventPlan
from rules.states import EventState, RevisionState


def settle_contest(contest_id: int) -> None:
    """Part: pay each person of an edition the highest prize alone (R4.07).

    Shares of final events may have been ordered already, and stay. The rest is settled anew, so
    that the order in which the events were computed makes no difference.
    """
    limited = _limited(contest_id)
    if not limited:
        return
    # Two events of one edition that are computed at once settle one after the other.
    db.session.get(Contest, contest_id, with_for_update=True)
    rows = _shares(limited)
    present = {row.id: (row.amount, row.reason) for row in rows}
    changed = [
        {"id": key, "amount": one.amount, "reason": one.reason}
        for key, one in settle(_claim(row, limited[row.revision_id]) for row in rows).items()
        if present[key] != (one.amount, one.reason)
    ]
    if changed:
        db.session.execute(update(AwardShare), changed)


@dataclass(frozen=True)
class Foreseen:
    """How shares would be settled: those of one event by their place, and others by their id."""

    own: Mapping[int, Settled]
    others: Mapping[int, Settled]


def foresee(
    event: Event, plan: EventPlan, edition: EditionRules, shares: Sequence[Mapping[str, Any]]
) -> Foreseen:
    """Work out what one prize a person would do to the shares of a dry run; nothing is written."""
    if not plan.awards.highest_only:
        return Foreseen({}, {})
    limited = _limited(event.contest_id, but_event=event.id)
    rows = _shares(limited) if limited else []
    basis, exempt = plan.awards.amount_basis, edition.tax_exempt
    # Own shares have no ids yet: they count as the last rows of their event.
    own = [
        Claim(
            -1 - place,
            share["person_id"],
            share["promised"],
            basis,
            exempt,
            (event.position, len(rows) + place),
        )
        for place, share in enumerate(shares)
        if share["kind"] is ShareKind.MEMBER
    ]
    found = settle([*(_claim(row, limited[row.revision_id]) for row in rows), *own])
    present = {row.id: row.amount for row in rows}
    return Foreseen(
        {-1 - key: one for key, one in found.items() if key < 0},
        {key: one for key, one in found.items() if key >= 0 and present[key] != one.amount},
    )


def _limited(contest_id: int, but_event: int | None = None) -> dict[int, Any]:
    query = (
        select(Revision.id, Event.state, Event.position, RuleVersion.plan, RuleVersion.edition)
        .join(Event, Event.id == Revision.event_id)
        .join(RuleVersion, RuleVersion.id == Revision.rule_version_id)
        .where(Event.contest_id == contest_id, Revision.state != RevisionState.SUPERSEDED)
    )
    if but_event is not None:
        query = query.where(Event.id != but_event)
    return {row.id: row for row in db.session.execute(query) if _highest_only(row.plan)}


def _highest_only(plan: dict[str, Any]) -> bool:
    return bool(plan.get("awards", {}).get("highest_only", False))


def _shares(revisions: Iterable[int]) -> Sequence[Any]:
    query = select(
        AwardShare.id,
        AwardShare.revision_id,
        AwardShare.person_id,
        AwardShare.promised,
        AwardShare.amount,
        AwardShare.reason,
    ).where(AwardShare.revision_id.in_(revisions), AwardShare.kind == ShareKind.MEMBER)
    return db.session.execute(query.order_by(AwardShare.id)).all()


def _claim(row: Any, revision: Any) -> Claim:
    return Claim(
        row.id,
        row.person_id,
        row.promised,
        revision.plan.get("awards", {}).get("amount_basis", "gross"),
        bool(revision.edition.get("tax_exempt", False)),
        (revision.position, row.id),
        row.amount if revision.state is EventState.FINAL else None,
    )
