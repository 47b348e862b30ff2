"""Achievements and files of an application: added and removed while it is written."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_applications.forms import FileForm, LineForm
from blueprints.selection_applications.views import blueprint
from blueprints.selection_applications.writing import edit_page
from blueprints.web import attempt, attempt_button, files_dir
from rules.acts import Act
from rules.selections import EvidenceKind
from services import selection_applications_evidence as evidence
from services import selection_files
from services.attachments import Upload
from services.selection_applications_reading import application_of_line


def _back(key: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for(".edit", selection_application_id=key, _anchor=anchor), 303)


@blueprint.post("/applications/<int:selection_application_id>/lines/<kind>")
@allows(Act.APPLY_SELECTION)
def add_line(selection_application_id: int, kind: str) -> ResponseReturnValue:
    """Add an achievement that was typed."""
    known = {one.value: one for one in EvidenceKind}
    found = known.get(kind, EvidenceKind.OTHER)
    form = LineForm(found, prefix=f"{found.value}-")
    if form.validate() and attempt(form, evidence.add_line, selection_application_id, form.line()):
        flash(gettext("The line is added."), "success")
        return _back(selection_application_id, f"list-{found.value}")
    return edit_page(selection_application_id, line_form=form), 422


@blueprint.post("/applications/<int:selection_application_id>/lines/taken")
@allows(Act.APPLY_SELECTION)
def take_lines(selection_application_id: int) -> ResponseReturnValue:
    """Take lines over from the registers."""
    keys = frozenset(request.form.getlist("offer"))
    if attempt_button(evidence.take_lines, selection_application_id, keys):
        flash(gettext("Taken over from the registers."), "success")
    return _back(selection_application_id, "registers")


@blueprint.post("/applications/lines/<int:selection_evidence_id>/remove")
@allows(Act.APPLY_SELECTION)
def remove_line(selection_evidence_id: int) -> ResponseReturnValue:
    """Take an achievement off the list."""
    key, kind = application_of_line(selection_evidence_id)
    if attempt_button(evidence.remove_line, selection_evidence_id):
        flash(gettext("The line is removed."), "success")
    return _back(key, f"list-{kind.value}")


@blueprint.post("/applications/<int:selection_application_id>/files/<rule>")
@allows(Act.APPLY_SELECTION)
def attach_file(selection_application_id: int, rule: str) -> ResponseReturnValue:
    """Add a file; a refused one says why, and nothing else is lost."""
    form, key = FileForm(), selection_application_id
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        form.file.data.close()  # a large one lies in a file of its own until then
        act, folder = selection_files.attach, files_dir()
        if attempt(form, act, "application", key, upload, folder, rule):
            flash(gettext("The file is kept."), "success")
            return _back(key, f"files-{rule}")
    return edit_page(key, file_form=(rule, form)), 422


@blueprint.post("/applications/files/<int:selection_file_id>/remove")
@allows(Act.APPLY_SELECTION)
def remove_file(selection_file_id: int) -> ResponseReturnValue:
    """Remove a file of an own application."""
    row = selection_files.get_file(selection_file_id)
    key, rule = row.holder_id, row.rule
    if attempt_button(selection_files.remove, selection_file_id, files_dir()):
        flash(gettext("The file is removed."), "success")
    return _back(key, f"files-{rule}")
