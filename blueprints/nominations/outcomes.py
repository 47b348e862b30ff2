"""What the superior answered, entered for many names at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.nominations.forms import OutcomeForm
from blueprints.nominations.views import blueprint
from blueprints.web import attempt, files_dir
from rules.acts import Act
from rules.nominations import NominationState
from services import nominations, nominations_lists, nominations_outcomes
from services.attachments import Upload
from services.nominations_outcomes import Outcome


@blueprint.route("/nominations/calls/<int:nomination_call_id>/outcome", methods=["GET", "POST"])
@allows(Act.MANAGE_NOMINATIONS)
def record_outcome(nomination_call_id: int) -> ResponseReturnValue:
    """Enter which names were granted the title, with the scan that proves it."""
    form, key = OutcomeForm(), nomination_call_id
    if form.validate_on_submit() and form.decided_on.data is not None:
        outcome = Outcome(form.decided_on.data, form.document.data or "", _typed())
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        if attempt(form, nominations_outcomes.record_outcome, key, outcome, upload, files_dir()):
            flash(gettext("Recorded. A second person confirms the honours."), "success")
            return redirect(url_for(".show_call", nomination_call_id=key), 303)
    board = nominations_lists.board(nominations.get_call(key))
    page = render_template(
        "nominations/record_outcome.html",
        form=form,
        board=board,
        sent=NominationState.SENT,
        typed=request.form,
    )
    return page, 422 if form.is_submitted() else 200


def _typed() -> dict[int, bool]:
    found = {}
    for name, text in request.form.items():
        if name.startswith("granted-") and name[8:].isdecimal() and text in ("yes", "no"):
            found[int(name[8:])] = text == "yes"
    return found
