"""Pages of classes with several mentors."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.class_forms import ClassForm
from blueprints.mentorships.views import blueprint, employer_only
from blueprints.web import attempt, attempt_button, page_number
from rules.acts import Act
from services import mentorships_classes, mentorships_lists, people_employers
from services.mentorships_lists import Wanted


@blueprint.get("/mentorships/classes")
@allows(Act.SEE_MENTORSHIPS)
def list_classes() -> ResponseReturnValue:
    """List the classes within reach."""
    classes = mentorships_classes.list_classes(employer_only())
    return render_template("mentorships/list_classes.html", classes=classes)


@blueprint.route("/mentorships/classes/new", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def open_class() -> ResponseReturnValue:
    """Open a class; its first mentor leads."""
    form, own = ClassForm(), employer_only()
    employers = [one for one in people_employers.employer_choices() if own in (None, one[0])]
    form.offer(employers)
    if own is not None:
        del form.employer
    if form.validate_on_submit():
        employer_id = int(form.employer.data) if own is None else own
        done = attempt(form, mentorships_classes.open_class, employer_id, form.draft())
        if done:
            flash(gettext("Opened. Draft an agreement for each apprentice."), "success")
            return redirect(url_for(".show_class", mentorship_class_id=done.id), 303)
    form.spare()
    page = render_template("mentorships/open_class.html", form=form, own=own)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/mentorships/classes/<int:mentorship_class_id>")
@allows(Act.SEE_MENTORSHIPS)
def show_class(mentorship_class_id: int) -> ResponseReturnValue:
    """Show a class: its mentors and its pairs."""
    row: Any = mentorships_classes.get_class(mentorship_class_id)
    wanted = Wanted(class_id=mentorship_class_id)
    return render_template(
        "mentorships/show_class.html",
        row=row,
        page=mentorships_lists.list_pairs(wanted, page_number()),
        totals=mentorships_lists.totals(wanted),
    )


@blueprint.post("/mentorships/classes/<int:mentorship_class_id>/close")
@allows(Act.EDIT_MENTORSHIP)
def close_class(mentorship_class_id: int) -> ResponseReturnValue:
    """Close a class."""
    if attempt_button(mentorships_classes.close_class, mentorship_class_id):
        flash(gettext("The class is closed."), "success")
    return redirect(url_for(".show_class", mentorship_class_id=mentorship_class_id), 303)
