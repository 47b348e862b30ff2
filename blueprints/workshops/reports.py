"""Yearly reports: the host writes them and hands them in, the bureau accepts them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.web import attempt, attempt_button
from blueprints.workshops.forms import FileForm, ReasonForm
from blueprints.workshops.report_forms import ReportForm
from blueprints.workshops.views import blueprint
from rules.acts import Act
from rules.workshops import REPORT_EDITABLE
from services import workshops, workshops_files, workshops_reports


@blueprint.route("/workshops/<int:workshop_id>/reports/<int:year>", methods=["GET", "POST"])
@allows(Act.REPORT_WORKSHOP)
def write_report(workshop_id: int, year: int) -> ResponseReturnValue:
    """Write the report of a year."""
    report = workshops_reports.find_report(workshop_id, year)
    form = ReportForm()
    if not form.is_submitted():
        form.show(report)
    elif form.validate():
        act = workshops_reports.write_report
        done = attempt(form, act, workshop_id, year, form.facts(), form.base_version)
        if done:
            flash(gettext("Saved. Hand it in once it is complete."), "success")
            return redirect(url_for(".show_report", workshop_report_id=done.id), 303)
    page = render_template(
        "workshops/write_report.html",
        form=form,
        workshop=workshops.get_workshop(workshop_id),
        year=year,
        money=workshops_reports.money_of(workshop_id),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workshops/reports/<int:workshop_report_id>")
@allows(Act.SEE_WORKSHOP)
def show_report(workshop_report_id: int) -> ResponseReturnValue:
    """Show a report with what was spent against the grants."""
    return report_page(workshop_report_id)


def report_page(
    key: int, reason: ReasonForm | None = None, file_form: FileForm | None = None
) -> str:
    """Draw a report, with the form that was refused."""
    report = workshops_reports.get_report(key)
    return render_template(
        "workshops/show_report.html",
        report=report,
        money=workshops_reports.money_of(report.workshop_id),
        reason=reason or ReasonForm(formdata=None),
        editable=report.state in REPORT_EDITABLE,
        files=workshops_files.list_files(report),
        file_form=file_form or FileForm(formdata=None),
    )


@blueprint.post("/workshops/reports/<int:workshop_report_id>/submit")
@allows(Act.REPORT_WORKSHOP)
def submit_report(workshop_report_id: int) -> ResponseReturnValue:
    """Hand an own report in."""
    if attempt_button(workshops_reports.submit_report, workshop_report_id):
        flash(gettext("The report is handed in."), "success")
    return redirect(url_for(".show_report", workshop_report_id=workshop_report_id), 303)


@blueprint.post("/workshops/reports/<int:workshop_report_id>/accept")
@allows(Act.CHECK_WORKSHOP)
def accept_report(workshop_report_id: int) -> ResponseReturnValue:
    """Accept a report."""
    if attempt_button(workshops_reports.accept_report, workshop_report_id):
        flash(gettext("The report is accepted."), "success")
    return redirect(url_for(".show_report", workshop_report_id=workshop_report_id), 303)


@blueprint.post("/workshops/reports/<int:workshop_report_id>/return")
@allows(Act.CHECK_WORKSHOP)
def return_report(workshop_report_id: int) -> ResponseReturnValue:
    """Send a report back."""
    form, key = ReasonForm(), workshop_report_id
    act = workshops_reports.return_report
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return redirect(url_for(".show_report", workshop_report_id=key), 303)
    return report_page(key, form), 422
