"""Pages of those who handle objections."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.objections.forms import AnswerForm, NoteForm, RecordForm
from blueprints.objections.views import PDF, blueprint
from blueprints.web import attempt, attempt_button, download, today, translated
from rules.access import Act
from rules.objections import CHANGES, Channel, Conclusion
from services import accounts, notices, objections, objections_handling, objections_letters


@blueprint.get("/notices/<int:notice_id>/objections")
@allows(Act.HANDLE_OBJECTION)
def list_objections(notice_id: int) -> ResponseReturnValue:
    """List the objections to a notice, those that wait first."""
    return render_template(
        "objections/list_objections.html",
        notice=notices.get_notice(notice_id),
        rows=objections.list_objections(notice_id),
    )


@blueprint.route("/notices/<int:notice_id>/objections/record", methods=["GET", "POST"])
@allows(Act.HANDLE_OBJECTION)
def record_objection(notice_id: int) -> ResponseReturnValue:
    """Record an objection that came by letter, telephone, mail or in person."""
    form = RecordForm()
    form.offer(objections.entries_of(notice_id), gettext("The notice as a whole"))
    if form.validate_on_submit():
        channel, moment = Channel(form.channel.data), form.moment()
        done = attempt(form, objections.record_objection, notice_id, form.filing(), channel, moment)
        if done:
            flash(gettext("The objection is recorded."), "success")
            return redirect(url_for(".list_objections", notice_id=notice_id), 303)
    page = render_template(
        "objections/record_objection.html", form=form, notice=notices.get_notice(notice_id)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/objections/handling/<int:objection_id>")
@allows(Act.HANDLE_OBJECTION)
def show_objection(objection_id: int) -> ResponseReturnValue:
    """Show an objection and what can be done with it."""
    return _page(objection_id, AnswerForm(), {})


_NOTES = ("refuse", "done", "over")


def _page(objection_id: int, form: AnswerForm, notes: dict[str, NoteForm]) -> str:
    row = objections.get_objection(objection_id)
    account = accounts.get_account(require_holder().account_id)
    interest = objections_handling.interest_of(account, row)
    return render_template(
        "objections/show_objection.html",
        row=row,
        mine=row.handler_id == account.id and interest is None,
        interest=translated(interest) if interest else "",
        readable=objections_handling.may_read(account, row),
        pending=objections_handling.is_pending(row),
        form=form,
        notes={name: notes.get(name) or NoteForm(formdata=None) for name in _NOTES},
        changes=row.finding in CHANGES,
        late=row.due_on is not None and row.due_on < today(),
    )


@blueprint.post("/objections/handling/<int:objection_id>/take")
@allows(Act.HANDLE_OBJECTION)
def take(objection_id: int) -> ResponseReturnValue:
    """Take an objection in hand."""
    attempt_button(objections_handling.take, objection_id)
    return redirect(url_for(".show_objection", objection_id=objection_id), 303)


@blueprint.post("/objections/handling/<int:objection_id>/take-over")
@allows(Act.HANDLE_OBJECTION)
def take_over(objection_id: int) -> ResponseReturnValue:
    """Take an objection over from who has it in hand."""
    form = NoteForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(
        form, objections_handling.take_over, objection_id, reason=reason
    ):
        return redirect(url_for(".show_objection", objection_id=objection_id), 303)
    return _page(objection_id, AnswerForm(formdata=None), {"over": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/answer")
@allows(Act.HANDLE_OBJECTION)
def answer(objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    form = AnswerForm()
    if form.validate():
        finding, text = Conclusion(form.finding.data), form.text.data or ""
        if attempt(form, objections_handling.answer, objection_id, finding=finding, text=text):
            flash(gettext("Answered. The letter is ready."), "success")
            return redirect(url_for(".show_objection", objection_id=objection_id), 303)
    return _page(objection_id, form, {}), 422


@blueprint.post("/objections/handling/<int:objection_id>/refuse")
@allows(Act.HANDLE_OBJECTION)
def refuse(objection_id: int) -> ResponseReturnValue:
    """Refuse an objection as to form."""
    form = NoteForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, objections_handling.refuse, objection_id, reason=reason):
        return redirect(url_for(".show_objection", objection_id=objection_id), 303)
    return _page(objection_id, AnswerForm(formdata=None), {"refuse": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/carry-out")
@allows(Act.HANDLE_OBJECTION)
def carry_out(objection_id: int) -> ResponseReturnValue:
    """Record how an upheld objection changed the list."""
    form = NoteForm()
    note = form.reason.data or ""
    if form.validate() and attempt(form, objections_handling.carry_out, objection_id, note=note):
        return redirect(url_for(".show_objection", objection_id=objection_id), 303)
    return _page(objection_id, AnswerForm(formdata=None), {"done": form}), 422


@blueprint.get("/objections/handling/<int:objection_id>/<kind>.pdf")
@allows(Act.HANDLE_OBJECTION)
def letter(objection_id: int, kind: str) -> Response:
    """Download the receipt or the answer."""
    row = objections.get_objection(objection_id)
    account = accounts.get_account(require_holder().account_id)
    if not objections_handling.may_read(account, row):
        abort(404)
    if kind == "receipt":
        return download(objections_letters.receipt(row), f"{gettext('Receipt')}.pdf", PDF)
    if kind != "answer" or row.finding is None:
        abort(404)
    return download(objections_letters.answer(row), f"{gettext('Answer')}.pdf", PDF)
