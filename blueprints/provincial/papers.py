"""Pages of the entry form: what is lacking, its layout, what was sent, its changes."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import FileForm
from blueprints.provincial.views import blueprint
from blueprints.web import XLSX, acting, attempt, attempt_button, download, files_dir
from rules.acts import Act
from rules.provincial import SENT, ProvincialState
from rules.provincial_forms import FORM_FIELDS
from services import (
    provincial,
    provincial_delegations_changes,
    provincial_delegations_forms,
    provincial_delegations_layouts,
    provincial_exchange,
    provincial_slots,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDS = {
    "word": ("docx", WORD),
    "table": ("xlsx", XLSX),
    "entries": ("json", "application/json"),
    "entries-table": ("xlsx", XLSX),
}


@blueprint.get("/provincial/<int:provincial_contest_id>/form")
@allows(Act.SEE_PROVINCIAL)
def show_form(provincial_contest_id: int) -> ResponseReturnValue:
    """Show the entry form: what is lacking, its layouts, what was sent and changed."""
    return _page(provincial_contest_id, FileForm())


def _page(contest_id: int, form: FileForm) -> str:
    contest = provincial.get_contest(contest_id)
    preparing = contest.state is ProvincialState.PREPARING
    return render_template(
        "provincial/show_form.html",
        contest=contest,
        form=form,
        lacks=provincial_delegations_forms.lacks(contest, acting()) if preparing else [],
        forms=provincial_delegations_forms.list_forms(contest_id),
        changes=provincial_delegations_changes.list_changes(contest_id),
        layouts=provincial_delegations_layouts.list_layouts(contest_id),
        entered=provincial_slots.list_slots([one.id for one in contest.events], SENT),
        fields=FORM_FIELDS,
        intact=provincial_delegations_forms.is_intact,
    )


def _back(contest_id: int, anchor: str | None = None) -> ResponseReturnValue:
    address = url_for(".show_form", provincial_contest_id=contest_id, _anchor=anchor)
    return redirect(address, 303)


@blueprint.post("/provincial/<int:provincial_contest_id>/form")
@allows(Act.EDIT_PROVINCIAL)
def send_form(provincial_contest_id: int) -> ResponseReturnValue:
    """Send the entry form: from now on it is frozen."""
    if attempt_button(provincial_delegations_forms.send_form, provincial_contest_id, files_dir()):
        flash(gettext("The form is kept as it was sent."), "success")
    return _back(provincial_contest_id)


@blueprint.get("/provincial-forms/<int:provincial_form_id>/<string:kind>")
@allows(Act.SEE_PROVINCIAL_FORM)
def download_form(provincial_form_id: int, kind: str) -> ResponseReturnValue:
    """Take a copy of a form as sent: Word, spreadsheet, or exchange file."""
    if kind not in ENDS:
        abort(404)
    form = provincial_delegations_forms.get_form(provincial_form_id)
    if kind.startswith("entries"):
        data = provincial_exchange.entries_file(form.id, as_table=kind != "entries")
    else:
        data = provincial_delegations_forms.file_of(form, kind, files_dir())
    stem = f"{form.contest.title}-{form.number}"
    provincial_delegations_forms.record_form_download(acting(), form.id)
    return download(data, f"{stem}.{ENDS[kind][0]}", ENDS[kind][1])


@blueprint.post("/provincial/<int:provincial_contest_id>/layouts")
@allows(Act.EDIT_PROVINCIAL)
def upload_layout(provincial_contest_id: int) -> ResponseReturnValue:
    """Bring the organiser's form as a Word file; a second person approves it."""
    form = FileForm()
    if form.validate():
        data = form.file.data.read()
        act = provincial_delegations_layouts.upload_layout
        if attempt(form, act, provincial_contest_id, data, files_dir()):
            flash(gettext("The layout is checked and waits for a second person."), "success")
            return _back(provincial_contest_id, "layouts")
    return _page(provincial_contest_id, form), 422


@blueprint.post("/provincial-layouts/<int:provincial_layout_id>/approve")
@allows(Act.DECIDE_PROVINCIAL)
def approve_layout(provincial_layout_id: int) -> ResponseReturnValue:
    """Approve a layout as a second person."""
    row = provincial_delegations_layouts.get_layout(provincial_layout_id)
    attempt_button(provincial_delegations_layouts.approve_layout, row.id)
    return _back(row.contest_id, "layouts")


@blueprint.get("/provincial-layouts/<int:provincial_layout_id>/<string:kind>")
@allows(Act.SEE_PROVINCIAL_FORM)
def download_layout(provincial_layout_id: int, kind: str) -> ResponseReturnValue:
    """Take a layout as it was brought, or filled with sample values."""
    row = provincial_delegations_layouts.get_layout(provincial_layout_id)
    if kind == "sample":
        data = provincial_delegations_layouts.sample_of(row, files_dir())
        return download(data, f"报名表样张-{row.number}.docx", WORD)
    if kind != "file":
        abort(404)
    data = provincial_delegations_layouts.bytes_of(row, files_dir())
    return download(data, f"报名表版式-{row.number}.docx", WORD)


@blueprint.get("/provincial-layouts/blank")
@allows(Act.SEE_PROVINCIAL_FORM)
def download_blank() -> ResponseReturnValue:
    """Take the form that comes with the program, to begin a layout from."""
    return download(provincial_delegations_layouts.blank_form(), "报名表.docx", WORD)
