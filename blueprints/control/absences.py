"""Marking a judge absent from now on."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.control.forms import WithdrawForm
from blueprints.control.views import below, blueprint
from blueprints.web import attempt
from rules.acts import Act
from services import control_absences


@blueprint.route("/seats/<int:seat_id>/absent", methods=["GET", "POST"])
@allows(Act.RECUSE_JUDGE)
def excuse_absent(seat_id: int) -> ResponseReturnValue:
    """Excuse a judge from all sheets that are not signed."""
    form = WithdrawForm()
    found = control_absences.get_absence(seat_id)
    if form.validate_on_submit() and attempt(
        form, control_absences.excuse_absent, seat_id, form.reason.data or ""
    ):
        flash(gettext("The judge is absent from now on. What is signed counts."), "success")
        return redirect(url_for(".show", event_id=found.event.id), 303)
    page = render_template(
        "control/absent.html",
        form=form,
        found=found,
        event=found.event,
        crumbs=below(found.event),
    )
    return page, 422 if form.is_submitted() else 200
