"""Pages of somebody's own titles, and of yearly reports."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.selection_holders.forms import ReasonForm, ReportForm
from blueprints.selection_holders.views import blueprint, check_bureau
from blueprints.web import attempt, attempt_button, today
from rules.acts import Act
from rules.selections import HolderReportState
from services import selection_holders, selection_holders_reminders, selection_holders_reports


@blueprint.get("/my-titles")
@allows(Act.SEE_OWN_TITLES)
def list_own() -> ResponseReturnValue:
    """Show somebody's own titles with reports and benefits."""
    person_id = require_holder().person_id
    found = [] if person_id is None else selection_holders.own_holders(person_id)
    return render_template(
        "selection_holders/list_own.html",
        titles=[
            (
                one,
                selection_holders.reports_of(one.id),
                selection_holders.benefits_of(one.id),
            )
            for one in found[:4]
        ],
        more=found[4:],
        due=selection_holders_reminders.own_reports_due(person_id, today()),
        year=today().year,
    )


@blueprint.route(
    "/selection-holders/<int:selection_holder_id>/reports/<int:year>", methods=["GET", "POST"]
)
@allows(Act.WRITE_TITLE_REPORT)
def write_report(selection_holder_id: int, year: int) -> ResponseReturnValue:
    """Write the own report of a year; keep it, or hand it in."""
    holder = selection_holders.get_holder(selection_holder_id)
    reports = selection_holders.reports_of(selection_holder_id)
    row = next((one for one in reports if one.year == year), None)
    if row is None and not 2000 <= year <= today().year:
        abort(404)
    form = ReportForm(obj=row)
    if form.validate_on_submit():
        submit = request.form.get("act") == "submit"
        act = selection_holders_reports.write_report
        facts, me = form.facts(), require_holder().person_id or 0
        more: dict[str, Any] = {"base": form.base_version, "submit": submit}
        if attempt(form, act, selection_holder_id, me, year, facts, **more):
            said = gettext("The report is handed in.") if submit else gettext("Saved.")
            flash(said, "success")
            return redirect(url_for(".list_own"), 303)
    editable = row is None or row.state in selection_holders_reports.EDITABLE
    page = render_template(
        "selection_holders/write_report.html",
        form=form,
        one=holder,
        row=row,
        year=year,
        editable=editable,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/selection-holders/reports")
@allows(Act.SEE_TITLES)
def list_reports() -> ResponseReturnValue:
    """List the reports that wait for staff."""
    check_bureau()
    return render_template(
        "selection_holders/list_reports.html", rows=selection_holders_reports.waiting_reports()
    )


@blueprint.get("/selection-reports/<int:selection_report_id>")
@allows(Act.SEE_TITLES)
def show_report(selection_report_id: int) -> ResponseReturnValue:
    """Show one report to staff."""
    return _report_page(selection_report_id, ReasonForm())


def _report_page(report_id: int, form: ReasonForm) -> str:
    row = selection_holders_reports.get_report(report_id)
    waits = row.state is HolderReportState.SUBMITTED
    return render_template("selection_holders/show_report.html", row=row, form=form, waits=waits)


@blueprint.post("/selection-reports/<int:selection_report_id>/accept")
@allows(Act.EDIT_TITLES)
def accept_report(selection_report_id: int) -> ResponseReturnValue:
    """Accept a report."""
    if attempt_button(selection_holders_reports.accept_report, selection_report_id):
        flash(gettext("The report is accepted."), "success")
        return redirect(url_for(".list_reports"), 303)
    return redirect(url_for(".show_report", selection_report_id=selection_report_id), 303)


@blueprint.post("/selection-reports/<int:selection_report_id>/return")
@allows(Act.EDIT_TITLES)
def return_report(selection_report_id: int) -> ResponseReturnValue:
    """Give a report back."""
    form = ReasonForm()
    act = selection_holders_reports.return_report
    if form.validate() and attempt(form, act, selection_report_id, reason=form.reason.data or ""):
        flash(gettext("The report is given back."), "success")
        return redirect(url_for(".list_reports"), 303)
    return _report_page(selection_report_id, form), 422
