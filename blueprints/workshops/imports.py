"""Existing workshops from a spreadsheet: upload, preview with problems by row, confirm."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.web import XLSX, attempt, attempt_button, download, today, translated
from blueprints.workshops.forms import ReasonForm
from blueprints.workshops.views import blueprint
from rules.acts import Act
from services import workshops_imports, workshops_undoing


class RegisterForm(ActForm):
    """The spreadsheet of existing workshops."""

    file = FileField(lazy_gettext("Spreadsheet (.xlsx or .csv)"), validators=[FileRequired()])


@blueprint.get("/workshops/imports/template")
@allows(Act.IMPORT_WORKSHOPS)
def download_template() -> ResponseReturnValue:
    """Download the empty spreadsheet."""
    title = gettext("Master workshops")
    return download(workshops_imports.template(gettext), f"{title}.xlsx", XLSX)


@blueprint.route("/workshops/imports/new", methods=["GET", "POST"])
@allows(Act.IMPORT_WORKSHOPS)
def preview_register() -> ResponseReturnValue:
    """Read a file and show what is in it; nothing counts yet."""
    form = RegisterForm()
    if form.validate_on_submit():
        file = form.file.data
        upload = workshops_imports.read_upload(file.read(), file.filename or "", today())
        for problem in upload.problems:
            form.refuse(translated(problem), "file")
        if not upload.problems:
            done = attempt(form, workshops_imports.preview_register, upload)
            if done:
                return redirect(url_for(".show_import", workshop_import_id=done.id), 303)
    waiting = workshops_imports.waiting_imports(require_holder().account_id)
    page = render_template("workshops/preview_register.html", form=form, waiting=waiting)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workshops/imports/<int:workshop_import_id>")
@allows(Act.IMPORT_WORKSHOPS)
def show_import(workshop_import_id: int) -> ResponseReturnValue:
    """Show the rows of a preview, those with errors first."""
    return _page(workshop_import_id, ReasonForm(formdata=None))


def _page(key: int, form: ReasonForm) -> str:
    row = workshops_imports.get_import(key)
    rows = sorted(
        workshops_imports.rows_of(row, today()), key=lambda one: (not one.problems, one.number)
    )
    return render_template(
        "workshops/show_import.html",
        row=row,
        rows=[(one, [translated(problem) for problem in one.problems]) for one in rows],
        bad=sum(bool(one.problems) for one in rows),
        form=form,
    )


@blueprint.post("/workshops/imports/<int:workshop_import_id>/undo")
@allows(Act.IMPORT_WORKSHOPS)
def undo_register(workshop_import_id: int) -> ResponseReturnValue:
    """Take the workshops of a list back out of the register."""
    form = ReasonForm()
    act, key = workshops_undoing.undo_register, workshop_import_id
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        flash(gettext("The list is taken back out."), "success")
        return redirect(url_for(".show_import", workshop_import_id=key), 303)
    return _page(key, form), 422


@blueprint.post("/workshops/imports/<int:workshop_import_id>/confirm")
@allows(Act.IMPORT_WORKSHOPS)
def confirm_register(workshop_import_id: int) -> ResponseReturnValue:
    """Take the rows into the register."""
    if attempt_button(workshops_imports.confirm_register, workshop_import_id):
        flash(gettext("The workshops stand in the register."), "success")
        return redirect(url_for(".list_workshops"), 303)
    return redirect(url_for(".show_import", workshop_import_id=workshop_import_id), 303)


@blueprint.post("/workshops/imports/<int:workshop_import_id>/confirm-good")
@allows(Act.IMPORT_WORKSHOPS)
def confirm_good(workshop_import_id: int) -> ResponseReturnValue:
    """Take only the rows without an error into the register."""
    if attempt_button(workshops_imports.confirm_register, workshop_import_id, only_good=True):
        flash(gettext("The workshops stand in the register."), "success")
        return redirect(url_for(".list_workshops"), 303)
    return redirect(url_for(".show_import", workshop_import_id=workshop_import_id), 303)


@blueprint.post("/workshops/imports/<int:workshop_import_id>/discard")
@allows(Act.IMPORT_WORKSHOPS)
def discard_register(workshop_import_id: int) -> ResponseReturnValue:
    """Forget a preview."""
    attempt_button(workshops_imports.discard_register, workshop_import_id)
    return redirect(url_for(".list_workshops"), 303)
