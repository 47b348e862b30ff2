"""Certificates of an employer's people, as far as they have agreed to it."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.deliveries.sending import send_archive, send_one
from blueprints.deliveries.views import blueprint
from blueprints.web import acting, page_number, today
from rules.acts import Act
from rules.certificate_kinds import given_by
from services import certificates_archives, consents


def _employer() -> int:
    return require_holder().employer_id or 0


@blueprint.get("/staff-certificates")
@allows(Act.FETCH_CERTIFICATES)
def list_staff() -> ResponseReturnValue:
    """List people with their certificates where they agreed, else what is public of them."""
    staff = consents.staff_of(_employer(), today(), page_number())
    return render_template("deliveries/list_staff.html", staff=staff, given=given_by)


@blueprint.get("/staff-certificates/<number>")
@allows(Act.FETCH_CERTIFICATES)
def fetch(number: str) -> ResponseReturnValue:
    """Send one certificate of somebody who agreed; it is recorded."""
    (found,) = certificates_archives.read(_recorded(number))
    return send_one(found, url_for(".list_staff"))


@blueprint.get("/staff-certificates.zip")
@allows(Act.FETCH_CERTIFICATES)
def fetch_all() -> ResponseReturnValue:
    """Send the certificates of everybody who agreed; each is recorded."""
    title = gettext("Certificates of our people")
    return send_archive(_recorded(), title, url_for(".list_staff"), by_event=True)


def _recorded(number: str | None = None) -> list[int]:
    ids = consents.fetchable_ids(_employer(), today(), number)
    if not ids:
        abort(404)
    consents.record_fetch(acting(), _employer(), ids)
    return ids
