"""Open Badges of certificates, signed with the keys of statements."""

from models.certificates import Certificate
from models.encryption import keyring
from rules.badges import Badge, Site, credential_of, issuer_document, vc_header
from rules.refusals import Missing
from services.statements import active_key, compact, jwk_of, list_trusted

MEDIA_TYPE = "application/vc+jwt"


def badge_of(certificate: Certificate, site: Site, *, with_name: bool) -> str:
    """Return the badge of a certificate as VC-JWT; its holder decides whether the name is in it."""
    key, place = active_key(), certificate.status_list
    if key is None or place is None or certificate.status_index is None:
        raise Missing(certificate.id)
    badge = Badge(
        certificate.facts,
        certificate.check_code,
        (place.number, certificate.status_index),
        # Nobody can try names against the hash without this badge.
        keyring.sign(certificate.check_code, "salt of a badge")[:32],
        with_name,
        certificate.issued_at,
    )
    return compact(key, vc_header(site, key.kid), credential_of(badge, site))


def issuer_of(site: Site) -> dict[str, object]:
    """Return the issuer's DID document; a key that others may have is not in it."""
    return issuer_document(site, {key.kid: jwk_of(key) for key in list_trusted()})
