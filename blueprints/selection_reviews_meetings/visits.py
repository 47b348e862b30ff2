"""Visits to candidates, written on a phone where they happen."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.selection_reviews_meetings.forms import CONFIRMED, PhotoForm, VisitForm
from blueprints.selection_reviews_meetings.views import blueprint, crumbs_of
from blueprints.web import attempt, attempt_button, files_dir, today
from rules.access import may
from rules.acts import Act
from rules.refusals import Missing
from services import selection_files, selections
from services import selection_reviews_ballots as ballots
from services import selection_reviews_visits as visits
from services.attachments import Upload
from services.selection_reviews_visits import VisitFacts


@blueprint.get("/selection-reviews/<int:panel_round_id>/visits")
@allows(Act.RECORD_VISIT)
def list_visits(panel_round_id: int) -> ResponseReturnValue:
    """List the candidates with the visits to them."""
    row = selections.get_round(panel_round_id)
    names = ballots.candidates_of(row.id)
    found = visits.visits_of(names)
    return render_template(
        "selection_reviews_meetings/list_visits.html",
        row=row,
        names=names,
        visits=found,
        missing=visits.missing_visits(names),
        is_needed=selections.rules_of(row).review.site_visit,
        crumbs=crumbs_of(row),
    )


@blueprint.route("/selection-reviews/candidates/<int:candidate_id>/visit", methods=["GET", "POST"])
@allows(Act.RECORD_VISIT)
def record_visit(candidate_id: int) -> ResponseReturnValue:
    """Write down a visit."""
    form = VisitForm()
    if not form.is_submitted():
        form.held_on.data = today()
    elif form.validate():
        done = attempt(form, visits.record_visit, candidate_id, _facts(form))
        if done:
            flash(gettext("The visit is recorded. Add photos now."), "success")
            return redirect(url_for(".show_visit", selection_visit_id=done.id), 303)
    return _form_page(form, candidate_id, None), 422 if form.is_submitted() else 200


def _facts(form: VisitForm) -> VisitFacts:
    assert form.held_on.data is not None  # the form is valid
    confirmed = CONFIRMED[form.confirmed.data or ""]
    return VisitFacts(form.held_on.data, form.people.data or "", form.notes.data or "", confirmed)


def _form_page(form: VisitForm, candidate_id: int, visit_id: int | None) -> str:
    row = selections.get_round(visits.round_of(candidate_id))
    return render_template(
        "selection_reviews_meetings/write_visit.html",
        form=form,
        row=row,
        name=ballots.names_of([candidate_id])[candidate_id],
        visit_id=visit_id,
        crumbs=[
            *crumbs_of(row),
            (gettext("Visits"), url_for(".list_visits", panel_round_id=row.id)),
        ],
    )


@blueprint.get("/selection-reviews/visits/<int:selection_visit_id>")
@allows(Act.RECORD_VISIT)
def show_visit(selection_visit_id: int) -> ResponseReturnValue:
    """Show a visit with its photos."""
    return _page(selection_visit_id)


def _page(key: int, photo: PhotoForm | None = None) -> str:
    visit = visits.get_visit(key)
    row = selections.get_round(visits.round_of(visit.application_id))
    return render_template(
        "selection_reviews_meetings/show_visit.html",
        visit=visit,
        row=row,
        name=ballots.names_of([visit.application_id])[visit.application_id],
        files=selection_files.list_files("visit", key),
        form=photo or PhotoForm(formdata=None),
        crumbs=[
            *crumbs_of(row),
            (gettext("Visits"), url_for(".list_visits", panel_round_id=row.id)),
        ],
    )


@blueprint.route("/selection-reviews/visits/<int:selection_visit_id>/edit", methods=["GET", "POST"])
@allows(Act.RECORD_VISIT)
def edit_visit(selection_visit_id: int) -> ResponseReturnValue:
    """Change what a visit found."""
    visit, form = visits.get_visit(selection_visit_id), VisitForm()
    if not form.is_submitted():
        form.held_on.data, form.people.data = visit.held_on, visit.people
        form.notes.data, form.version.data = visit.notes, str(visit.version)
        form.confirmed.data = {True: "yes", False: "no", None: ""}[visit.confirmed]
    elif form.validate() and attempt(
        form, visits.edit_visit, visit.id, _facts(form), form.base_version
    ):
        return redirect(url_for(".show_visit", selection_visit_id=selection_visit_id), 303)
    page = _form_page(form, visit.application_id, selection_visit_id)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/selection-reviews/visits/<int:selection_visit_id>/files")
@allows(Act.RECORD_VISIT)
def add_photo(selection_visit_id: int) -> ResponseReturnValue:
    """Add a photo or paper to a visit."""
    form = PhotoForm()
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        done = attempt(
            form, selection_files.attach, "visit", selection_visit_id, upload, files_dir()
        )
        if done:
            return redirect(url_for(".show_visit", selection_visit_id=selection_visit_id), 303)
    return _page(selection_visit_id, form), 422


@blueprint.post("/selection-reviews/files/<int:panel_file_id>/remove")
@allows(Act.RECORD_VISIT)
def remove_file(panel_file_id: int) -> ResponseReturnValue:
    """Remove a file of a visit or of minutes that nobody has confirmed."""
    row = selection_files.get_file(panel_file_id)
    holder, key = row.holder, row.holder_id
    if holder == "minutes" and not _holds_meetings():
        abort(404)
    try:
        if attempt_button(selection_files.remove, panel_file_id, files_dir()):
            flash(gettext("The file is removed."), "success")
    except Missing:
        abort(404)
    if holder == "visit":
        return redirect(url_for(".show_visit", selection_visit_id=key), 303)
    return redirect(url_for(".show_meeting", selection_meeting_id=key), 303)


def _holds_meetings() -> bool:
    return may(Act.HOLD_MEETING, require_holder())
