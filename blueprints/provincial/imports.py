"""Pages of past contests that come in by spreadsheet, and of results that come back."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.provincial.forms import FileForm, ReasonForm
from blueprints.provincial.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download
from rules.acts import Act
from rules.provincial import ProvincialImportKind
from rules.provincial_exchange import shown_key
from services import provincial_exchange, provincial_exchange_signing, provincial_histories
from services.workbooks_writing import write_table


@blueprint.route("/provincial-imports", methods=["GET", "POST"])
@allows(Act.IMPORT_PROVINCIAL)
def preview_history() -> ResponseReturnValue:
    """Read a spreadsheet of past entrants."""
    form = FileForm()
    if form.validate_on_submit():
        data = form.file.data
        facts = (data.read(), data.filename or "")
        done = attempt(form, provincial_histories.preview_history, *facts)
        if done:
            return redirect(url_for(".show_import", provincial_import_id=done.id), 303)
    files = provincial_histories.list_imports(ProvincialImportKind.HISTORY)
    page = render_template("provincial/preview_history.html", form=form, files=files)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/provincial-imports/template")
@allows(Act.IMPORT_PROVINCIAL)
def download_template() -> ResponseReturnValue:
    """Take a spreadsheet to fill in."""
    data = write_table(provincial_histories.COLUMNS, [], "参赛名单")
    return download(data, "省赛参赛名单.xlsx", XLSX)


@blueprint.get("/provincial-imports/<int:provincial_import_id>")
@allows(Act.IMPORT_PROVINCIAL)
def show_import(provincial_import_id: int) -> ResponseReturnValue:
    """Show what a file brings, and what is wrong in it."""
    return _page(provincial_import_id, ReasonForm())


def _page(import_id: int, form: ReasonForm) -> str:
    batch = provincial_histories.get_import(import_id)
    results = batch.kind is ProvincialImportKind.RESULTS
    matches = provincial_exchange.matches_of(batch) if results and batch.rows else []
    return render_template(
        "provincial/show_import.html",
        batch=batch,
        matches=matches,
        form=form,
        problem=provincial_exchange_signing.signer_problem(batch) if matches else None,
        sender=provincial_exchange_signing.sender_of(batch) if matches else "",
        shown_key=shown_key,
    )


@blueprint.post("/provincial-imports/<int:provincial_import_id>/confirm")
@allows(Act.IMPORT_PROVINCIAL)
def confirm_import(provincial_import_id: int) -> ResponseReturnValue:
    """Take a file over."""
    kind = provincial_histories.get_import(provincial_import_id).kind
    act = {
        ProvincialImportKind.HISTORY: provincial_histories.confirm_history,
        ProvincialImportKind.RESULTS: provincial_exchange.take_results,
    }[kind]
    attempt_button(act, provincial_import_id)
    return redirect(url_for(".show_import", provincial_import_id=provincial_import_id), 303)


@blueprint.post("/provincial-imports/<int:provincial_import_id>/undo")
@allows(Act.IMPORT_PROVINCIAL)
def undo_import(provincial_import_id: int) -> ResponseReturnValue:
    """Undo a file as a whole."""
    form = ReasonForm()
    kind = provincial_histories.get_import(provincial_import_id).kind
    act = {
        ProvincialImportKind.HISTORY: provincial_histories.undo_history,
        ProvincialImportKind.RESULTS: provincial_exchange.undo_results,
    }[kind]
    reason = form.reason.data or ""
    if form.validate() and attempt(form, act, provincial_import_id, reason=reason):
        return redirect(url_for(".show_import", provincial_import_id=provincial_import_id), 303)
    return _page(provincial_import_id, form), 422


@blueprint.post("/provincial-imports/<int:provincial_import_id>/discard")
@allows(Act.IMPORT_PROVINCIAL)
def discard_import(provincial_import_id: int) -> ResponseReturnValue:
    """Put a file away that was not taken over; what it said is forgotten."""
    attempt_button(provincial_histories.discard_import, provincial_import_id)
    return redirect(url_for(".show_import", provincial_import_id=provincial_import_id), 303)
