"""How certificates leave the server: one as PDF, many as a ZIP that is sent while it is made."""

from collections.abc import Callable, Sequence

from flask import Response, abort, current_app, stream_with_context, url_for
from flask_babel import gettext

from blueprints.web import now, today
from models.certificates import Certificate
from services import certificates_archives, certificates_layouts

PDF, ZIP = "application/pdf", "application/zip"


def pdf_maker() -> Callable[[Certificate], bytes]:
    """Return what makes the PDF of a certificate in this request."""
    folder = current_app.config["SETTINGS"].files_dir

    def made(certificate: Certificate) -> bytes:
        check_url = url_for("certificates.check", code=certificate.check_code, _external=True)
        return certificates_layouts.pdf_of(certificate, check_url, folder)

    return made


def send_archive(ids: Sequence[int], title: str, by_event: bool = False) -> Response:
    """Send certificates as a ZIP while they are made; 404 without any."""
    if not ids:
        abort(404)
    members = certificates_archives.members(ids, pdf_maker(), gettext, by_event)
    pieces = certificates_archives.stream(members, now())
    reply = Response(stream_with_context(pieces), mimetype=ZIP)
    name = f"{title}-{today():%Y%m%d}.zip"
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    reply.headers["Cache-Control"] = "no-store"
    return reply
