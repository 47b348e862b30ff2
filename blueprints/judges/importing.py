"""The judge pool as a spreadsheet: template, export, preview, confirmation."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import PreviewForm
from blueprints.judges.forms import PoolFileForm
from blueprints.judges.views import asked, blueprint, within
from blueprints.web import XLSX, attempt, download, today, translated
from rules.acts import Act
from rules.judges import JudgeKind, TitleGrade
from services import judges, judges_workbooks
from services.judges import JudgeQuery, PoolFacts
from services.judges_workbooks import PoolReading, Wanted

KIND = "judges"
MOST_ROWS = 5_000


@blueprint.get("/judges/template")
@allows(Act.EDIT_JUDGE)
def judges_template() -> ResponseReturnValue:
    """Send the empty spreadsheet."""
    return download(judges_workbooks.template(), "裁判库导入模板.xlsx", XLSX)


@blueprint.get("/judges/export")
@allows(Act.SEE_JUDGES)
def export_judges() -> ResponseReturnValue:
    """Send the pool, as far as it is filtered."""
    one = asked()
    wanted = JudgeQuery(one.q, one.kind, one.occupation, one.standing, size=MOST_ROWS)
    found = judges.list_judges(wanted, within(), today()).items
    return download(judges_workbooks.export(found), f"裁判库-{today().isoformat()}.xlsx", XLSX)


@blueprint.route("/judges/import", methods=["GET", "POST"])
@allows(Act.EDIT_JUDGE)
def import_judges() -> ResponseReturnValue:
    """Read a spreadsheet and show what it would do."""
    form = PoolFileForm()
    if not form.validate_on_submit():
        page = render_template("judges/import_judges.html", form=form)
        return page, 422 if form.is_submitted() else 200
    file = form.file.data
    reading = judges_workbooks.read_judges(file.read(), file.filename, within())
    for problem in reading.problems:
        form.refuse(translated(problem), "file")
    if reading.problems:
        return render_template("judges/import_judges.html", form=form), 422
    page = render_template(
        "judges/preview_judges.html",
        reading=reading,
        columns=judges_workbooks.COLUMNS,
        problems=lambda row: [translated(problem) for problem in row.problems],
        payload=PreviewForm.sealed(KIND, _rows(reading)) if reading.accepted else "",
        filename=file.filename,
    )
    return page, 200 if reading.accepted else 422


@blueprint.post("/judges/import/confirm")
@allows(Act.EDIT_JUDGE)
def confirm_judges() -> ResponseReturnValue:
    """Take the judges of a preview into the pool."""
    form = PreviewForm()
    wanted = [_wanted(row) for row in form.rows(KIND)] if form.validate() else None
    if not wanted:
        flash(gettext("The preview is too old. Please upload the file again."), "danger")
        return redirect(url_for(".import_judges"), 303)
    if attempt(form, judges_workbooks.take_judges, wanted):
        flash(gettext("Judges in the file: %(count)s. All are in the pool.", count=len(wanted)))
        return redirect(url_for(".list_judges"), 303)
    for message in form.form_errors:
        flash(message, "danger")
    return redirect(url_for(".import_judges"), 303)


def _rows(reading: PoolReading) -> list[dict[str, Any]]:
    rows = [asdict(one) for one in reading.wanted]
    for row in rows:
        until = row["facts"]["barred_until"]
        row["facts"]["barred_until"] = until and until.isoformat()
    return rows


def _wanted(row: dict[str, Any]) -> Wanted:
    return Wanted(row["account_id"], _facts(row["facts"]))


def _facts(values: dict[str, Any]) -> PoolFacts:
    until = values["barred_until"]
    return PoolFacts(
        **values
        | {
            "grade": TitleGrade(values["grade"]),
            "kinds": tuple(JudgeKind(one) for one in values["kinds"]),
            "occupations": tuple(values["occupations"]),
            "barred_until": date.fromisoformat(until) if until else None,
        }
    )
