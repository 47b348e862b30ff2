"""Public pages of objections: file one, follow it by its code, take it back."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.objections.forms import FileForm, ObjectionForm
from blueprints.web import (
    acting,
    attempt,
    attempt_button,
    download,
    files_dir,
    limiter,
    today,
    translated,
)
from models.notices import Notice
from models.objections import Objection
from rules.acts import Act
from rules.refusals import Refused
from rules.states import NoticeState
from services import (
    notices,
    objections,
    objections_files,
    objections_letters,
    objections_outcomes,
)
from services.attachments import Upload

blueprint = Blueprint("objections", __name__)
PDF = "application/pdf"
_FILINGS, _LOOKS = "10/hour", "60/minute"


def standing(notice: Notice) -> bool:
    """Say whether objections are taken today."""
    posted = notice.state is NoticeState.POSTED
    return posted and notice.starts_on <= today() <= notice.ends_on


@blueprint.route("/notices/<int:notice_id>/objections/new", methods=["GET", "POST"])
@limiter.limit(_FILINGS, methods=["POST"])
@allows(Act.FILE_OBJECTION)
def file_objection(notice_id: int) -> ResponseReturnValue:
    """File an objection while the notice stands."""
    notice = notices.get_notice(notice_id)
    if notice.starts_on > today():
        abort(404)
    form = ObjectionForm()
    form.offer(objections.entries_of(notice_id), objections.persons_of(notice_id))
    if form.validate_on_submit():
        done = attempt(form, objections.file_objection, notice_id, form.filing())
        if done and isinstance(done.value, objections.Filed):
            if form.file.data:
                attach_first(objections_files.attach_own, done.value.code, form.file.data)
            return redirect(url_for(".follow", code=done.value.code), 303)
        if done:  # sent twice: the first answer has led to the page already
            flash(gettext("This objection was filed already."), "info")
            return redirect(url_for("notices.show_notice", notice_id=notice_id), 303)
    page = render_template(
        "objections/file_objection.html", form=form, notice=notice, taken=standing(notice)
    )
    return page, 422 if form.is_submitted() else 200


def attach_first(attach: Callable[..., int], key: int | str, file: Any) -> None:
    """Add the file that came with an objection; refused, it takes the objection not with it."""
    try:
        # An act of its own: the key of the form belongs to the objection.
        attach(acting(), key, upload_of(file), files_dir())
    except Refused as refusal:
        flash(translated(refusal), "danger")


def upload_of(file: Any) -> Upload:
    """Return a file as the services take it."""
    return Upload(file.filename or "", file.read())


def _found(code: str) -> Objection:
    return objections.find_by_code(code) or abort(404)


@blueprint.get("/objections/<code>")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def follow(code: str) -> ResponseReturnValue:
    """Show the objector how far the objection has come."""
    return _follow_page(code, FileForm())


def _follow_page(code: str, form: FileForm) -> str:
    row = _found(code)
    return render_template(
        "objections/follow.html", row=row, form=form, files=objections_files.list_files(row.id)
    )


@blueprint.post("/objections/<code>/files")
@limiter.limit(_FILINGS)
@allows(Act.FILE_OBJECTION)
def attach_own(code: str) -> ResponseReturnValue:
    """Add a file to one's own objection."""
    _found(code)
    form = FileForm()
    if form.validate():
        upload = upload_of(form.file.data)
        if attempt(form, objections_files.attach_own, code, upload, files_dir()):
            flash(gettext("The file is added."), "success")
            return redirect(url_for(".follow", code=code), 303)
    return _follow_page(code, form), 422


@blueprint.get("/objections/<code>/files/<int:number>")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def own_file(code: str, number: int) -> Response:
    """Download a file of one's own objection, or of its answer."""
    found = objections_files.open_own(acting(), code, number, files_dir())
    return download(found.data, found.title, found.mimetype)


@blueprint.get("/objections/<code>/receipt")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def own_receipt(code: str) -> Response:
    """Download the receipt."""
    row = _found(code)
    made = objections_letters.receipt(row, objections_files.list_files(row.id))
    return download(made, f"{gettext('Receipt')}.pdf", PDF)


@blueprint.get("/objections/<code>/answer")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def own_answer(code: str) -> Response:
    """Download the answer."""
    row = _found(code)
    if row.finding is None:
        abort(404)
    return download(answer_of(row), f"{gettext('Answer')}.pdf", PDF)


def answer_of(row: Objection) -> bytes:
    """Return the letter with the answer, its files and what was changed."""
    files = objections_files.list_files(row.id)
    return objections_letters.answer(row, files, objections_outcomes.list_effects(row.id))


@blueprint.post("/objections/<code>/withdraw")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def withdraw(code: str) -> ResponseReturnValue:
    """Take an objection back."""
    _found(code)
    if attempt_button(objections.withdraw, code):
        flash(gettext("The objection is withdrawn."), "success")
    return redirect(url_for(".follow", code=code), 303)
