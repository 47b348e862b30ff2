"""The page of an edition's budget lines, bodies and employers' prizes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.budget_forms import BudgetForm, budget_values
from blueprints.contests.overview import contest_crumbs
from blueprints.contests.views import blueprint
from blueprints.rows import changed
from blueprints.web import attempt
from models.contests import Contest
from rules.acts import Act
from services import contests, contests_budget


@blueprint.route("/contests/<int:contest_id>/budget", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_budget(contest_id: int) -> ResponseReturnValue:
    """Change budget lines, the bodies that a contest was filed with, and employers' prizes."""
    contest = contests.get_contest(contest_id)
    change = request.form.get("change")
    form = _form(contest, change)
    if change is None and form.validate_on_submit():
        version, reason = form.base_version, form.reason.data or ""
        edit = contests_budget.edit_budget
        if attempt(form, edit, contest_id, version, form.budget(), reason):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
        contest = contests.get_contest(contest_id)
    page = render_template(
        "contests/edit_budget.html", form=form, contest=contest, crumbs=contest_crumbs(contest)
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _form(contest: Contest, change: str | None) -> BudgetForm:
    if change is not None:
        return BudgetForm(formdata=changed(request.form, change))
    if request.method == "POST":
        return BudgetForm()  # only what was typed: rows that are gone must not come back
    return BudgetForm(data=budget_values(contest))
