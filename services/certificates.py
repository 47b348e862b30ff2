"""Acts on certificates: issue, revoke, issue anew."""

from sqlalchemy import select

from models.awards import Award
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.people import Person
from rules.personal_data import text_problems
from rules.refusals import Missing, Refused
from rules.states import CERTIFICATE_MOVES, CertificateState, moved
from rules.texts import N_
from services import audits, objections_holds, payouts_changes
from services.acting import Actor
from services.certificates_issuing import (
    Due,
    Say,
    add_part,
    due_of,
    facts_query,
    has_certificate,
)
from services.transaction import transaction


@transaction
def issue(by: Actor, contest_id: int, say: Say = str) -> int:
    """Issue certificates for all awards of final events that have none yet, one a member.

    ``say`` turns award names that come from the usual plan into the language of the certificate.
    """
    db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    due = due_of(contest_id)
    if not due:
        raise Refused(N_("There is no award of a final event without a certificate."))
    made = add_part(by, due, say)
    after = {"numbers": [certificate.number for certificate in made]}
    audits.record(by, "issue", "contest", contest_id, contest_id=contest_id, after=after)
    return len(made)


@transaction
def revoke(by: Actor, certificate_id: int, *, reason: str) -> int:
    """Revoke a certificate; its number stays and its check page says so (R4.26).

    The money of its award is stopped, or must come back.
    """
    certificate = locked_certificate(certificate_id)
    revoke_part(by, certificate, reason)
    entry_id, person_id = certificate.award.entry_id, certificate.person_id
    payouts_changes.bar(by, entry_id, person_id, reason)
    return certificate_id


def revoke_part(by: Actor, certificate: Certificate, reason: str) -> None:
    """Part: revoke a locked certificate; everybody reads the reason on its check page (R9.03)."""
    for problem in text_problems({"reason": reason}, by.today):
        raise problem
    certificate.state = moved(CERTIFICATE_MOVES, certificate.state, CertificateState.REVOKED)
    certificate.revoked_at, certificate.revoked_reason = by.now, reason
    after = {"number": certificate.number, "reason": reason}
    contest_id = contest_of(certificate)
    audits.record(by, "revoke", "certificate", certificate.id, contest_id=contest_id, after=after)


@transaction
def reissue(by: Actor, certificate_id: int, say: Say = str) -> int:
    """Issue a new certificate with a new number in place of a revoked one, by today's facts."""
    old = locked_certificate(certificate_id)
    if old.state is not CertificateState.REVOKED:
        raise Refused(N_("Revoke the certificate first; then it can be issued anew."))
    query = facts_query().where(Award.id == old.award_id, Person.id == old.person_id)
    query = query.where(~objections_holds.is_held())
    row = db.session.execute(query.where(~has_certificate(CertificateState.ISSUED))).first()
    if row is None:
        raise Refused(N_("There is a valid certificate for this award already."))
    (made,) = add_part(by, [Due(*row)], say)
    made.replaces_id = old.id
    after = {"number": made.number, "in_place_of": old.number}
    payouts_changes.lift(by, old.award.entry_id, old.person_id, made.number)
    contest_id = contest_of(old)
    audits.record(by, "reissue", "certificate", made.id, contest_id=contest_id, after=after)
    return made.id


def locked_certificate(certificate_id: int) -> Certificate:
    """Return a certificate, locked for an act; raise Missing."""
    found = db.session.get(
        Certificate, certificate_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(certificate_id)
    return found


def contest_of(certificate: Certificate) -> int | None:
    """Return the contest that a certificate comes from."""
    query = select(Event.contest_id).join(Entry).join(Award)
    return db.session.scalar(query.where(Award.id == certificate.award_id))
