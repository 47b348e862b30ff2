"""The page on which a round is decided, with how far its list has come."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_holders.forms import DecisionForm
from blueprints.selection_holders.views import blueprint
from blueprints.web import attempt, today
from rules.acts import Act
from services import selections, selections_decisions


@blueprint.route("/selection-rounds/<int:selection_round_id>/decision", methods=["GET", "POST"])
@allows(Act.DECIDE_SELECTION)
def decide_round(selection_round_id: int) -> ResponseReturnValue:
    """Show how far the list of a round has come, and record the decision."""
    row = selections.get_round(selection_round_id)
    form = DecisionForm(version=row.version, decided_on=today())
    if form.validate_on_submit() and form.decided_on.data is not None:
        done = attempt(
            form,
            selections_decisions.decide,
            selection_round_id,
            form.base_version or 0,
            document=form.document.data or "",
            decided_on=form.decided_on.data,
        )
        if done:
            flash(gettext("Decided. Titles, money and certificates follow."), "success")
            return redirect(url_for(".decide_round", selection_round_id=selection_round_id), 303)
    page = render_template(
        "selection_holders/decide_round.html",
        row=row,
        form=form,
        stages=selections_decisions.stages_of(row),
    )
    return page, 422 if form.is_submitted() else 200
