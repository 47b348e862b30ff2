"""Pages on which an old register is brought in: template, upload, preview, confirmation."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.class_forms import RegisterForm
from blueprints.mentorships.forms import ReasonForm
from blueprints.mentorships.views import blueprint, check_bureau
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today, translated
from rules.acts import Act
from services import mentorships_imports, mentorships_undoing
from services.mentorships_imports import COLUMNS


@blueprint.get("/mentorships/import/template")
@allows(Act.IMPORT_MENTORSHIPS)
def import_template() -> ResponseReturnValue:
    """Send the empty spreadsheet."""
    name = f"{gettext('Register of mentorships')}.xlsx"
    return download(mentorships_imports.template(), name, XLSX)


@blueprint.route("/mentorships/import", methods=["GET", "POST"])
@allows(Act.IMPORT_MENTORSHIPS)
def import_register() -> ResponseReturnValue:
    """Read a register; nothing is stored before its preview is confirmed."""
    check_bureau()
    form = RegisterForm()
    if form.validate_on_submit():
        file = form.file.data
        upload = mentorships_imports.read_upload(file.read(), file.filename or "", today())
        if not upload.problems:
            done = attempt(form, mentorships_imports.preview, upload)
            if done:
                return redirect(url_for(".show_import", mentorship_import_id=done.id), 303)
        for problem in upload.problems:
            form.refuse(translated(problem), "file")
    page = render_template(
        "mentorships/import_register.html",
        form=form,
        columns=COLUMNS,
        earlier=mentorships_imports.list_imports(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/mentorships/import/<int:mentorship_import_id>")
@allows(Act.IMPORT_MENTORSHIPS)
def show_import(mentorship_import_id: int) -> ResponseReturnValue:
    """Show the rows of a register, those with problems first."""
    return _page(mentorship_import_id, ReasonForm(formdata=None))


def _page(key: int, form: ReasonForm) -> str:
    row = mentorships_imports.get_import(key)
    return render_template(
        "mentorships/show_import.html",
        row=row,
        page=mentorships_imports.lines_of(row, page_number()),
        say=translated,
        form=form,
    )


@blueprint.post("/mentorships/import/<int:mentorship_import_id>/undo")
@allows(Act.IMPORT_MENTORSHIPS)
def undo_import(mentorship_import_id: int) -> ResponseReturnValue:
    """Take the pairs of a list back out of the register."""
    form = ReasonForm()
    act, key = mentorships_undoing.undo, mentorship_import_id
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        flash(gettext("The list is taken back out."), "success")
        return redirect(url_for(".show_import", mentorship_import_id=key), 303)
    return _page(key, form), 422


@blueprint.post("/mentorships/import/<int:mentorship_import_id>/confirm")
@allows(Act.IMPORT_MENTORSHIPS)
def confirm_import(mentorship_import_id: int) -> ResponseReturnValue:
    """Bring the register in."""
    only_good = request.form.get("rows") == "good"
    act = mentorships_imports.confirm
    if attempt_button(act, mentorship_import_id, only_good=only_good):
        flash(gettext("The register is brought in."), "success")
    return redirect(url_for(".show_import", mentorship_import_id=mentorship_import_id), 303)


@blueprint.post("/mentorships/import/<int:mentorship_import_id>/discard")
@allows(Act.IMPORT_MENTORSHIPS)
def discard_import(mentorship_import_id: int) -> ResponseReturnValue:
    """Forget the register."""
    attempt_button(mentorships_imports.discard, mentorship_import_id)
    return redirect(url_for(".import_register"), 303)
