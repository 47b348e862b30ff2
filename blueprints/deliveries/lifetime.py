"""Everything that one person was ever given, to see and to download."""

from flask import abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.deliveries.claiming import OPEN, owner, require_owner
from blueprints.deliveries.sending import PDF, pdf_maker, send_archive
from blueprints.deliveries.views import blueprint
from blueprints.web import download, limiter
from rules.acts import Act
from services import certificates_archives, honours_lifetime

_LOOKS, _ARCHIVES = "120/minute", "10/minute"


@blueprint.get("/lifetime")
@limiter.limit(_LOOKS)
@allows(Act.CLAIM_HONOURS)
def lifetime() -> ResponseReturnValue:
    """Show every certificate and honour of one's life."""
    person_id = owner()
    if person_id is None:
        return redirect(url_for(".begin"), 303)
    return lifetime_page(person_id)


def lifetime_page(person_id: int) -> str:
    """Render the page of a lifetime."""
    return render_template(
        "deliveries/lifetime.html",
        life=honours_lifetime.lifetime_of(person_id),
        by_code=OPEN in session,
    )


@blueprint.get("/lifetime/certificates/<number>", endpoint="download")
@limiter.limit(_LOOKS)
@allows(Act.CLAIM_HONOURS)
def download_certificate(number: str) -> ResponseReturnValue:
    """Send one of one's own certificates as PDF."""
    found = honours_lifetime.find_valid(require_owner(), number) or abort(404)
    return download(pdf_maker()(found), certificates_archives.file_name(found), PDF)


@blueprint.get("/lifetime/certificates.zip")
@limiter.limit(_ARCHIVES)
@allows(Act.CLAIM_HONOURS)
def archive() -> ResponseReturnValue:
    """Send all of one's own certificates, with an index."""
    life = honours_lifetime.lifetime_of(require_owner())
    ids = [one.id for one in life.valid]
    return send_archive(ids, gettext("Certificates of %(name)s", name=life.person.name))
