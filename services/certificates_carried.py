"""Certificates of results that were replaced: the same award keeps its paper, another one loses it.

A new revision gives every award a new row. Who won the same there keeps the certificate with its
number; of everybody else it is revoked, and its check page says so (R4.26).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.awards import Award, AwardShare
from models.certificates import Certificate
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.results import Result, Revision
from rules.certificate_kinds import CertificateKind
from rules.ranking import EntryStatus
from rules.states import CertificateState, EventState, RevisionState
from services.acting import Actor
from services.certificates import revoke_part

# As official papers say it.
_REASON = "获奖名单已更正，原证书作废。"
_OUT = "比赛成绩已更正，原证书作废。"


def carry_over(by: Actor, contest_id: int) -> None:
    """Part: settle the certificates of replaced results, once the new ones are final."""
    for certificate, old, new in _replaced(contest_id):
        if new is not None and _said(old) == _said(new):
            certificate.award_id = new.id
        else:
            revoke_part(by, certificate, _REASON)
    for certificate in _excluded(contest_id):
        revoke_part(by, certificate, _OUT)
    db.session.flush()


def _excluded(contest_id: int) -> Sequence[Certificate]:
    """Return the papers of participation of whom the final results no longer count."""
    counts = (
        select(Result.id)
        .join(Revision, Revision.id == Result.revision_id)
        .where(Result.entry_id == Certificate.entry_id, Result.status == EntryStatus.COMPETED)
        .where(Revision.state == RevisionState.SIGNED)
    )
    query = (
        select(Certificate)
        .join(Event, Event.id == Certificate.event_id)
        .where(Certificate.contest_id == contest_id, Event.state == EventState.FINAL)
        .where(Certificate.kind == CertificateKind.PARTICIPATION, ~counts.exists())
        .where(Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.id)
    )
    return db.session.scalars(query.with_for_update(of=Certificate)).all()


def follow_prizes(by: Actor, contest_id: int) -> None:
    """Part: revoke the papers of employers who no longer win the prize they name."""
    given = select(AwardShare.id).where(
        AwardShare.contest_id == Certificate.contest_id,
        AwardShare.employer_id == Certificate.employer_id,
        AwardShare.title == Certificate.prize,
    )
    query = (
        select(Certificate)
        .where(Certificate.contest_id == contest_id, ~given.exists())
        .where(Certificate.kind == CertificateKind.PLAQUE)
        .where(Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.id)
    )
    for certificate in db.session.scalars(query.with_for_update()):
        revoke_part(by, certificate, _REASON)


def _said(award: Award) -> tuple[object, ...]:
    return (award.tier_title, *award.honours)


def _replaced(contest_id: int) -> Sequence[tuple[Certificate, Award, Award | None]]:
    old, new = aliased(Award), aliased(Award)
    gone, present = aliased(Revision), aliased(Revision)
    signed = select(Award.id).join(present, present.id == Award.revision_id)
    signed = signed.where(present.state == RevisionState.SIGNED)
    query = (
        select(Certificate, old, new)
        .join(old, old.id == Certificate.award_id)
        .join(gone, gone.id == old.revision_id)
        .join(Entry, Entry.id == old.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .outerjoin(new, (new.entry_id == old.entry_id) & new.id.in_(signed))
        .where(Event.contest_id == contest_id, Event.state == EventState.FINAL)
        .where(Certificate.state == CertificateState.ISSUED)
        .where(gone.state == RevisionState.SUPERSEDED)
        .order_by(Certificate.id)
    )
    return [
        (row[0], row[1], row[2])
        for row in db.session.execute(query.with_for_update(of=Certificate))
    ]
