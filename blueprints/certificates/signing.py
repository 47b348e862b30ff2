"""The page about what certificates are signed with: present key, past ones, how long they last."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.certificates.forms import SignerForm
from blueprints.certificates.views import blueprint
from blueprints.web import attempt, now, translated
from rules.acts import Act
from services import signatures
from services.certificates_identity import source_of


@blueprint.get("/certificates/signers")
@allows(Act.SEE_SIGNERS)
def list_signers() -> ResponseReturnValue:
    """Show with what certificates are signed, and with what they were."""
    return _signers_page(SignerForm(formdata=None))


@blueprint.post("/certificates/signers/<int:signer_id>/revoke")
@allows(Act.REVOKE_SIGNER)
def revoke_signer(signer_id: int) -> ResponseReturnValue:
    """Say that a key is no longer safe."""
    form = SignerForm()
    if form.validate() and attempt(
        form, signatures.revoke_signer, signer_id, reason=form.reason.data or ""
    ):
        flash(gettext("Nothing more is signed with this key."), "success")
        return redirect(url_for("certificates.list_signers"), 303)
    return _signers_page(form, signer_id), 422


def _signers_page(form: SignerForm, revoking: int | None = None) -> str:
    source = source_of(current_app.config["SETTINGS"], now())
    found = signatures.present(source, now())
    return render_template(
        "certificates/list_signers.html",
        present=found,
        problem=translated(found.problem) if found.problem else None,
        stamps=bool(source and source.stamp_url),
        in_token=bool(source and source.in_token),
        signers=signatures.list_signers(),
        form=form,
        revoking=revoking,
    )
