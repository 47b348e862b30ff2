"""One prize a person over all events of an edition: shares that a higher one takes away."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from models.awards import AwardShare
from models.contests import Contest, Event, RuleVersion
from models.database import db
from models.results import Revision
from rules.award_shares import Claim, ShareKind, settle
from rules.states import EventState, RevisionState


def settle_contest(contest_id: int) -> None:
    """Part: pay each person of an edition the highest prize alone (R4.07).

    Shares of final events may have been ordered already, and stay. The rest is settled anew, so
    that the order in which the events were computed makes no difference.
    """
    limited = {key: row for key, row in _present(contest_id).items() if _highest_only(row.plan)}
    if not limited:
        return
    # Two events of one edition that are computed at once settle one after the other.
    db.session.get(Contest, contest_id, with_for_update=True)
    claims, present = [], {}
    for row in _shares(limited):
        claims.append(_claim(row, limited[row.revision_id]))
        present[row.id] = (row.amount, row.reason)
    changed = [
        {"id": key, "amount": one.amount, "reason": one.reason}
        for key, one in settle(claims).items()
        if present[key] != (one.amount, one.reason)
    ]
    if changed:
        db.session.execute(update(AwardShare), changed)


def _present(contest_id: int) -> dict[int, Any]:
    query = (
        select(Revision.id, Event.state, Event.position, RuleVersion.plan, RuleVersion.edition)
        .join(Event, Event.id == Revision.event_id)
        .join(RuleVersion, RuleVersion.id == Revision.rule_version_id)
        .where(Event.contest_id == contest_id, Revision.state != RevisionState.SUPERSEDED)
    )
    return {row.id: row for row in db.session.execute(query)}


def _highest_only(plan: dict[str, Any]) -> bool:
    return bool(plan.get("awards", {}).get("highest_only", False))


def _shares(revisions: Iterable[int]) -> Iterable[Any]:
    query = select(
        AwardShare.id,
        AwardShare.revision_id,
        AwardShare.person_id,
        AwardShare.promised,
        AwardShare.amount,
        AwardShare.reason,
    ).where(AwardShare.revision_id.in_(revisions), AwardShare.kind == ShareKind.MEMBER)
    return db.session.execute(query.order_by(AwardShare.id))


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
