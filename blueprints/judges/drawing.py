"""Panels by lot, with their protocol."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.judges.forms import PanelDrawForm
from blueprints.judges.views import blueprint
from blueprints.web import attempt
from rules.acts import Act
from services import contests, panels_drawing


@blueprint.route("/events/<int:event_id>/panel/draw", methods=["GET", "POST"])
@allows(Act.SEAT_JUDGES)
def draw_panel(event_id: int) -> ResponseReturnValue:
    """Draw the free seats; below, the protocols of the draws so far."""
    form = PanelDrawForm()
    if form.validate_on_submit() and attempt(
        form,
        panels_drawing.draw_panel,
        event_id,
        form.seed.data or "",
        form.reserves.data or 0,
        bool(form.pool_only.data),
    ):
        flash(gettext("The panels are drawn. The people are asked on their desks."), "success")
        return redirect(url_for(".draw_panel", event_id=event_id), 303)
    event = contests.get_event(event_id)
    page = render_template(
        "judges/draw_panel.html",
        form=form,
        event=event,
        protocols=panels_drawing.list_draws(event),
        open=panels_drawing.is_open(event),
        crumbs=[
            (gettext("Contests"), url_for("contests.list_contests")),
            (event.contest.title, url_for("contests.show_contest", contest_id=event.contest_id)),
            (event.title, url_for("contests.show_event", event_id=event_id)),
            (gettext("Panel of judges"), url_for("judging.show_panel", event_id=event_id)),
        ],
    )
    return page, 422 if form.is_submitted() else 200
