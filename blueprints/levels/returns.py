"""Pages of the files that assessment bodies send back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.levels.forms import ReasonForm, ReturnForm
from blueprints.levels.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from services import contests, levels, levels_returns


@blueprint.route("/level-lists/<int:level_list_id>/returns", methods=["GET", "POST"])
@allows(Act.EXPORT_LEVELS)
def list_returns(level_list_id: int) -> ResponseReturnValue:
    """Take in a file with certificate numbers; show those that came before."""
    found = levels.get_list(level_list_id)
    form = ReturnForm()
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), file.filename or ""
        done = attempt(form, levels_returns.receive, level_list_id, data, name)
        if done:
            return redirect(url_for(".show_return", level_return_id=done.id), 303)
    page = render_template(
        "levels/list_returns.html",
        list=found,
        contest=contests.get_outline(found.contest_id),
        returns=levels_returns.list_returns(level_list_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/level-returns/<int:level_return_id>")
@allows(Act.EXPORT_LEVELS)
def show_return(level_return_id: int) -> ResponseReturnValue:
    """Show how the rows of a file fit the list; nothing counts before it is confirmed."""
    return _page(level_return_id, None)


def _page(return_id: int, form: ReasonForm | None) -> str:
    stored = levels_returns.get_return(return_id)
    found = levels_returns.report(stored)
    return render_template(
        "levels/show_return.html",
        stored=stored,
        contest=contests.get_outline(stored.list.contest_id),
        rows=sorted(found, key=lambda one: one.is_good),
        good=sum(one.is_good for one in found),
        form=form,
    )


@blueprint.post("/level-returns/<int:level_return_id>/confirm")
@allows(Act.EXPORT_LEVELS)
def confirm_return(level_return_id: int) -> ResponseReturnValue:
    """Take over the numbers of all rows that match."""
    if attempt_button(levels_returns.confirm, level_return_id):
        flash(gettext("The certificate numbers are taken over."), "success")
    return redirect(url_for(".show_return", level_return_id=level_return_id), 303)


@blueprint.post("/level-returns/<int:level_return_id>/discard")
@allows(Act.EXPORT_LEVELS)
def discard_return(level_return_id: int) -> ResponseReturnValue:
    """Put a file away without taking anything over."""
    done = attempt_button(levels_returns.discard, level_return_id)
    if done is None:
        return redirect(url_for(".show_return", level_return_id=level_return_id), 303)
    return redirect(url_for(".list_returns", level_list_id=done.id), 303)


@blueprint.post("/level-returns/<int:level_return_id>/undo")
@allows(Act.EXPORT_LEVELS)
def undo_return(level_return_id: int) -> ResponseReturnValue:
    """Take back what a confirmed file brought."""
    form = ReasonForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, levels_returns.undo, level_return_id, reason=reason):
        flash(gettext("The numbers of this file are taken back."), "success")
        return redirect(url_for(".show_return", level_return_id=level_return_id), 303)
    return _page(level_return_id, form), 422
