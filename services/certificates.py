"""Acts on certificates: issue, revoke, issue anew."""

from sqlalchemy import select

from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from rules.certificate_kinds import CertificateKind
from rules.personal_data import text_problems
from rules.refusals import Missing, Refused
from rules.states import CERTIFICATE_MOVES, CertificateState, moved
from rules.texts import N_
from services import audits, payouts_changes
from services.acting import Actor
from services.certificates_issuing import Say, add_part, due_again, due_of
from services.certificates_papers import key_of
from services.transaction import transaction

NOTHING_DUE = {
    CertificateKind.HONOUR: N_("There is no award of a final event without a certificate."),
    CertificateKind.TEAM: N_("There is no award of a team without a certificate."),
    CertificateKind.COACH: N_("There is no honoured coach without a certificate."),
    CertificateKind.LEVEL: N_("There is no approved level without a certificate."),
    CertificateKind.PARTICIPATION: N_("Nobody of a final event is without a certificate."),
    CertificateKind.JUDGE: N_("No judge who signed all sheets is without a certificate."),
    CertificateKind.APPOINTMENT: N_("Nobody who was called is without a letter."),
    CertificateKind.PLAQUE: N_("There is no prize of an employer without its paper."),
}


@transaction
def issue(
    by: Actor,
    contest_id: int,
    say: Say = str,
    kind: CertificateKind = CertificateKind.HONOUR,
) -> int:
    """Issue all certificates of a kind that are due and never were issued; say how many.

    ``say`` turns words that come from the usual plan into the language of the certificate.
    """
    db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    due = due_of(contest_id, kind)
    if not due:
        raise Refused(NOTHING_DUE[kind])
    made = add_part(by, due, say)
    after = {"numbers": [certificate.number for certificate in made]}
    audits.record(by, "issue", "contest", contest_id, contest_id=contest_id, after=after)
    return len(made)


@transaction
def revoke(by: Actor, certificate_id: int, *, reason: str) -> int:
    """Revoke a certificate; its number stays and its check page says so (R4.26).

    The money of an honour's award is stopped, or must come back.
    """
    certificate = locked_certificate(certificate_id)
    revoke_part(by, certificate, reason)
    honoured = _honoured(certificate)
    if honoured is not None:
        payouts_changes.bar(by, *honoured, reason)
    return certificate_id


def revoke_part(by: Actor, certificate: Certificate, reason: str) -> None:
    """Part: revoke a locked certificate; everybody reads the reason on its check page (R9.03)."""
    for problem in text_problems({"reason": reason}, by.today):
        raise problem
    certificate.state = moved(CERTIFICATE_MOVES, certificate.state, CertificateState.REVOKED)
    certificate.revoked_at, certificate.revoked_reason = by.now, reason
    after = {"number": certificate.number, "reason": reason}
    contest_id = certificate.contest_id
    audits.record(by, "revoke", "certificate", certificate.id, contest_id=contest_id, after=after)


@transaction
def reissue(by: Actor, certificate_id: int, say: Say = str) -> int:
    """Issue a new certificate with a new number in place of a revoked one, by today's facts."""
    old = locked_certificate(certificate_id)
    # Somebody else may issue the same paper anew from another revoked one.
    db.session.get(Contest, old.contest_id, with_for_update=True, populate_existing=True)
    if old.state is not CertificateState.REVOKED:
        raise Refused(N_("Revoke the certificate first; then it can be issued anew."))
    if _has_valid(old):
        raise Refused(N_("There is a valid certificate for this award already."))
    made = successor_part(by, old, say)
    after = {"number": made.number, "in_place_of": old.number}
    honoured = _honoured(old)
    if honoured is not None:
        payouts_changes.lift(by, *honoured, made.number)
    contest_id = old.contest_id
    audits.record(by, "reissue", "certificate", made.id, contest_id=contest_id, after=after)
    return made.id


def successor_part(by: Actor, old: Certificate, say: Say) -> Certificate:
    """Part: issue a paper by today's facts in the place of a revoked one."""
    due = due_again(old)
    if due is None:
        raise Refused(N_("What this certificate was issued for no longer stands."))
    (made,) = add_part(by, [due], say)
    made.replaces_id = old.id
    return made


def _honoured(certificate: Certificate) -> tuple[int, int] | None:
    """Return the entry and person whose money goes with an honour; other papers bear none."""
    if certificate.kind is not CertificateKind.HONOUR:
        return None
    if certificate.award is None or certificate.person_id is None:
        raise RuntimeError(f"certificate {certificate.id} is an honour of nobody")
    return certificate.award.entry_id, certificate.person_id


def _has_valid(old: Certificate) -> bool:
    query = select(Certificate).where(
        Certificate.contest_id == old.contest_id,
        Certificate.kind == old.kind,
        Certificate.state == CertificateState.ISSUED,
        Certificate.person_id.is_not_distinct_from(old.person_id),
    )
    return any(key_of(one) == key_of(old) for one in db.session.scalars(query))


def locked_certificate(certificate_id: int) -> Certificate:
    """Return a certificate, locked for an act; raise Missing."""
    found = db.session.get(
        Certificate, certificate_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(certificate_id)
    return found
