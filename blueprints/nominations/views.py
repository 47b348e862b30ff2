"""Calls of superiors: the list with what is due, a call's board, the steps of the whole call."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.nominations.call_forms import CallForm
from blueprints.nominations.forms import (
    NoticeForm,
    PaperForm,
    ReasonForm,
    SendForm,
    WordForm,
)
from blueprints.nominations.saving import save_call
from blueprints.rows import changed
from blueprints.web import attempt, attempt_button, files_dir, page_number, today, translated
from rules.acts import Act
from rules.nomination_programmes import TITLES, starting_rules
from rules.nominations import CallState, FilePurpose, NominationState
from services import (
    nominations,
    nominations_dues,
    nominations_files,
    nominations_forms,
    nominations_lists,
    nominations_notices,
    nominations_outcomes,
    nominations_ranking,
    nominations_sending,
)
from services.nominations_ranking import RANKABLE

blueprint = Blueprint("nominations", __name__)


@blueprint.get("/nominations")
@allows(Act.SEE_NOMINATIONS)
def list_calls() -> ResponseReturnValue:
    """List the calls, with what is due, the most overdue first."""
    value = request.args.get("state", "")
    state = CallState(value) if value in set(CallState) else None
    page = nominations.list_calls(state, page_number())
    return render_template(
        "nominations/list_calls.html",
        page=page,
        counts=nominations_lists.counts_of(page.items),
        states=CallState,
        State=NominationState,
        lines=nominations_dues.due_list(today()),
        starts=TITLES,
    )


@blueprint.get("/nominations/figures")
@allows(Act.SEE_NOMINATIONS)
def show_figures() -> ResponseReturnValue:
    """Show how many were sent and granted, by title and year."""
    return render_template("nominations/show_figures.html", rows=nominations_outcomes.figures())


@blueprint.route("/nominations/calls/new", methods=["GET", "POST"])
@allows(Act.MANAGE_NOMINATIONS)
def write_call() -> ResponseReturnValue:
    """Enter a call of a superior, beginning from one that comes with the program."""
    start = request.args.get("start", "province")
    if start not in TITLES:
        abort(404)
    title, level = TITLES[start]
    rules = starting_rules(start, today())
    begun = {"title": title, "level": level.value, "year": today().year}
    form = _call_form(begun | CallForm.values(rules))
    if _is_sent(form):
        done = attempt(form, save_call, form, rules)
        if done:
            return redirect(url_for(".show_call", nomination_call_id=done.id), 303)
    return _call_page(form, None)


@blueprint.route("/nominations/calls/<int:nomination_call_id>/edit", methods=["GET", "POST"])
@allows(Act.MANAGE_NOMINATIONS)
def edit_call(nomination_call_id: int) -> ResponseReturnValue:
    """Change a call that is not open yet."""
    row = nominations.get_call(nomination_call_id)
    form = _call_form(CallForm.stored(row))
    if _is_sent(form) and attempt(form, save_call, form, nominations.rules_of(row), row.id):
        return redirect(url_for(".show_call", nomination_call_id=nomination_call_id), 303)
    return _call_page(form, nominations.get_call(nomination_call_id))


def _call_form(values: dict[str, Any]) -> CallForm:
    """Return a form as typed, or as stored; rows that are gone must not come back."""
    change = request.form.get("change")
    if change is not None:
        return CallForm(formdata=changed(request.form, change))
    return CallForm() if request.method == "POST" else CallForm(data=values)


def _is_sent(form: CallForm) -> bool:
    return "change" not in request.form and form.validate_on_submit()


def _call_page(form: CallForm, row: Any) -> ResponseReturnValue:
    page = render_template("nominations/write_call.html", form=form, row=row)
    return page, 422 if form.is_submitted() and "change" not in request.form else 200


@blueprint.get("/nominations/calls/<int:nomination_call_id>")
@allows(Act.SEE_NOMINATIONS)
def show_call(nomination_call_id: int) -> ResponseReturnValue:
    """Show the board of a call: lists, places, candidates, deadlines, papers."""
    return call_page(nomination_call_id)


def call_page(key: int, forms: dict[str, ActForm] | None = None) -> str:
    """Draw the board of a call, with forms that were refused."""
    call = nominations.get_call(key)
    board = nominations_lists.board(call)
    going = nominations_sending.going(key)
    own: dict[str, ActForm] = {
        "reason": ReasonForm(formdata=None),
        "notice": NoticeForm(formdata=None),
        "send": SendForm(formdata=None),
        "paper": PaperForm(formdata=None),
        "word": WordForm(board.rules, formdata=None),
    }
    return render_template(
        "nominations/show_call.html",
        call=call,
        board=board,
        lacks=[translated(one) for one in nominations_sending.send_problems(call, going)],
        going=going,
        notices=nominations_notices.list_notices(key),
        sendings=nominations_sending.list_sendings(key),
        papers=nominations_files.list_files(key, purpose=FilePurpose.CALL),
        word_forms=nominations_forms.list_forms(key),
        forms=own | (forms or {}),
        errors=[text for form in (forms or {}).values() for text in said(form)],
        State=NominationState,
        days_left=_days_left(call.superior_until),
        rankable=RANKABLE,
    )


def _days_left(until: date) -> int:
    return (until - today()).days


def said(form: ActForm) -> list[str]:
    """Return all that is wrong in a form."""
    found = list(form.form_errors)
    for field in form:
        found += [str(error) for error in field.errors]
    return found


def _button(key: int, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    if attempt_button(act, key):
        flash(done, "success")
    return redirect(url_for(".show_call", nomination_call_id=key), 303)


@blueprint.post("/nominations/calls/<int:nomination_call_id>/open")
@allows(Act.APPROVE_NOMINATIONS)
def open_call(nomination_call_id: int) -> ResponseReturnValue:
    """Open a call, as a second person."""
    done = gettext("The call is open and frozen.")
    return _button(nomination_call_id, nominations.open_call, done)


@blueprint.post("/nominations/calls/<int:nomination_call_id>/close")
@allows(Act.MANAGE_NOMINATIONS)
def close_call(nomination_call_id: int) -> ResponseReturnValue:
    """Close a call whose candidates all have an outcome."""
    return _button(nomination_call_id, nominations.close_call, gettext("The call is closed."))


def _with_reason(key: int, act: Callable[..., Any]) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return redirect(url_for(".show_call", nomination_call_id=key), 303)
    return call_page(key, {"reason": form}), 422


@blueprint.post("/nominations/calls/<int:nomination_call_id>/cancel")
@allows(Act.MANAGE_NOMINATIONS)
def cancel_call(nomination_call_id: int) -> ResponseReturnValue:
    """Cancel a call."""
    return _with_reason(nomination_call_id, nominations.cancel_call)


@blueprint.post("/nominations/calls/<int:nomination_call_id>/reopen")
@allows(Act.MANAGE_NOMINATIONS)
def reopen_call(nomination_call_id: int) -> ResponseReturnValue:
    """Open a closed call again."""
    return _with_reason(nomination_call_id, nominations.reopen_call)


@blueprint.post("/nominations/calls/<int:nomination_call_id>/ranks")
@allows(Act.MANAGE_NOMINATIONS)
def rank(nomination_call_id: int) -> ResponseReturnValue:
    """Set the order of a list."""
    form, key = ActForm(), nomination_call_id
    ranks: dict[int, int | None] = {}
    for name, text in request.form.items():
        if name.startswith("rank-") and name[5:].isdecimal():
            ranks[int(name[5:])] = int(text) if text.strip().isdecimal() else None
    list_key = request.form.get("list", "")[:40]
    if form.validate() and attempt(form, nominations_ranking.rank, key, list_key, ranks):
        flash(gettext("The order is kept."), "success")
        anchor = f"list-{list_key}"
        return redirect(url_for(".show_call", nomination_call_id=key, _anchor=anchor), 303)
    return call_page(key, {"rank": form}), 422


@blueprint.post("/nominations/calls/<int:nomination_call_id>/notice")
@allows(Act.MANAGE_NOMINATIONS)
def post_notice(nomination_call_id: int) -> ResponseReturnValue:
    """Put the ranked candidates up for objections."""
    form, key = NoticeForm(), nomination_call_id
    act = nominations_notices.post_notice
    if form.validate() and attempt(form, act, key, form.contact.data or ""):
        flash(gettext("The notice stands."), "success")
        return redirect(url_for(".show_call", nomination_call_id=key), 303)
    return call_page(key, {"notice": form}), 422


@blueprint.post("/nominations/calls/<int:nomination_call_id>/approve")
@allows(Act.APPROVE_NOMINATIONS)
def approve_names(nomination_call_id: int) -> ResponseReturnValue:
    """Approve the names whose notice has ended, as a second person."""
    form, key = ActForm(), nomination_call_id
    if form.validate() and attempt(form, nominations_notices.approve_names, key):
        flash(gettext("Approved."), "success")
        return redirect(url_for(".show_call", nomination_call_id=key), 303)
    return call_page(key, {"approve": form}), 422


@blueprint.post("/nominations/calls/<int:nomination_call_id>/send")
@allows(Act.MANAGE_NOMINATIONS)
def send(nomination_call_id: int) -> ResponseReturnValue:
    """Make all papers, freeze them, and call the names sent."""
    form, key = SendForm(), nomination_call_id
    act = nominations_sending.send
    if form.validate() and attempt(form, act, key, form.note.data or "", files_dir()):
        flash(gettext("All papers are made and frozen."), "success")
        return redirect(url_for(".show_call", nomination_call_id=key, _anchor="sendings"), 303)
    return call_page(key, {"send": form}), 422
