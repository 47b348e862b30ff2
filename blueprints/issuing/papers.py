"""One certificate with its history, and the acts that put another one in its place."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.issuing.forms import ReasonForm
from blueprints.issuing.views import blueprint
from blueprints.web import attempt, in_chinese
from rules.acts import Act
from services import certificates_lists, certificates_replacing, issuing_lists


@blueprint.get("/certificates/<int:certificate_id>/history")
@allows(Act.ISSUE_CERTIFICATE)
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """Show what became of a certificate: what it replaced, what replaced it, its number."""
    return _page(certificate_id)


def _page(certificate_id: int, **forms: ActForm) -> str:
    certificate = certificates_lists.get_certificate(certificate_id)
    names = ("replacing", "voiding")
    return render_template(
        "issuing/show_certificate.html",
        certificate=certificate,
        history=issuing_lists.history_of(certificate),
        forms={name: forms.get(name) or ReasonForm(formdata=None) for name in names},
    )


@blueprint.post("/certificates/<int:certificate_id>/replace")
@allows(Act.ISSUE_CERTIFICATE)
def replace(certificate_id: int) -> ResponseReturnValue:
    """Revoke a certificate and issue one by today's facts in its place."""
    form = ReasonForm()
    act, reason = certificates_replacing.replace, form.reason.data or ""
    done = form.validate() and attempt(form, act, certificate_id, reason=reason, say=in_chinese)
    if not done:
        return _page(certificate_id, replacing=form), 422
    flash(gettext("The certificate is replaced. The new one has a new number."), "success")
    return redirect(url_for("issuing.show_certificate", certificate_id=done.id), 303)


@blueprint.post("/certificates/<int:certificate_id>/void")
@allows(Act.REVOKE_CERTIFICATE)
def void(certificate_id: int) -> ResponseReturnValue:
    """Make the number of a certificate void that was never handed out."""
    form = ReasonForm()
    act, reason = certificates_replacing.void, form.reason.data or ""
    if form.validate() and attempt(form, act, certificate_id, reason=reason):
        flash(gettext("The number is void. The award waits for a certificate again."), "success")
        return redirect(url_for("issuing.show_certificate", certificate_id=certificate_id), 303)
    return _page(certificate_id, voiding=form), 422
