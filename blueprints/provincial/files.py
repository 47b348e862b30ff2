"""Pages of a contest's files: the organiser's notice, papers, proofs; never shown inline."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.result_forms import AttachForm
from blueprints.provincial.views import blueprint
from blueprints.web import acting, attempt, attempt_button, download, files_dir
from rules.acts import Act
from rules.provincial import FilePurpose
from services import provincial, provincial_delegations_files
from services.attachments import Upload


@blueprint.route("/provincial/<int:provincial_contest_id>/files", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def list_files(provincial_contest_id: int) -> ResponseReturnValue:
    """List the files of a contest, and add one."""
    form = AttachForm()
    form.offer()
    if form.validate_on_submit():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        facts = (provincial_contest_id, FilePurpose(form.purpose.data), upload)
        if attempt(form, provincial_delegations_files.attach, *facts, files_dir()):
            flash(gettext("The file is kept."), "success")
            return _back(provincial_contest_id)
    page = render_template(
        "provincial/list_files.html",
        contest=provincial.get_contest(provincial_contest_id),
        files=provincial_delegations_files.list_files(provincial_contest_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _back(contest_id: int) -> ResponseReturnValue:
    return redirect(url_for(".list_files", provincial_contest_id=contest_id), 303)


@blueprint.get("/provincial-files/<int:provincial_file_id>")
@allows(Act.SEE_PROVINCIAL_FORM)
def open_file(provincial_file_id: int) -> ResponseReturnValue:
    """Download a file; the download is recorded."""
    found = provincial_delegations_files.open_file(acting(), provincial_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)


@blueprint.post("/provincial-files/<int:provincial_file_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def remove_file(provincial_file_id: int) -> ResponseReturnValue:
    """Remove a file that proves nothing."""
    contest_id = provincial_delegations_files.get_file(provincial_file_id).contest_id
    if attempt_button(provincial_delegations_files.remove, provincial_file_id, files_dir()):
        flash(gettext("The file is removed."), "success")
    return _back(contest_id)
