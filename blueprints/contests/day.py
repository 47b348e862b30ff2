"""The page of the rules of the contest day."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.day_forms import DayForm, day_values
from blueprints.contests.overview import contest_crumbs
from blueprints.contests.views import blueprint
from blueprints.web import attempt
from rules.acts import Act
from services import contests, contests_day


@blueprint.route("/contests/<int:contest_id>/day", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_day(contest_id: int) -> ResponseReturnValue:
    """Change the rules of the contest day of an edition."""
    contest = contests.get_contest(contest_id)
    form = DayForm(data=day_values(contest))
    if form.validate_on_submit():
        version, reason = form.base_version, form.reason.data or ""
        if attempt(form, contests_day.edit_day, contest_id, version, form.day(), reason):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
        contest = contests.get_contest(contest_id)
    page = render_template(
        "contests/edit_day.html", form=form, contest=contest, crumbs=contest_crumbs(contest)
    )
    return page, 422 if form.is_submitted() else 200
