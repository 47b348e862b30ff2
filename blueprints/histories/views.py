"""Lists of the past: upload, columns, preview with decisions, confirmation, undoing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.histories.forms import ReasonForm, UploadForm, choices_in, columns_form
from blueprints.labels import label
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, translated
from models.histories import HistoryImport
from rules.acts import Act
from rules.histories import HistoryKind, HistoryState
from rules.histories_matches import HistoryMatch
from rules.refusals import Refused
from services import histories, histories_lists
from services.acting import Actor
from services.histories_columns import COLUMNS, template, title_of
from services.histories_lists import HistorySubject, Shown
from services.pages import PAGE_SIZE

blueprint = Blueprint("histories", __name__)

# Where a list of each kind is shown, and where the kinds with pages of their own are brought in.
SHOWN: dict[HistorySubject, tuple[str, str]] = {
    HistorySubject.EDITIONS: ("histories.show_list", "history_import_id"),
    HistorySubject.HONOURS: ("histories.show_list", "history_import_id"),
    HistorySubject.HOLDERS: ("selection_holders.show_list", "selection_list_id"),
    HistorySubject.WORKSHOPS: ("workshops.show_import", "workshop_import_id"),
    HistorySubject.MENTORSHIPS: ("mentorships.show_import", "mentorship_import_id"),
    HistorySubject.PROVINCIAL: ("provincial.show_import", "provincial_import_id"),
}
BROUGHT_IN: dict[HistorySubject, str] = {
    HistorySubject.HOLDERS: "selection_holders.import_list",
    HistorySubject.WORKSHOPS: "workshops.preview_register",
    HistorySubject.MENTORSHIPS: "mentorships.import_register",
    HistorySubject.PROVINCIAL: "provincial.preview_history",
}


@blueprint.route("/histories", methods=["GET", "POST"])
@allows(Act.IMPORT_HISTORIES)
def list_imports() -> ResponseReturnValue:
    """List all lists of the past, and read another one."""
    form = UploadForm()
    if form.validate_on_submit():
        kind, file = HistoryKind(form.kind.data), form.file.data
        done = attempt(form, histories.upload, kind, file.read(), file.filename or "")
        if done:
            return redirect(url_for(".choose_columns", history_import_id=done.id), 303)
    page = render_template(
        "histories/list_imports.html",
        form=form,
        lists=histories_lists.list_all(),
        shown=SHOWN,
        brought_in=BROUGHT_IN,
        kinds=HistoryKind,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/histories/templates/<kind>.xlsx")
@allows(Act.IMPORT_HISTORIES)
def download_template(kind: str) -> ResponseReturnValue:
    """Send the empty spreadsheet of a kind."""
    if kind not in set(HistoryKind):
        abort(404)
    chosen = HistoryKind(kind)
    return download(template(chosen), f"{title_of(chosen)}.xlsx", XLSX)


@blueprint.route("/histories/<int:history_import_id>/columns", methods=["GET", "POST"])
@allows(Act.IMPORT_HISTORIES)
def choose_columns(history_import_id: int) -> ResponseReturnValue:
    """Say where each of our columns stands in the list."""
    row = histories.get_import(history_import_id)
    if row.state not in histories.WAITS:
        return redirect(url_for(".show_list", history_import_id=row.id), 303)
    form = columns_form(row)
    if form.validate_on_submit() and attempt(form, _choose, row, form):
        return redirect(url_for(".show_list", history_import_id=row.id), 303)
    page = render_template(
        "histories/choose_columns.html", row=row, form=form, columns=COLUMNS[row.kind]
    )
    return page, 422 if form.is_submitted() else 200


def _choose(by: Actor, row: HistoryImport, form: ActForm) -> int:
    return histories.choose_columns(by, row.id, choices_in(form, row.kind))


@blueprint.get("/histories/<int:history_import_id>")
@allows(Act.IMPORT_HISTORIES)
def show_list(history_import_id: int) -> ResponseReturnValue:
    """Show what a list brings, what is wrong in it, and who may be meant."""
    row = histories.get_import(history_import_id)
    if row.state is HistoryState.UPLOADED:
        return redirect(url_for(".choose_columns", history_import_id=row.id), 303)
    return _page(row, ReasonForm())


def _page(row: HistoryImport, form: ReasonForm) -> str:
    wanted = request.args.get("shown", "")
    shown = Shown(wanted) if wanted in set(Shown) else Shown.ALL
    return render_template(
        "histories/show_list.html",
        row=row,
        form=form,
        shown=shown,
        choices=[(one.value, label(one)) for one in Shown if one is not Shown.ALL],
        matches={one.value: one for one in HistoryMatch},
        page=histories_lists.page_of_rows(row, shown, page_number(), PAGE_SIZE),
        editions=histories_lists.editions_of(row.id),
        say=_said,
    )


def _said(problem: list[object]) -> str:
    message, field, params = problem
    more = params if isinstance(params, dict) else {}
    return translated(Refused(str(message), str(field or ""), **more))


@blueprint.post("/histories/<int:history_import_id>/decisions")
@allows(Act.IMPORT_HISTORIES)
def decide(history_import_id: int) -> ResponseReturnValue:
    """Keep who is meant in the rows of a page."""
    decisions: dict[int, int | None] = {}
    for name, text in request.form.items():
        number = name.removeprefix("who_")
        if name != number and number.isdecimal() and (text.isdecimal() or not text):
            decisions[int(number)] = int(text) if text else None
    if attempt_button(histories.decide, history_import_id, decisions):
        flash(gettext("The decisions are kept."), "success")
    return redirect(_back(history_import_id), 303)


@blueprint.post("/histories/<int:history_import_id>/proposals")
@allows(Act.IMPORT_HISTORIES)
def take_proposals(history_import_id: int) -> ResponseReturnValue:
    """Decide all rows in which just one person fits by more than the name."""
    if attempt_button(histories.take_proposals, history_import_id):
        flash(gettext("The decisions are kept."), "success")
    return redirect(_back(history_import_id), 303)


def _back(import_id: int) -> str:
    wanted = request.args.get("shown", "")
    shown = wanted if wanted in set(Shown) else None
    return url_for(".show_list", history_import_id=import_id, shown=shown)


@blueprint.post("/histories/<int:history_import_id>/confirm")
@allows(Act.IMPORT_HISTORIES)
def confirm_list(history_import_id: int) -> ResponseReturnValue:
    """Bring a list in."""
    only_good = request.form.get("rows") == "good"
    if attempt_button(histories.confirm, history_import_id, only_good=only_good):
        flash(gettext("The list is brought in."), "success")
    return redirect(url_for(".show_list", history_import_id=history_import_id), 303)


@blueprint.post("/histories/<int:history_import_id>/discard")
@allows(Act.IMPORT_HISTORIES)
def discard_list(history_import_id: int) -> ResponseReturnValue:
    """Forget a list that was not brought in."""
    attempt_button(histories.discard, history_import_id)
    return redirect(url_for(".list_imports"), 303)


@blueprint.post("/histories/<int:history_import_id>/undo")
@allows(Act.IMPORT_HISTORIES)
def undo_list(history_import_id: int) -> ResponseReturnValue:
    """Take a whole list back out."""
    form = ReasonForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, histories.undo, history_import_id, reason=reason):
        flash(gettext("The list is taken back out."), "success")
        return redirect(url_for(".show_list", history_import_id=history_import_id), 303)
    return _page(histories.get_import(history_import_id), form), 422
