"""Public pages of objections: file one, follow it by its code, take it back."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.objections.forms import ObjectionForm
from blueprints.web import attempt, attempt_button, download, limiter, today
from models.notices import Notice
from models.objections import Objection
from rules.acts import Act
from rules.states import NoticeState
from services import notices, objections, objections_letters

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
    form.offer(objections.entries_of(notice_id), gettext("The notice as a whole"))
    if form.validate_on_submit():
        done = attempt(form, objections.file_objection, notice_id, form.filing())
        if done and isinstance(done.value, objections.Filed):
            return redirect(url_for(".follow", code=done.value.code), 303)
        if done:  # sent twice: the first answer has led to the page already
            flash(gettext("This objection was filed already."), "info")
            return redirect(url_for("notices.show_notice", notice_id=notice_id), 303)
    page = render_template(
        "objections/file_objection.html", form=form, notice=notice, taken=standing(notice)
    )
    return page, 422 if form.is_submitted() else 200


def _found(code: str) -> Objection:
    return objections.find_by_code(code) or abort(404)


@blueprint.get("/objections/<code>")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def follow(code: str) -> ResponseReturnValue:
    """Show the objector how far the objection has come."""
    return render_template("objections/follow.html", row=_found(code))


@blueprint.get("/objections/<code>/receipt")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def own_receipt(code: str) -> Response:
    """Download the receipt."""
    return download(objections_letters.receipt(_found(code)), f"{gettext('Receipt')}.pdf", PDF)


@blueprint.get("/objections/<code>/answer")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def own_answer(code: str) -> Response:
    """Download the answer."""
    row = _found(code)
    if row.finding is None:
        abort(404)
    return download(objections_letters.answer(row), f"{gettext('Answer')}.pdf", PDF)


@blueprint.post("/objections/<code>/withdraw")
@limiter.limit(_LOOKS)
@allows(Act.FILE_OBJECTION)
def withdraw(code: str) -> ResponseReturnValue:
    """Take an objection back."""
    _found(code)
    if attempt_button(objections.withdraw, code):
        flash(gettext("The objection is withdrawn."), "success")
    return redirect(url_for(".follow", code=code), 303)
