"""Forms in the superior's layout, and the notice of names: for everybody, and to print."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.nominations.forms import WordForm
from blueprints.nominations.views import blueprint, call_page
from blueprints.web import attempt, attempt_button, download, files_dir, today
from rules.acts import Act
from rules.nomination_forms import FORM_FIELDS
from services import nominations, nominations_forms, nominations_notices, nominations_papers
from services.nominations_blanks import blank_form
from services.nominations_sending import DOCX


@blueprint.post("/nominations/calls/<int:nomination_call_id>/forms")
@allows(Act.MANAGE_NOMINATIONS)
def upload_form(nomination_call_id: int) -> ResponseReturnValue:
    """Upload a form in the superior's layout."""
    key = nomination_call_id
    form = WordForm(nominations.rules_of(nominations.get_call(key)))
    if form.validate():
        list_key, _, name = str(form.place.data).partition("/")
        data, act = form.file.data.read(), nominations_forms.upload_form
        if attempt(form, act, key, list_key, name, data, files_dir()):
            flash(gettext("Uploaded. Somebody else approves it."), "success")
            return redirect(url_for(".show_call", nomination_call_id=key, _anchor="forms"), 303)
    return call_page(key, {"word": form}), 422


@blueprint.get("/nominations/forms/fields")
@allows(Act.SEE_NOMINATIONS)
def show_fields() -> ResponseReturnValue:
    """Show the fields that a form may use."""
    return render_template("nominations/show_fields.html", fields=FORM_FIELDS)


@blueprint.get("/nominations/forms/blank")
@allows(Act.SEE_NOMINATIONS)
def download_blank() -> ResponseReturnValue:
    """Download a form to begin from."""
    return download(blank_form(), "推荐表.docx", DOCX)


@blueprint.get("/nominations/forms/<int:nomination_form_id>")
@allows(Act.SEE_NOMINATIONS)
def download_form(nomination_form_id: int) -> ResponseReturnValue:
    """Download a form as it was uploaded."""
    row = nominations_forms.get_form(nomination_form_id)
    name = f"{row.list_key}-{row.form}-{row.number}.docx"
    return download(nominations_forms.bytes_of(row, files_dir()), name, DOCX)


@blueprint.get("/nominations/forms/<int:nomination_form_id>/sample")
@allows(Act.SEE_NOMINATIONS)
def download_sample(nomination_form_id: int) -> ResponseReturnValue:
    """Download a form filled with sample values."""
    row = nominations_forms.get_form(nomination_form_id)
    return download(nominations_forms.sample_of(row, files_dir()), "样张.docx", DOCX)


@blueprint.post("/nominations/forms/<int:nomination_form_id>/approve")
@allows(Act.APPROVE_NOMINATIONS)
def approve_form(nomination_form_id: int) -> ResponseReturnValue:
    """Approve a form, as a second person."""
    key = nominations_forms.get_form(nomination_form_id).call_id
    if attempt_button(nominations_forms.approve_form, nomination_form_id):
        flash(gettext("Approved."), "success")
    return redirect(url_for(".show_call", nomination_call_id=key, _anchor="forms"), 303)


@blueprint.post("/nominations/forms/<int:nomination_form_id>/retire")
@allows(Act.MANAGE_NOMINATIONS)
def retire_form(nomination_form_id: int) -> ResponseReturnValue:
    """Take a form out of use."""
    key = nominations_forms.get_form(nomination_form_id).call_id
    attempt_button(nominations_forms.retire_form, nomination_form_id)
    return redirect(url_for(".show_call", nomination_call_id=key, _anchor="forms"), 303)


@blueprint.get("/nominations/notices")
@allows(Act.READ_PUBLIC)
def list_notices() -> ResponseReturnValue:
    """Show everybody the names that will be sent upward."""
    rows = nominations_notices.standing_notices(today())
    return render_template("nominations/list_notices.html", rows=rows)


@blueprint.get("/nominations/notices/<int:nomination_notice_id>/paper")
@allows(Act.SEE_NOMINATIONS)
def print_notice(nomination_notice_id: int) -> ResponseReturnValue:
    """Download a notice as a paper to print and stamp."""
    found = nominations_notices.public_notice(nomination_notice_id)
    data = nominations_papers.notice_pdf(found)
    return download(data, f"{found.call.title}-推荐公示.pdf", "application/pdf")
