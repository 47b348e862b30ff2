"""The public page that looks at a certificate's PDF."""

from datetime import date

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.certificates.forms import FileForm
from blueprints.certificates.views import blueprint
from blueprints.web import limiter, now, translated
from rules import certificate_kinds
from rules.acts import Act
from rules.refusals import Refused
from rules.states import CertificateState
from services import certificates_lists, certificates_uploads
from services.acting import ZONE
from services.certificates_identity import source_of
from services.certificates_uploads import Answer

_FILES = "10 per minute; 60 per hour"


@blueprint.route("/verify/file", methods=["GET", "POST"])
@limiter.limit(_FILES, methods=["POST"])
@allows(Act.VERIFY_CERTIFICATE)
def check_file() -> ResponseReturnValue:
    """Say of a PDF whether it is ours and unaltered; it is never kept."""
    form = FileForm()
    if request.method != "POST" or not form.validate():
        return _file_page(form, None), 422 if request.method == "POST" else 200
    source = source_of(current_app.config["SETTINGS"], now())
    try:
        found = certificates_uploads.check_upload(form.file.data.read(), source)
    except Refused as refusal:
        form.refuse(translated(refusal), refusal.field)
        return _file_page(form, None), 422
    return _file_page(form, found)


def _file_page(form: FileForm, found: Answer | None) -> str:
    certificate = found.certificate if found else None
    ended = certificate.revoked_at if certificate else None
    return render_template(
        "certificates/check_file.html",
        form=form,
        found=found,
        certificate=certificate,
        said_by=certificate_kinds.said_by(certificate.facts) if certificate else [],
        revoked=certificate is not None and certificate.state is CertificateState.REVOKED,
        replaced=certificate is not None and certificates_lists.is_replaced(certificate),
        issued_on=date.fromisoformat(certificate.facts["date"]) if certificate else None,
        revoked_on=ended.astimezone(ZONE).date() if ended else None,
    )
