"""The page of an edition's chain of notices."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.notice_level_forms import NoticeLevelsForm, level_values, usual_levels
from blueprints.contests.overview import contest_crumbs
from blueprints.contests.views import blueprint
from blueprints.rows import changed
from blueprints.web import attempt
from models.contests import Contest
from rules.acts import Act
from services import contests, contests_notices


@blueprint.route("/contests/<int:contest_id>/notice-levels", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_notice_levels(contest_id: int) -> ResponseReturnValue:
    """Change through which notices the lists of an edition go."""
    contest = contests.get_contest(contest_id)
    change = request.form.get("change")
    form = _form(contest, change)
    if change is None and form.validate_on_submit():
        version, reason = form.base_version, form.reason.data or ""
        edit = contests_notices.edit_notice_levels
        if attempt(form, edit, contest_id, version, form.levels(), reason):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
        contest = contests.get_contest(contest_id)
    page = render_template(
        "contests/edit_notice_levels.html",
        form=form,
        contest=contest,
        crumbs=contest_crumbs(contest),
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _form(contest: Contest, change: str | None) -> NoticeLevelsForm:
    if change == "usual":
        typed = {"version": request.form.get("version"), "notice_levels": usual_levels()}
        return NoticeLevelsForm(formdata=None, data=typed)
    if change is not None:
        return NoticeLevelsForm(formdata=changed(request.form, change))
    if request.method == "POST":
        return NoticeLevelsForm()  # only what was typed: rows that are gone must not come back
    return NoticeLevelsForm(data=level_values(contest))
