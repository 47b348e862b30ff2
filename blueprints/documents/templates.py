"""Pages of Word templates: what each kind may name, its versions, upload, approval."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder
from blueprints.documents.forms import TemplateForm
from blueprints.documents.views import WORD, blueprint, kind_of
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, download, files_dir
from models.documents import DocumentTemplate
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.documents import FIELDS, DocumentKind
from rules.editions import ContestKind
from services import contests, documents_templates


@blueprint.get("/document-templates")
@allows(Act.EDIT_TEMPLATES)
def list_templates() -> ResponseReturnValue:
    """List the kinds with the template that is in use for every contest."""
    return render_template(
        "documents/list_templates.html",
        kinds=list(DocumentKind),
        present=documents_templates.list_present(),
        waiting=documents_templates.waiting_counts(),
    )


@blueprint.route("/document-templates/<kind>", methods=["GET", "POST"])
@allows(Act.EDIT_TEMPLATES)
def show_kind(kind: str) -> ResponseReturnValue:
    """Show the fields of a kind and its versions; take in an edited file."""
    chosen, form = kind_of(kind), TemplateForm()
    form.contest.choices = _reached()
    if form.validate_on_submit():
        contest_id, data = form.contest.data or None, form.file.data.read()
        note = form.note.data or ""
        done = attempt(
            form, documents_templates.upload, chosen, contest_id, data, note, files_dir()
        )
        if done:
            flash(gettext("The template is checked and waits for a second person."), "success")
            return redirect(url_for(".show_kind", kind=kind), 303)
    page = render_template(
        "documents/show_kind.html",
        kind=chosen,
        fields=FIELDS[chosen],
        versions=documents_templates.list_templates(chosen),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _reached() -> list[tuple[int, str]]:
    """List for what the reader may upload a template: every contest, or one of them."""
    places = [(0, gettext("Every contest"))]
    places += [
        (one.id, one.title)
        for one in contests.list_contests(size=100, kinds=tuple(ContestKind)).items
    ]
    holder = current_holder()
    return [
        (key, title)
        for key, title in places
        if access.allowed(Act.EDIT_TEMPLATES, holder, Place(contest_id=key or None))
    ]


@blueprint.get("/document-templates/<kind>/default")
@allows(Act.EDIT_TEMPLATES)
def download_default(kind: str) -> ResponseReturnValue:
    """Send the template that comes with the program."""
    chosen = kind_of(kind)
    data = documents_templates.bytes_of(None, chosen, files_dir())
    return download(data, f"{label(chosen)}.docx", WORD)


@blueprint.get("/document-templates/<kind>/default/preview")
@allows(Act.EDIT_TEMPLATES)
def preview_default(kind: str) -> ResponseReturnValue:
    """Send what the program's own template makes of sample values."""
    chosen = kind_of(kind)
    return _sample(None, chosen)


@blueprint.get("/document-templates/<int:document_template_id>/file")
@allows(Act.EDIT_TEMPLATES)
def download_template(document_template_id: int) -> ResponseReturnValue:
    """Send a version as it was uploaded."""
    found = documents_templates.get_template(document_template_id)
    data = documents_templates.bytes_of(found, found.kind, files_dir())
    return download(data, f"{label(found.kind)}-{found.number}.docx", WORD)


@blueprint.get("/document-templates/<int:document_template_id>/preview")
@allows(Act.EDIT_TEMPLATES)
def preview_template(document_template_id: int) -> ResponseReturnValue:
    """Send what a version makes of sample values."""
    found = documents_templates.get_template(document_template_id)
    return _sample(found, found.kind)


def _sample(template: DocumentTemplate | None, kind: DocumentKind) -> ResponseReturnValue:
    data = documents_templates.preview(template, kind, files_dir())
    return download(data, f"{label(kind)}-{gettext('Sample')}.docx", WORD)


@blueprint.post("/document-templates/<int:document_template_id>/approve")
@allows(Act.APPROVE_TEMPLATE)
def approve(document_template_id: int) -> ResponseReturnValue:
    """Approve a version as a second person."""
    found = documents_templates.get_template(document_template_id)
    kind = found.kind.value
    if attempt_button(documents_templates.approve, document_template_id):
        flash(gettext("Approved. Documents are made by this template from now on."), "success")
    return redirect(url_for(".show_kind", kind=kind), 303)


@blueprint.post("/document-templates/<int:document_template_id>/retire")
@allows(Act.APPROVE_TEMPLATE)
def retire(document_template_id: int) -> ResponseReturnValue:
    """Take a version out of use."""
    found = documents_templates.get_template(document_template_id)
    kind = found.kind.value
    if attempt_button(documents_templates.retire, document_template_id):
        flash(gettext("The template is out of use."), "success")
    return redirect(url_for(".show_kind", kind=kind), 303)
