"""Pages of designs: the list, one design with its versions, approval, pictures and samples."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.designs.forms import NewDesignForm, NoteForm, kind_options
from blueprints.forms import options
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, download, files_dir, translated
from rules.acts import Act
from rules.certificate_designs import Design
from rules.design_changes import Change
from rules.design_samples import Sample
from services import designs, designs_choices, designs_previews
from services.designs import Source
from services.designs_previews import SMALL

blueprint = Blueprint("designs", __name__)
_COPY = "copy-"


@blueprint.route("/certificate-designs", methods=["GET", "POST"])
@allows(Act.DESIGN_CERTIFICATES)
def list_designs() -> ResponseReturnValue:
    """List the designs; begin one as a copy."""
    found = designs.list_templates()
    form = NewDesignForm()
    form.kind.choices = kind_options()
    form.source.choices = options(
        [
            *((one.value, label(one)) for one in Design),
            *((f"{_COPY}{one.id}", one.title) for one in found),
        ]
    )
    if form.validate_on_submit():
        source = _source(form.source.data or "")
        done = attempt(form, designs.create_design, form.title.data or "", form.kind.data, source)
        if done:
            return redirect(url_for(".design", certificate_template_id=done.id), 303)
    page = render_template(
        "designs/list_designs.html",
        templates=found,
        numbers=designs_choices.last_numbers([one.id for one in found]),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _source(text: str) -> Source:
    if text.startswith(_COPY):
        return Source(template_id=int(text.removeprefix(_COPY)))
    return Source(design=Design(text))


@blueprint.get("/certificate-designs/<int:certificate_template_id>")
@allows(Act.DESIGN_CERTIFICATES)
def show_design(certificate_template_id: int) -> ResponseReturnValue:
    """Show a design: its state, what is wrong with it, its versions and what each changed."""
    return _page(certificate_template_id, NoteForm(formdata=None))


def _page(template_id: int, form: NoteForm) -> str:
    found = designs.get_template(template_id)
    draft = designs.draft_of(found)
    troubles = {
        sample: [translated(one.problem) for one in troubles]
        for sample in Sample
        if (troubles := designs_previews.troubles_of(draft, sample, files_dir()))
    }
    return render_template(
        "designs/show_design.html",
        template=found,
        draft=draft,
        troubles=_by_problem(troubles),
        past=[(one, [said(change) for change in one.changed]) for one in _history(template_id)],
        samples=list(Sample),
        form=form,
    )


def _history(template_id: int) -> list[designs.Past]:
    return designs.history(template_id)


def _by_problem(troubles: dict[Sample, list[str]]) -> dict[str, list[Sample]]:
    """Turn problems around: for each, on which samples it shows."""
    found: dict[str, list[Sample]] = {}
    for sample, problems in troubles.items():
        for problem in problems:
            found.setdefault(problem, []).append(sample)
    return found


def said(change: Change) -> str:
    """Say a change in the reader's language, the words among its values too."""
    values = {
        key: gettext(value) if isinstance(value, str) and value.isascii() and value else value
        for key, value in change.values.items()
    }
    return str(gettext(change.text, **values))


@blueprint.get("/certificate-designs/<int:certificate_template_id>/picture/<sample>")
@allows(Act.DESIGN_CERTIFICATES)
def picture(certificate_template_id: int, sample: str) -> ResponseReturnValue:
    """Send the draft as a picture, with the values of a sample person."""
    draft = designs.draft_of(designs.get_template(certificate_template_id))
    return _png(designs_previews.preview(draft, sample_of(sample), files_dir()).picture)


@blueprint.get("/certificate-designs/<int:certificate_template_id>/sample/<sample>")
@allows(Act.DESIGN_CERTIFICATES)
def sample_sheet(certificate_template_id: int, sample: str) -> ResponseReturnValue:
    """Send the draft as PDF, with the values of a sample person."""
    draft = designs.draft_of(designs.get_template(certificate_template_id))
    made = designs_previews.sample_pdf(draft, sample_of(sample), files_dir())
    return download(made, f"{draft.title}-{gettext('Sample')}.pdf", "application/pdf")


@blueprint.get("/certificate-design-versions/<int:template_version_id>/picture")
@allows(Act.DESIGN_CERTIFICATES)
def version_picture(template_version_id: int) -> ResponseReturnValue:
    """Send an approved version as a picture."""
    layout = designs.layout_of(designs.get_version(template_version_id))
    made = designs_previews.preview(layout, Sample.SHORT, files_dir(), 2 * SMALL)
    return _png(made.picture)


def sample_of(text: str) -> Sample:
    """Read a sample from an address; the short name for any other text."""
    return Sample(text) if text in {one.value for one in Sample} else Sample.SHORT


def _png(data: bytes) -> Response:
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/certificate-designs/<int:certificate_template_id>/submit")
@allows(Act.DESIGN_CERTIFICATES)
def submit(certificate_template_id: int) -> ResponseReturnValue:
    """Hand a design in for approval."""
    form = NoteForm()
    note = form.note.data or ""
    if form.validate() and attempt(
        form, designs.submit_design, certificate_template_id, note, files_dir()
    ):
        flash(gettext("Handed in. Somebody else approves it now."), "success")
        return _back(certificate_template_id)
    return _page(certificate_template_id, form), 422


@blueprint.post("/certificate-designs/<int:certificate_template_id>/return")
@allows(Act.DESIGN_CERTIFICATES)
def return_design(certificate_template_id: int) -> ResponseReturnValue:
    """Take a design that waits back into work."""
    form = NoteForm()
    note = form.note.data or ""
    if form.validate() and attempt(form, designs.return_design, certificate_template_id, note):
        flash(gettext("The design can be changed again."), "success")
        return _back(certificate_template_id)
    return _page(certificate_template_id, form), 422


@blueprint.post("/certificate-designs/<int:certificate_template_id>/approve")
@allows(Act.APPROVE_DESIGN)
def approve(certificate_template_id: int) -> ResponseReturnValue:
    """Approve a design as a second person."""
    if attempt_button(designs.approve, certificate_template_id, files_dir()):
        flash(gettext("Approved. Contests that take this design use it from now on."), "success")
    return _back(certificate_template_id)


@blueprint.post("/certificate-designs/<int:certificate_template_id>/retire")
@allows(Act.APPROVE_DESIGN)
def retire(certificate_template_id: int) -> ResponseReturnValue:
    """Take a design out of use."""
    if attempt_button(designs.retire_design, certificate_template_id):
        flash(gettext("The design is out of use."), "success")
    return _back(certificate_template_id)


def _back(template_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_design", certificate_template_id=template_id), 303)


__all__ = ["blueprint", "said", "sample_of"]
