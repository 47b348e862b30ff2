"""Acts that put a new certificate in the place of a valid one, or make its number void."""

from models.database import db
from rules.refusals import Refused
from rules.states import CertificateState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.certificates import locked_certificate, revoke_part, successor_part
from services.certificates_issuing import Say
from services.certificates_numbers import void_part
from services.transaction import transaction


@transaction
def replace(by: Actor, certificate_id: int, *, reason: str, say: Say = str) -> int:
    """Revoke a certificate and issue one by today's facts in its place, both or neither (R4.26).

    The award stands, so its money is not touched.
    """
    old = locked_certificate(certificate_id)
    if old.state is not CertificateState.ISSUED:
        raise Refused(N_("This certificate is not valid any more; issue it anew."))
    revoke_part(by, old, reason)
    db.session.flush()
    made = successor_part(by, old, say)
    after = {"number": made.number, "in_place_of": old.number, "reason": reason}
    contest_id = old.contest_id
    audits.record(by, "replace", "certificate", made.id, contest_id=contest_id, after=after)
    return made.id


@transaction
def void(by: Actor, certificate_id: int, *, reason: str) -> int:
    """Make the number of a certificate void that was never handed out, such as a spoilt sheet.

    It stays in the register; the award waits for a certificate again, and its money goes on.
    """
    certificate = locked_certificate(certificate_id)
    revoke_part(by, certificate, reason)
    void_part(by, certificate.number, reason)
    after = {"number": certificate.number, "reason": reason}
    contest_id = certificate.contest_id
    audits.record(by, "void", "certificate", certificate_id, contest_id=contest_id, after=after)
    return certificate_id
