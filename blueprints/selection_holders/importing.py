"""Pages on which holders of past years are brought in: upload, preview, confirmation, undoing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_holders.forms import ListForm, ReasonForm
from blueprints.selection_holders.views import blueprint, check_bureau
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today, translated
from rules.acts import Act
from services import selection_holders, selection_holders_imports


@blueprint.get("/selection-holders/import/template")
@allows(Act.IMPORT_TITLES)
def import_template() -> ResponseReturnValue:
    """Send the empty spreadsheet."""
    name = f"{gettext('Holders of past years')}.xlsx"
    return download(selection_holders_imports.template(), name, XLSX)


@blueprint.route("/selection-holders/import", methods=["GET", "POST"])
@allows(Act.IMPORT_TITLES)
def import_list() -> ResponseReturnValue:
    """Read a list; nothing is stored before its preview is confirmed."""
    check_bureau()
    form = ListForm()
    form.programme.choices = selection_holders.programmes_known()
    if form.validate_on_submit():
        file, programme = form.file.data, int(form.programme.data)
        name = file.filename or ""
        upload = selection_holders_imports.read_upload(file.read(), name, programme, today())
        if not upload.problems:
            done = attempt(form, selection_holders_imports.preview, programme, upload)
            if done:
                return redirect(url_for(".show_list", selection_list_id=done.id), 303)
        for problem in upload.problems:
            form.refuse(translated(problem), "file")
    page = render_template(
        "selection_holders/import_list.html",
        form=form,
        columns=selection_holders_imports.COLUMNS,
        earlier=selection_holders_imports.list_imports(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/selection-holders/import/<int:selection_list_id>")
@allows(Act.IMPORT_TITLES)
def show_list(selection_list_id: int) -> ResponseReturnValue:
    """Show the rows of a list, those with problems first."""
    return _page(selection_list_id, ReasonForm())


def _page(import_id: int, form: ReasonForm) -> str:
    row = selection_holders_imports.get_import(import_id)
    return render_template(
        "selection_holders/show_list.html",
        row=row,
        page=selection_holders_imports.lines_of(row, page_number()),
        say=translated,
        form=form,
    )


@blueprint.post("/selection-holders/import/<int:selection_list_id>/confirm")
@allows(Act.IMPORT_TITLES)
def confirm_list(selection_list_id: int) -> ResponseReturnValue:
    """Bring the list in."""
    only_good = request.form.get("rows") == "good"
    act = selection_holders_imports.confirm
    if attempt_button(act, selection_list_id, only_good=only_good):
        flash(gettext("The list is brought in."), "success")
    return redirect(url_for(".show_list", selection_list_id=selection_list_id), 303)


@blueprint.post("/selection-holders/import/<int:selection_list_id>/discard")
@allows(Act.IMPORT_TITLES)
def discard_list(selection_list_id: int) -> ResponseReturnValue:
    """Forget the list."""
    attempt_button(selection_holders_imports.discard, selection_list_id)
    return redirect(url_for(".import_list"), 303)


@blueprint.post("/selection-holders/import/<int:selection_list_id>/undo")
@allows(Act.IMPORT_TITLES)
def undo_list(selection_list_id: int) -> ResponseReturnValue:
    """Take a whole list back out."""
    form = ReasonForm()
    act = selection_holders_imports.undo
    if form.validate() and attempt(form, act, selection_list_id, reason=form.reason.data or ""):
        flash(gettext("The list is taken back out."), "success")
        return redirect(url_for(".show_list", selection_list_id=selection_list_id), 303)
    return _page(selection_list_id, form), 422
