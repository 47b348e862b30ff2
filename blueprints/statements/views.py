"""What everybody reads to check statements and badges: keys, the issuer, status lists."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.access import allows, require_holder
from blueprints.web import base_url, download, limiter, now
from models.certificates import Certificate
from rules.acts import Act
from rules.badges import Site
from rules.states import CertificateState
from rules.status_lists import Purpose
from services import certificates_lists, statements_badges, statements_keys, statements_status

blueprint = Blueprint("statements", __name__)
_READS = "120 per minute"
_PURPOSES = {purpose.value: purpose for purpose in Purpose}


def site() -> Site:
    """Return where the issuer is found."""
    return Site(base_url())


def _public(data: dict[str, Any], mimetype: str) -> Response:
    """Answer with data that any page of any site may read."""
    response = jsonify(data)
    response.mimetype = mimetype
    return _open(response)


def _open(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/.well-known/jwks.json")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def key_set() -> ResponseReturnValue:
    """Show the public keys as a JWK set; retired ones are in it, compromised ones are not."""
    return _public(statements_keys.key_set(), "application/jwk-set+json")


@blueprint.get("/.well-known/did.json")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def issuer() -> ResponseReturnValue:
    """Show who issues badges, and by which keys."""
    return _public(statements_badges.issuer_of(site()), "application/did+json")


@blueprint.get("/status/<int:number>/<purpose>")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def status_list(number: int, purpose: str) -> ResponseReturnValue:
    """Show a status list; whoever has the present one already gets only a nod."""
    if purpose not in _PURPOSES or not 0 < number < 2**16:
        abort(404)
    made = statements_status.publish(site(), number, _PURPOSES[purpose], now())
    response = Response(made.token, mimetype=statements_badges.MEDIA_TYPE)
    response.set_etag(made.digest)
    return _open(response).make_conditional(request)


@blueprint.get("/certificates/<int:certificate_id>/badge")
@allows(Act.DOWNLOAD_CERTIFICATE)
def badge(certificate_id: int) -> ResponseReturnValue:
    """Send the badge of a valid certificate; only its winner can have the name put in clear."""
    certificate = certificates_lists.get_certificate(certificate_id)
    if certificate.state is not CertificateState.ISSUED:
        abort(404)
    named = request.args.get("name") == "1" and _is_own(certificate)
    token = statements_badges.badge_of(certificate, site(), with_name=named)
    return download(token.encode(), f"{certificate.number}.jwt", statements_badges.MEDIA_TYPE)


def _is_own(certificate: Certificate) -> bool:
    return require_holder().person_id == certificate.person_id
