"""Pages on which agreements are drafted, submitted, taken back and dropped."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.forms import AgreementForm, ReasonForm
from blueprints.mentorships.views import blueprint, employer_only, pair_page, told_apart
from blueprints.web import attempt
from rules.acts import Act
from rules.mentorships import MentorshipState
from services import (
    mentorships,
    mentorships_frames,
    mentorships_parts,
    mentorships_people,
    people_employers,
)


def _offered(form: AgreementForm, is_known: bool = False) -> AgreementForm:
    own = employer_only()
    employers = [one for one in people_employers.employer_choices() if own in (None, one[0])]
    form.offer(employers, mentorships_frames.workshops(), mentorships_frames.classes(own))
    if own is not None or is_known:
        del form.employer
    return form


def back(mentorship_id: int) -> ResponseReturnValue:
    """Go to the page of a pair."""
    return redirect(url_for(".show_pair", mentorship_id=mentorship_id), 303)


@blueprint.route("/mentorships/new", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def create() -> ResponseReturnValue:
    """Draft an agreement."""
    form = _offered(AgreementForm())
    own = employer_only()
    if form.validate_on_submit():
        employer_id = int(form.employer.data) if own is None else own
        mentor, apprentice = form.people()
        act = mentorships_people.create_typed
        done = attempt(form, act, employer_id, mentor, apprentice, form.draft())
        if done:
            flash(gettext("Drafted. Read it once more, then give it out to be signed."), "success")
            return back(done.id)
    form.spare()
    page = render_template("mentorships/edit_pair.html", form=form, row=None, own=own)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/mentorships/<int:mentorship_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def edit(mentorship_id: int) -> ResponseReturnValue:
    """Change an agreement before it runs; signatures fall."""
    row = mentorships_parts.get_pair(mentorship_id)
    if row.state not in (MentorshipState.DRAFT, MentorshipState.SIGNING):
        abort(404)
    form = _offered(AgreementForm(obj=_shown(row)), is_known=True)
    if form.validate_on_submit():
        draft = form.draft(row.mentor_id, row.apprentice_id)
        if attempt(form, mentorships.edit, mentorship_id, draft, form.base_version):
            flash(gettext("The agreement is changed."), "success")
            return back(mentorship_id)
    elif not form.is_submitted():
        form.show(row)
    form.spare()
    page = render_template("mentorships/edit_pair.html", form=form, row=row, own=row.employer_id)
    return page, 422 if form.is_submitted() else 200


def _shown(row: Any) -> Any:
    """Return what the fields of a form show: the text with its plan as objects."""
    return mentorships_parts.text_of(row)


@blueprint.post("/mentorships/<int:mentorship_id>/submit")
@allows(Act.EDIT_MENTORSHIP)
def submit(mentorship_id: int) -> ResponseReturnValue:
    """Give an agreement to its parties; everything that forbids it is shown at once."""
    form = ReasonForm()
    del form.reason
    if form.validate() and attempt(form, mentorships.submit, mentorship_id):
        flash(gettext("The agreement waits for its three signatures."), "success")
        return back(mentorship_id)
    return pair_page(mentorship_id, {"submit": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/take-back")
@allows(Act.EDIT_MENTORSHIP)
def take_back(mentorship_id: int) -> ResponseReturnValue:
    """Take an agreement back from its parties."""
    form = ReasonForm()
    del form.reason
    if form.validate() and attempt(form, mentorships.take_back, mentorship_id):
        return back(mentorship_id)
    return pair_page(mentorship_id, {"take_back": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/cancel")
@allows(Act.EDIT_MENTORSHIP)
def cancel(mentorship_id: int) -> ResponseReturnValue:
    """Drop an agreement that does not run yet."""
    form = ReasonForm()
    told_apart(form, "cancel")
    reason = form.reason.data or ""
    if form.validate() and attempt(form, mentorships.cancel, mentorship_id, reason=reason):
        flash(gettext("The agreement is dropped."), "success")
        return back(mentorship_id)
    return pair_page(mentorship_id, {"cancel": form}), 422
