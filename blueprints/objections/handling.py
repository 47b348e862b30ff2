"""Pages of those who handle objections."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.objections.forms import (
    AnswerForm,
    CarryOutForm,
    FileForm,
    NoteForm,
    RecordForm,
)
from blueprints.objections.views import (
    PDF,
    answer_of,
    attach_first,
    blueprint,
    upload_of,
)
from blueprints.web import acting, attempt, attempt_button, download, files_dir, today, translated
from models.accounts import Account
from models.objections import Objection
from rules.access import Role, contests_of
from rules.acts import Act
from rules.objections import CHANGES, Channel, Conclusion
from services import (
    accounts,
    notices,
    objections,
    objections_files,
    objections_handling,
    objections_letters,
    objections_outcomes,
    objections_restarts,
)


def _account() -> Account:
    return accounts.get_account(require_holder().account_id)


@blueprint.get("/objections")
@allows(Act.HANDLE_OBJECTION)
def list_due() -> ResponseReturnValue:
    """The objections that wait for an answer or to be carried out, the most urgent first."""
    within = contests_of(require_holder(), {Role.BUREAU_STAFF})
    return _list_page("objections/list_due.html", objections.list_due(within))


def _list_page(template: str, rows: Any, **more: Any) -> str:
    account = _account()
    readable = {row.id for row in rows if objections_handling.may_read(account, row)}
    return render_template(template, rows=rows, readable=readable, today=today(), **more)


@blueprint.get("/notices/<int:notice_id>/objections")
@allows(Act.HANDLE_OBJECTION)
def list_objections(notice_id: int) -> ResponseReturnValue:
    """List the objections to a notice, those that wait first."""
    rows = objections.list_objections(notice_id)
    notice = notices.get_notice(notice_id)
    return _list_page("objections/list_objections.html", rows, notice=notice)


@blueprint.route("/notices/<int:notice_id>/objections/record", methods=["GET", "POST"])
@allows(Act.HANDLE_OBJECTION)
def record_objection(notice_id: int) -> ResponseReturnValue:
    """Record an objection that came by letter, telephone, mail or in person."""
    form = RecordForm()
    form.offer(objections.entries_of(notice_id), objections.persons_of(notice_id, coaches=True))
    if form.validate_on_submit():
        channel, moment = Channel(form.channel.data), form.moment()
        done = attempt(form, objections.record_objection, notice_id, form.filing(), channel, moment)
        if done:
            if form.file.data and isinstance(done.value, objections.Filed):
                attach_first(objections_files.attach, done.value.id, form.file.data)
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
    return _page(objection_id, {})


def _page(objection_id: int, forms: dict[str, ActForm]) -> str:
    row = objections.get_objection(objection_id)
    account = _account()
    interest = objections_handling.interest_of(account, row)
    effects = objections_outcomes.list_effects(objection_id)
    return render_template(
        "objections/show_objection.html",
        row=row,
        mine=row.handler_id == account.id and interest is None,
        interest=translated(interest) if interest else "",
        readable=objections_handling.may_read(account, row),
        pending=objections_handling.is_pending(row),
        forms=_told_apart(_forms(row) | forms),
        files=objections_files.list_files(objection_id),
        changes=row.finding in CHANGES,
        effects=effects,
        moved=objections_restarts.moved_awards(_bases(effects)),
        late=row.due_on is not None and row.due_on < today(),
    )


def _forms(row: Objection) -> dict[str, ActForm]:
    names = ("refuse", "over")
    notes: dict[str, ActForm] = {name: NoteForm(formdata=None) for name in names}
    files = {name: FileForm(formdata=None) for name in ("file", "answer_file")}
    done = _carry_out_form(row, formdata=None)
    return notes | files | {"done": done, "answer": AnswerForm(formdata=None)}


def _told_apart(forms: dict[str, ActForm]) -> dict[str, ActForm]:
    """Give fields of the same name on one page ids of their own, so that labels find them."""
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return forms


def _carry_out_form(row: Objection, **more: Any) -> CarryOutForm:
    form = CarryOutForm(**more)
    about_entry = row.entry_id is not None
    form.offer(about_entry, () if about_entry else objections_outcomes.events_of(row.notice_id))
    return form


def _bases(effects: Any) -> dict[int, int]:
    pairs = {one.revision_id: one.base_revision_id for one in effects}
    return {new: base for new, base in pairs.items() if new is not None and base is not None}


def _back(objection_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_objection", objection_id=objection_id), 303)


@blueprint.post("/objections/handling/<int:objection_id>/take")
@allows(Act.HANDLE_OBJECTION)
def take(objection_id: int) -> ResponseReturnValue:
    """Take an objection in hand."""
    attempt_button(objections_handling.take, objection_id)
    return _back(objection_id)


@blueprint.post("/objections/handling/<int:objection_id>/take-over")
@allows(Act.HANDLE_OBJECTION)
def take_over(objection_id: int) -> ResponseReturnValue:
    """Take an objection over from who has it in hand."""
    form = NoteForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(
        form, objections_handling.take_over, objection_id, reason=reason
    ):
        return _back(objection_id)
    return _page(objection_id, {"over": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/answer")
@allows(Act.HANDLE_OBJECTION)
def answer(objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    form = AnswerForm()
    if form.validate():
        finding, text = Conclusion(form.finding.data), form.text.data or ""
        if attempt(form, objections_handling.answer, objection_id, finding=finding, text=text):
            flash(gettext("Answered. The letter is ready."), "success")
            return _back(objection_id)
    return _page(objection_id, {"answer": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/refuse")
@allows(Act.HANDLE_OBJECTION)
def refuse(objection_id: int) -> ResponseReturnValue:
    """Refuse an objection as to form."""
    form = NoteForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, objections_handling.refuse, objection_id, reason=reason):
        return _back(objection_id)
    return _page(objection_id, {"refuse": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/carry-out")
@allows(Act.HANDLE_OBJECTION)
def carry_out(objection_id: int) -> ResponseReturnValue:
    """Carry out an upheld objection: nothing in the results, or a way to a new revision."""
    form = _carry_out_form(objections.get_objection(objection_id))
    if form.validate() and attempt(form, objections_outcomes.carry_out, objection_id, form.order()):
        flash(gettext("Carried out. What changes results counts once a new one is signed."), "info")
        return _back(objection_id)
    return _page(objection_id, {"done": form}), 422


@blueprint.post("/objections/handling/<int:objection_id>/files")
@allows(Act.HANDLE_OBJECTION)
def attach(objection_id: int) -> ResponseReturnValue:
    """Add a file that came with an objection on paper."""
    return _attach(objection_id, "file", objections_files.attach)


@blueprint.post("/objections/handling/<int:objection_id>/answer-files")
@allows(Act.HANDLE_OBJECTION)
def attach_answer(objection_id: int) -> ResponseReturnValue:
    """Add a file to the answer."""
    return _attach(objection_id, "answer_file", objections_files.attach_answer)


def _attach(objection_id: int, name: str, act: Any) -> ResponseReturnValue:
    form = FileForm()
    if form.validate() and attempt(form, act, objection_id, upload_of(form.file.data), files_dir()):
        flash(gettext("The file is added."), "success")
        return _back(objection_id)
    return _page(objection_id, {name: form}), 422


@blueprint.get("/objections/handling/<int:objection_id>/files/<int:number>")
@allows(Act.HANDLE_OBJECTION)
def open_file(objection_id: int, number: int) -> Response:
    """Download a file, always to be saved; who took it when is recorded."""
    found = objections_files.open_file(acting(), objection_id, number, files_dir())
    return download(found.data, found.title, found.mimetype)


@blueprint.get("/objections/handling/<int:objection_id>/<kind>.pdf")
@allows(Act.HANDLE_OBJECTION)
def letter(objection_id: int, kind: str) -> Response:
    """Download the receipt or the answer."""
    row = objections.get_objection(objection_id)
    if not objections_handling.may_read(_account(), row):
        abort(404)
    if kind == "receipt":
        made = objections_letters.receipt(row, objections_files.list_files(objection_id))
        return download(made, f"{gettext('Receipt')}.pdf", PDF)
    if kind != "answer" or row.finding is None:
        abort(404)
    return download(answer_of(row), f"{gettext('Answer')}.pdf", PDF)
