"""Entries from a spreadsheet: template, upload, preview, confirmation."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from blueprints.access import allows
from blueprints.entries.forms import ImportForm
from blueprints.entries.standings import page_size, refuse_strangers, standing_at, why_closed
from blueprints.entries.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today, translated
from models.contests import Contest
from rules.acts import Act
from rules.refusals import Missing
from rules.states import ContestState
from services import contests, entries_imports
from services.entries import Standing
from services.entries_rows import columns


def _chinese() -> bool:
    return str(get_locale()) != "en"


def _open_contest(contest_id: int, standing: Standing) -> Contest:
    """Return the contest, which others than officials see only once it is published."""
    refuse_strangers(standing)
    contest = contests.get_outline(contest_id)
    if contest.state is ContestState.DRAFT and not standing.is_official:
        raise Missing(contest_id)
    return contest


@blueprint.get("/contests/<int:contest_id>/entries/template")
@allows(Act.IMPORT_ENTRIES)
def template(contest_id: int) -> ResponseReturnValue:
    """Send the empty spreadsheet of a contest."""
    standing = standing_at(contest_id)
    contest = _open_contest(contest_id, standing)
    data = entries_imports.template(contest, standing.is_official, _chinese(), gettext)
    return download(data, f"{contest.code}-{gettext('entries')}.xlsx", XLSX)


@blueprint.route("/contests/<int:contest_id>/entries/import", methods=["GET", "POST"])
@allows(Act.IMPORT_ENTRIES)
def import_entries(contest_id: int) -> ResponseReturnValue:
    """Read a spreadsheet; nothing is imported before its preview is confirmed."""
    standing = standing_at(contest_id)
    contest, form = _open_contest(contest_id, standing), ImportForm()
    if form.validate_on_submit():
        upload = _read(contest, standing, form)
        if not upload.problems:
            done = attempt(form, entries_imports.preview, contest_id, standing, upload)
            if done:
                return redirect(url_for(".show_import", import_id=done.id), 303)
        for problem in upload.problems:
            form.refuse(translated(problem), "file")
        contest = contests.get_outline(contest_id)
    page = render_template(
        "entries/import_entries.html",
        form=form,
        edition=contest,
        columns=columns(_chinese(), standing.is_official, None, gettext),
        closed=why_closed(contest, standing),
    )
    return page, 422 if form.is_submitted() else 200


def _read(contest: Contest, standing: Standing, form: ImportForm) -> entries_imports.Upload:
    file, day = form.file.data, today()
    return entries_imports.read_upload(
        contest, standing, file.read(), file.filename or "", day, _chinese()
    )


@blueprint.get("/imports/<int:import_id>")
@allows(Act.IMPORT_ENTRIES)
def show_import(import_id: int) -> ResponseReturnValue:
    """The preview of a spreadsheet, rows with errors first."""
    shown = entries_imports.get_preview(import_id, page_number(), page_size())
    return render_template(
        "entries/show_import.html",
        shown=shown,
        batch=shown.batch,
        page=shown.page,
        columns=columns(_chinese(), shown.batch.employer_id is None),
        say=translated,
    )


@blueprint.post("/imports/<int:import_id>/confirm")
@allows(Act.IMPORT_ENTRIES)
def confirm_import(import_id: int) -> ResponseReturnValue:
    """Import the rows of a preview; all are checked once more."""
    contest_id = entries_imports.get_batch(import_id).contest_id
    standing, only_good = standing_at(contest_id), request.form.get("rows") == "good"
    if attempt_button(entries_imports.confirm, import_id, standing, only_good):
        flash(gettext("The entries are imported. They wait for review."), "success")
    else:
        attempt_button(entries_imports.check_again, import_id, standing)
    return redirect(url_for(".show_import", import_id=import_id), 303)


@blueprint.post("/imports/<int:import_id>/discard")
@allows(Act.IMPORT_ENTRIES)
def discard_import(import_id: int) -> ResponseReturnValue:
    """Forget a preview."""
    contest_id = entries_imports.get_batch(import_id).contest_id
    if attempt_button(entries_imports.discard, import_id):
        flash(gettext("The file is forgotten; nothing was imported."), "success")
    return redirect(url_for(".import_entries", contest_id=contest_id), 303)


@blueprint.get("/imports/<int:import_id>/errors")
@allows(Act.IMPORT_ENTRIES)
def import_errors(import_id: int) -> ResponseReturnValue:
    """Send the rows with errors, to be corrected and uploaded again."""
    batch = entries_imports.get_batch(import_id)
    data = entries_imports.problem_sheet(batch, _chinese(), translated)
    return download(data, f"{gettext('errors')}-{import_id}.xlsx", XLSX)
