"""Files of applications and yearly reports: added and removed by the host, never shown inline."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.web import acting, attempt, attempt_button, download, files_dir
from blueprints.workshops.applications import application_page
from blueprints.workshops.forms import FileForm
from blueprints.workshops.reports import report_page
from blueprints.workshops.views import blueprint
from models.workshop_applications import WorkshopApplication
from models.workshops import WorkshopReport
from rules.acts import Act
from services import workshops_files
from services.attachments import Upload
from services.workshops_files import Holder


def _attached(form: FileForm, kind: type[Holder], key: int) -> bool:
    if not form.validate():
        return False
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    if attempt(form, workshops_files.attach, kind, key, upload, files_dir()) is None:
        return False
    flash(gettext("The file is kept."), "success")
    return True


def _back(kind: type[Holder], key: int) -> ResponseReturnValue:
    if kind is WorkshopReport:
        address = url_for(".show_report", workshop_report_id=key, _anchor="files")
    else:
        address = url_for(".show_application", workshop_application_id=key, _anchor="files")
    return redirect(address, 303)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/files")
@allows(Act.EDIT_WORKSHOP_FILES)
def attach_to_application(workshop_application_id: int) -> ResponseReturnValue:
    """Add a file to an own application."""
    form, key = FileForm(), workshop_application_id
    if _attached(form, WorkshopApplication, key):
        return _back(WorkshopApplication, key)
    return application_page(key, {"file": form}), 422


@blueprint.post("/workshops/reports/<int:workshop_report_id>/files")
@allows(Act.EDIT_WORKSHOP_FILES)
def attach_to_report(workshop_report_id: int) -> ResponseReturnValue:
    """Add a file to an own report."""
    form, key = FileForm(), workshop_report_id
    if _attached(form, WorkshopReport, key):
        return _back(WorkshopReport, key)
    return report_page(key, file_form=form), 422


@blueprint.post("/workshops/files/<int:workshop_file_id>/remove")
@allows(Act.EDIT_WORKSHOP_FILES)
def remove_file(workshop_file_id: int) -> ResponseReturnValue:
    """Remove a file of an own application or report."""
    kind, key = workshops_files.holder_of(workshops_files.get_file(workshop_file_id))
    if attempt_button(workshops_files.remove, workshop_file_id, files_dir()):
        flash(gettext("The file is removed."), "success")
    return _back(kind, key)


@blueprint.get("/workshops/files/<int:workshop_file_id>")
@allows(Act.SEE_WORKSHOP)
def open_file(workshop_file_id: int) -> ResponseReturnValue:
    """Download a file; the download is recorded."""
    found = workshops_files.open_file(acting(), workshop_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)
