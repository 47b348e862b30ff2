"""The page on which people without a seat on a panel are called to a task of a contest."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.certificates.forms import AppointmentForm
from blueprints.certificates.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from services import certificates_appointments, contests
from services.certificates_appointments import Call


@blueprint.get("/contests/<int:contest_id>/appointments")
@allows(Act.ISSUE_CERTIFICATE)
def list_appointments(contest_id: int) -> ResponseReturnValue:
    """Show who was called to the contest by hand."""
    contest = contests.get_contest(contest_id)
    term = {"starts_on": contest.starts_on, "ends_on": contest.ends_on}
    return _page(contest_id, AppointmentForm(formdata=None, data=term))


@blueprint.post("/contests/<int:contest_id>/appointments")
@allows(Act.ISSUE_CERTIFICATE)
def appoint(contest_id: int) -> ResponseReturnValue:
    """Write in somebody who is called to a task."""
    form = AppointmentForm()
    act = certificates_appointments.appoint
    if form.validate() and attempt(form, act, contest_id, _call(form)):
        flash(gettext("The call is written in. The letter can be issued now."), "success")
        return redirect(url_for("certificates.list_appointments", contest_id=contest_id), 303)
    return _page(contest_id, form), 422


@blueprint.post("/contests/<int:contest_id>/appointments/strike-out")
@allows(Act.ISSUE_CERTIFICATE)
def strike_out(contest_id: int) -> ResponseReturnValue:
    """Strike out somebody who was written in by mistake."""
    key = request.form.get("appointment", 0, type=int)
    if attempt_button(certificates_appointments.strike_out, contest_id, key):
        flash(gettext("The call is struck out."), "success")
    return redirect(url_for("certificates.list_appointments", contest_id=contest_id), 303)


def _call(form: AppointmentForm) -> Call:
    if form.starts_on.data is None or form.ends_on.data is None:
        raise RuntimeError("a validated form has both days")
    return Call(
        form.name.data or "",
        form.role.data or "",
        form.starts_on.data,
        form.ends_on.data,
        form.unit.data or "",
    )


def _page(contest_id: int, form: AppointmentForm) -> str:
    return render_template(
        "certificates/list_appointments.html",
        contest=contests.get_contest(contest_id),
        appointments=certificates_appointments.list_appointments(contest_id),
        form=form,
    )
