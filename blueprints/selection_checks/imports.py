"""Pages on which a paper round is brought in: template, upload, preview, confirmation, undo."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_checks.forms import ImportForm
from blueprints.selection_checks.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today, translated
from rules.acts import Act
from services import selection_checks_imports, selection_checks_rows, selections


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/import/template")
@allows(Act.IMPORT_APPLICATIONS)
def import_template(selection_round_id: int) -> ResponseReturnValue:
    """Send the empty spreadsheet of a round."""
    round_ = selections.get_round(selection_round_id)
    data = selection_checks_rows.template(selections.rules_of(round_))
    return download(data, f"{gettext('Paper applications')}-{round_.code}.xlsx", XLSX)


@blueprint.route(
    "/selection-checks/rounds/<int:selection_round_id>/import", methods=["GET", "POST"]
)
@allows(Act.IMPORT_APPLICATIONS)
def import_applications(selection_round_id: int) -> ResponseReturnValue:
    """Read a paper round; nothing is stored before its preview is confirmed."""
    round_, form = selections.get_round(selection_round_id), ImportForm()
    rules = selections.rules_of(round_)
    if form.validate_on_submit():
        file = form.file.data
        upload = selection_checks_rows.read_upload(
            file.read(), file.filename or "", selection_round_id, rules, today()
        )
        if not upload.problems:
            act = selection_checks_imports.preview_papers
            done = attempt(form, act, selection_round_id, upload)
            if done:
                return redirect(url_for(".show_import", selection_import_id=done.id), 303)
        for problem in upload.problems:
            form.refuse(translated(problem), "file")
    page = render_template(
        "selection_checks/import_applications.html",
        round=round_,
        form=form,
        columns=selection_checks_rows.columns_of(rules),
        earlier=selection_checks_imports.list_imports(selection_round_id),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/selection-checks/imports/<int:selection_import_id>")
@allows(Act.IMPORT_APPLICATIONS)
def show_import(selection_import_id: int) -> ResponseReturnValue:
    """Show the rows of a paper round, those with problems first."""
    row = selection_checks_imports.get_import(selection_import_id)
    return render_template(
        "selection_checks/show_import.html",
        row=row,
        round=selections.get_round(row.round_id or 0),
        page=selection_checks_imports.lines_of(row, page_number()),
        known=sum(bool(one["known"]) for one in row.rows),
        say=translated,
    )


def _back(import_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_import", selection_import_id=import_id), 303)


@blueprint.post("/selection-checks/imports/<int:selection_import_id>/confirm")
@allows(Act.IMPORT_APPLICATIONS)
def confirm_import(selection_import_id: int) -> ResponseReturnValue:
    """Bring the paper round in."""
    only_good = request.form.get("rows") == "good"
    checked = request.form.get("checked") == "1"
    act = selection_checks_imports.confirm_papers
    if attempt_button(act, selection_import_id, only_good=only_good, checked=checked):
        flash(gettext("The applications are brought in."), "success")
    return _back(selection_import_id)


@blueprint.post("/selection-checks/imports/<int:selection_import_id>/discard")
@allows(Act.IMPORT_APPLICATIONS)
def discard_import(selection_import_id: int) -> ResponseReturnValue:
    """Forget the spreadsheet."""
    attempt_button(selection_checks_imports.discard_papers, selection_import_id)
    return _back(selection_import_id)


@blueprint.post("/selection-checks/imports/<int:selection_import_id>/undo")
@allows(Act.IMPORT_APPLICATIONS)
def undo_import(selection_import_id: int) -> ResponseReturnValue:
    """Take the imported applications back."""
    if attempt_button(selection_checks_imports.undo_papers, selection_import_id):
        flash(gettext("The import is taken back."), "success")
    return _back(selection_import_id)
