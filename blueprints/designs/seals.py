"""Pages of seals: upload, approval, withdrawal; the picture only for those who manage seals."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.designs.forms import SealForm, WithdrawForm
from blueprints.designs.views import blueprint
from blueprints.web import acting, attempt, attempt_button, download, files_dir, today
from rules.acts import Act
from services import seals, seals_pictures
from services.seals import Validity


@blueprint.route("/certificate-seals", methods=["GET", "POST"])
@allows(Act.MANAGE_SEALS)
def list_seals() -> ResponseReturnValue:
    """List the seals; take in a picture of another one."""
    form = SealForm(valid_from=today())
    if form.validate_on_submit() and form.valid_from.data:
        until = form.valid_until.data
        validity = Validity(form.body.data or "", form.valid_from.data, until)
        done = attempt(form, seals.upload, validity, form.file.data.read(), files_dir())
        if done:
            flash(gettext("The seal waits for a second person."), "success")
            return redirect(url_for(".list_seals"), 303)
    return _page(form), 422 if form.is_submitted() else 200


def _page(form: SealForm, withdrawing: WithdrawForm | None = None) -> str:
    return render_template(
        "designs/list_seals.html",
        seals=seals.list_seals(),
        form=form,
        withdrawing=withdrawing,
    )


@blueprint.get("/certificate-seals/<int:seal_id>/preview")
@allows(Act.MANAGE_SEALS)
def preview_seal(seal_id: int) -> ResponseReturnValue:
    """Send a small, pale picture of a seal with words across it."""
    data = seals.bytes_of(seals.get_seal(seal_id), files_dir())
    response = Response(seals_pictures.masked(data), mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/certificate-seals/<int:seal_id>/file")
@allows(Act.MANAGE_SEALS)
def download_seal(seal_id: int) -> ResponseReturnValue:
    """Send the picture of a seal; that is recorded before it goes out."""
    found = seals.get_seal(seal_id)
    data, name = seals.bytes_of(found, files_dir()), f"{found.body}.png"
    seals.take_copy(acting(), seal_id)
    return download(data, name, "image/png")


@blueprint.post("/certificate-seals/<int:seal_id>/approve")
@allows(Act.APPROVE_SEAL)
def approve_seal(seal_id: int) -> ResponseReturnValue:
    """Approve a seal as a second person."""
    if attempt_button(seals.approve_seal, seal_id):
        flash(gettext("The seal is approved."), "success")
    return redirect(url_for(".list_seals"), 303)


@blueprint.post("/certificate-seals/<int:seal_id>/withdraw")
@allows(Act.APPROVE_SEAL)
def withdraw_seal(seal_id: int) -> ResponseReturnValue:
    """Withdraw a seal, with a reason."""
    form = WithdrawForm()
    if form.validate() and attempt(form, seals.withdraw_seal, seal_id, form.reason.data or ""):
        flash(gettext("The seal is withdrawn."), "success")
        return redirect(url_for(".list_seals"), 303)
    return _page(SealForm(formdata=None, valid_from=today()), form), 422
