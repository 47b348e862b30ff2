"""Files of nominations: materials, packs to look at, and what was sent; never shown inline."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.nominations.candidates import nomination_page
from blueprints.nominations.forms import MaterialForm, PaperForm
from blueprints.nominations.views import blueprint, call_page
from blueprints.web import acting, attempt, attempt_button, download, files_dir, today
from rules.acts import Act
from services import (
    nominations,
    nominations_candidates,
    nominations_files,
    nominations_packs,
    nominations_sending,
)
from services.attachments import Upload


@blueprint.post("/nominations/<int:nomination_id>/files")
@allows(Act.EDIT_NOMINATION)
def attach(nomination_id: int) -> ResponseReturnValue:
    """Add a material to a pack."""
    row = nominations_candidates.get_nomination(nomination_id)
    form = MaterialForm(nominations.rules_of(row.call).find(row.list_key))
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        act, material = nominations_files.attach, form.material.data or ""
        if attempt(form, act, nomination_id, material, upload, files_dir()):
            flash(gettext("The file is kept."), "success")
            address = url_for(".show_nomination", nomination_id=nomination_id, _anchor="files")
            return redirect(address, 303)
    return nomination_page(nomination_id, {"file": form}), 422


@blueprint.post("/nominations/files/<int:nomination_file_id>/remove")
@allows(Act.EDIT_NOMINATION)
def remove_file(nomination_file_id: int) -> ResponseReturnValue:
    """Remove a material from a pack."""
    row = nominations_files.get_file(nomination_file_id)
    nomination_id, call_id = row.nomination_id, row.call_id
    if attempt_button(nominations_files.remove, nomination_file_id, files_dir()):
        flash(gettext("The file is removed."), "success")
    if nomination_id is None:
        return redirect(url_for(".show_call", nomination_call_id=call_id), 303)
    address = url_for(".show_nomination", nomination_id=nomination_id, _anchor="files")
    return redirect(address, 303)


@blueprint.get("/nominations/files/<int:nomination_file_id>")
@allows(Act.SEE_NOMINATION)
def open_file(nomination_file_id: int) -> ResponseReturnValue:
    """Download a file; the download is recorded."""
    found = nominations_files.open_file(acting(), nomination_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)


@blueprint.get("/nominations/<int:nomination_id>/pack")
@allows(Act.SEE_NOMINATION)
def preview_pack(nomination_id: int) -> ResponseReturnValue:
    """Download the pack as it would be sent now."""
    row = nominations_candidates.get_nomination(nomination_id)
    made = nominations_packs.pack_of(row, today(), files_dir())
    return download(made.data, f"{row.name}-推荐材料-预览.pdf", "application/pdf")


@blueprint.post("/nominations/calls/<int:nomination_call_id>/files")
@allows(Act.MANAGE_NOMINATIONS)
def attach_call(nomination_call_id: int) -> ResponseReturnValue:
    """Add the superior's paper to a call."""
    form, key = PaperForm(), nomination_call_id
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        if attempt(form, nominations_files.attach_call, key, upload, files_dir()):
            flash(gettext("The file is kept."), "success")
            return redirect(url_for(".show_call", nomination_call_id=key, _anchor="papers"), 303)
    return call_page(key, {"paper": form}), 422


@blueprint.get("/nominations/sent/<int:nomination_sent_file_id>")
@allows(Act.SEE_NOMINATIONS)
def open_sent(nomination_sent_file_id: int) -> ResponseReturnValue:
    """Download a file as it was sent; the download is recorded."""
    found = nominations_sending.open_sent(acting(), nomination_sent_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)
